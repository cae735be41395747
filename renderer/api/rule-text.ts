import { ruleSentence } from '../../core/plain-errors.ts'
import { sentenceText } from '../format/sentence-text.ts'

/** Returns the text of a broken rule in the language of the window. Texts that it does not have, such as names of records, stay as they are. */
export function ruleText(message: string): string {
  return sentenceText(ruleSentence(message))
}
