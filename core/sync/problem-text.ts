import { PROBLEM_MESSAGES } from '../messages/problems.ts'
import { catalogueOf, type Text, type Translatable } from '../messages/text.ts'
import { isProblem } from './problems.ts'

// A window shows these texts without an error of the application, so that it loads this part of the catalogue only.
const { clause, sentence, sentenceOf } = catalogueOf(PROBLEM_MESSAGES)

function titleOf(code: string): Text {
  return isProblem(code) ? clause(`problem.${code}`) : clause('problem.other', { code })
}

/** Returns what happened, without a full stop, for a place with little room. */
export function problemTitle(code: string): Translatable {
  return sentenceOf(titleOf(code))
}

/** Returns what happened, what was kept, and what to do, also for a code that this release does not have. */
export function problemSentence(code: string): Translatable {
  const kept = isProblem(code) ? clause(`problem.${code}.kept`) : clause('problem.other.kept')
  return sentence('problem.text', { title: titleOf(code), kept })
}

/** Returns the text that a person reads; null if there is no problem. */
export function problemText(code: string | null): string | null {
  return code === null ? null : problemSentence(code).message
}
