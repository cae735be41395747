import { digitsOf } from '../text/digit-value.ts'
import { withoutInvisible } from '../text/invisible-characters.ts'
import { phoneToE164 } from '../text/phone-number.ts'
import type { CallFields } from './call.ts'

/** A way to reach a prospect, as typed. */
export type Contact = { readonly phone?: string | null | undefined; readonly email?: string | null | undefined }

/** The texts by which the list recognises a contact; null: the contact has no such part, or it cannot be read. */
export type ContactTexts = { readonly phone: string | null; readonly email: string | null }

/**
 * Returns an e-mail address in the form in which addresses are compared; null: the text is no address. Letters outside ASCII are allowed, as in
 * the domains of many countries.
 */
function comparedEmail(typed: string): string | null {
  const text = withoutInvisible(typed.normalize('NFKC')).trim().toLowerCase()
  const address = text.replace(/^mailto:/, '')
  return /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+\.[^\s@,;:<>()".]+$/.test(address) ? address : null
}

/**
 * Returns the E.164 form of the number and the compared form of the address.
 * @param country the client's default country, ISO 3166-1 alpha-2, or null.
 */
export function contactTexts({ phone, email }: Contact, country: string | null): ContactTexts {
  return {
    phone: typeof phone === 'string' ? phoneToE164(phone, country) : null,
    email: typeof email === 'string' ? comparedEmail(email) : null,
  }
}

/** The fewest digits at the end of a number that reveal it. */
const TELLING_DIGITS = 6

/** Whether a reason contains the number or the address that the list must not contain in readable form. */
export function revealsContact(typed: string, { phone, email }: ContactTexts): boolean {
  const reason = withoutInvisible(typed.normalize('NFKC'))
  if (email !== null && reason.toLowerCase().includes(email)) return true
  return phone !== null && digitsOf(reason).includes(phone.slice(-TELLING_DIGITS))
}

/** Whether the call is one that an agent is going to make. */
export function isPlannedOutbound({ status, callType }: Pick<CallFields, 'status' | 'callType'>): boolean {
  return status === 'scheduled' && callType === 'outbound'
}

export type PlannedFields = Pick<CallFields, 'status' | 'callType' | 'prospectPhone' | 'prospectEmail' | 'scheduledAt'>

/** Whether an edit makes a call a scheduled outbound one, or changes the time or the contact of such a call. */
export function isNewlyPlanned(before: PlannedFields, after: PlannedFields): boolean {
  if (!isPlannedOutbound(after)) return false
  return (['status', 'callType', 'prospectPhone', 'prospectEmail', 'scheduledAt'] as const).some(
    (field) => before[field] !== after[field],
  )
}
