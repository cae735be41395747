import { i18n } from '@lingui/core'
import { sentenceIn, type Language, type Sentence } from '../../core/messages/text.ts'

const language: Language = {
  has: (id) => i18n.messages[id] !== undefined,
  of: (id, values) => i18n._(id, values),
}

/** Returns a message of the application in the language of the window. The window has no English texts of them: each contains its own. */
export function sentenceText(sentence: Sentence): string {
  return sentenceIn(sentence, language)
}

export function sentencesText(sentences: readonly Sentence[]): string {
  return sentences.map(sentenceText).join(' ')
}
