import { withoutInvisible } from '../text/invisible-characters.ts'

/** Spaces other than U+0020. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g
const ORDINARY = /^[\u0020-\u007e]*$/

/**
 * Returns `text` without invisible characters and with ordinary spaces, for values that cannot depend on them: dates, numbers, phone
 * numbers, words of a fixed set. Not for names and notes, in which a joiner can be part of a letter.
 */
export function visible(text: string): string {
  return ORDINARY.test(text) ? text : withoutInvisible(text).replaceAll(SPACES, ' ')
}
