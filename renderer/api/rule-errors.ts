import { z } from 'zod'
// oxlint-disable-next-line import/no-unassigned-import -- it sets English texts for all schemas when it is loaded, so it must be loaded before they are replaced
import '../../core/contract/base.ts'
import { plainSentence } from '../../core/plain-errors.ts'
import { sentenceText } from '../format/sentence-text.ts'

/** Returns the message of a broken rule that has no text of its own. */
export const ruleError: z.core.$ZodErrorMap = (issue) => sentenceText(plainSentence(issue))

/** Shows broken rules that have no text of their own in the language of the window. */
export function translateRules(): void {
  z.config({ customError: ruleError })
}
