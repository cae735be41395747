import type { Call } from './call.ts'

/**
 * Two calls are with the same prospect if they have the same phone number or the same e-mail address:
 * - phone: the E.164 form; of a number without one its digits, if it has at least five and nothing else but spaces and `+ - . / ( )`
 * - e-mail: compared without ASCII case
 *
 * A name identifies no prospect.
 */

/** The characters other than digits that a number without an E.164 form may have. */
export const PHONE_SEPARATORS = [' ', '+', '-', '.', '/', '(', ')'] as const
/** The fewest digits that identify a prospect. */
export const MIN_PHONE_DIGITS = 5

/** Returns the text by which a phone number identifies a prospect; null: it does not. */
export function phoneIdentity(phone: Call['prospectPhone'], e164: string | null): string | null {
  if (phone === null || e164 !== null) return e164
  const digits = PHONE_SEPARATORS.reduce((text, separator) => text.replaceAll(separator, ''), phone)
  return digits.length >= MIN_PHONE_DIGITS && /^[0-9]+$/.test(digits) ? digits : null
}

/** Returns the text by which an e-mail address identifies a prospect, as `lower` of SQLite does. */
export function emailIdentity(email: string): string {
  return email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/**
 * A phone number or an e-mail address connects calls only if at most this many others appear with it. The number of a switchboard and the
 * address of an office appear with those of many prospects.
 */
export const MOST_CONNECTED = 10
