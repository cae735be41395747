import type { Call, CallStatus } from '../model/call.ts'

/**
 * The next attempt after a no-show is the first later call with the same prospect that took place or was planned to: a completed, no-show or
 * rescheduled call whose event time is later than the no-show's and not in the future.
 *
 * Two calls are with the same prospect if they have the same phone number or the same e-mail address:
 * - phone: the E.164 form; of a number without one its digits, if it has at least five and nothing else but spaces and `+ - . / ( )`
 * - e-mail: compared without ASCII case
 *
 * The attempt of any person counts. For a person who sees only their own figures, only their own calls count.
 */
export const ATTEMPTS = ['completed', 'no_show', 'rescheduled'] as const satisfies readonly CallStatus[]

/** A no-show with a next attempt, one without, and one without a way to reach the prospect. */
export const NO_SHOW_KINDS = ['answered', 'unanswered', 'no_contact'] as const
export type NoShowKind = (typeof NO_SHOW_KINDS)[number]

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
