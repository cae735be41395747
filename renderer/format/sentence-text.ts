import { i18n } from '@lingui/core'
import { sentenceIn, type Sentence } from '../../core/messages/text.ts'

/** Returns a message of the application in the language of the window. The window has no English texts of them: each contains its own. */
export function sentenceText(sentence: Sentence): string {
  return sentenceIn(sentence, i18n)
}

export function sentencesText(sentences: readonly Sentence[]): string {
  return sentences.map(sentenceText).join(' ')
}
