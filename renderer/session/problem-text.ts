import * as problems from '../../core/sync/problem-text.ts'
import { sentenceText } from '../format/sentence-text.ts'

/** Returns what happened, without a full stop, for a place with little room. */
export function problemTitle(code: string): string {
  return sentenceText(problems.problemTitle(code))
}

/** Returns the text that a person reads; null if there is no problem. */
export function problemText(code: string | null): string | null {
  return code === null ? null : sentenceText(problems.problemSentence(code))
}
