import { sql, type SQL } from 'drizzle-orm'
import type { OpenFollowUp } from '../../../core/contract/prospects.ts'
import type { ClientId, UserId } from '../../../core/id.ts'
import type { Call } from '../../../core/model/call.ts'
import { emailIdentity, MOST_CONNECTED, phoneIdentity } from '../../../core/model/prospect-identity.ts'
import { phoneToE164 } from '../../../core/text/phone-number.ts'
import type { ReadableDb } from '../../open.ts'
import { manyRows, type RowOf } from '../../prepared.ts'
import { EMAIL, PHONE } from '../../same-prospect.ts'
import { calls } from '../../schema.ts'

/** Whose calls are read. */
export type ProspectReader = {
  readonly clientId: ClientId
  /** Only this person's calls; null: everyone's. */
  readonly readerId: UserId | null
}

/** The texts by which calls identify a prospect (`core/model/prospect-identity.ts`). */
export type ProspectKeys = { readonly phones: readonly string[]; readonly emails: readonly string[] }

/** Calls of one phone number or e-mail address that are read. */
const MOST_CALLS = 1_000

/** The columns of a call that are read of a prospect. The keys are derived after reading, because their expressions in SQL cost more. */
export const PROSPECT_COLUMNS = {
  rowid: calls.rowid,
  id: calls.id,
  userId: calls.userId,
  at: calls.eventAt,
  status: calls.status,
  outcome: calls.outcome,
  scheduledAt: calls.scheduledAt,
  name: calls.prospectName,
  phone: calls.prospectPhone,
  email: calls.prospectEmail,
  phoneE164: calls.phoneE164,
}
type ProspectRow = RowOf<typeof PROSPECT_COLUMNS>
/** `phoneKey`, `emailKey`: the texts by which the call identifies its prospect. */
export type ProspectCall = ProspectRow & { readonly phoneKey: string | null; readonly emailKey: string | null }

export function withKeys(row: ProspectRow): ProspectCall {
  const { phone, phoneE164, email } = row
  return Object.assign(row, {
    phoneKey: phoneIdentity(phone, phoneE164),
    emailKey: email === null ? null : emailIdentity(email),
  })
}

type Search = {
  readonly key: string
  readonly clientId: ClientId
  readonly readerId: UserId | null
  readonly most: number
}

const newestWith = ({ index, text, exists }: typeof PHONE) =>
  manyRows<typeof PROSPECT_COLUMNS, Search>(
    PROSPECT_COLUMNS,
    (of): SQL => sql`FROM calls INDEXED BY ${sql.identifier(index)}
      WHERE ${sql.raw(exists('calls.'))} AND ${sql.raw(text('calls.'))} = ${of.key} AND calls.client_id = ${of.clientId}
        AND (${of.readerId} IS NULL OR calls.user_id = ${of.readerId})
      ORDER BY calls.event_at DESC, calls.rowid DESC LIMIT ${of.most}`,
  )
const withPhone = newestWith(PHONE)
const withEmail = newestWith(EMAIL)

/** A prospect: all phone numbers and e-mail addresses, with the calls of them, latest first. */
export type FoundProspect = ProspectKeys & { readonly calls: readonly ProspectCall[] }

/**
 * Reads the calls of a prospect. The phone numbers and e-mail addresses that appear in the calls of `keys` belong to the same prospect; those
 * that appear only in the calls of these do not. One that appears with many others connects nothing.
 */
export function readProspect(db: ReadableDb, reader: ProspectReader, keys: ProspectKeys, most = MOST_CALLS): FoundProspect {
  const found = new Map<number, ProspectCall>()
  const searched = (search: typeof withPhone, key: string) => search(db, { ...reader, key, most }).map(withKeys)
  const take = (rows: readonly ProspectCall[]) => {
    for (const row of rows) found.set(row.rowid, row)
  }
  const own = [...keys.phones.map((key) => searched(withPhone, key)), ...keys.emails.map((key) => searched(withEmail, key))]
  for (const rows of own) take(rows)
  const near = own.filter(connects).map(keysIn)
  const connected = (of: 'phones' | 'emails', search: typeof withPhone) => {
    const others = new Set(near.flatMap((each) => each[of]).filter((key) => !keys[of].includes(key)))
    return [...others].filter((key) => {
      const rows = searched(search, key)
      if (!connects(rows)) return false
      take(rows)
      return true
    })
  }
  const phones = [...keys.phones, ...connected('phones', withPhone)]
  const emails = [...keys.emails, ...connected('emails', withEmail)]
  return { phones, emails, calls: [...found.values()].toSorted(latestFirst) }
}

function keysIn(rows: readonly ProspectCall[]): ProspectKeys {
  return { phones: distinct(rows.map(({ phoneKey }) => phoneKey)), emails: distinct(rows.map(({ emailKey }) => emailKey)) }
}

const distinct = (keys: readonly (string | null)[]) => [...new Set(keys.filter((key) => key !== null))]

/** Whether a phone number or an e-mail address connects its calls. The count includes the number or address itself. */
function connects(rows: readonly ProspectCall[]): boolean {
  const { phones, emails } = keysIn(rows)
  return phones.length + emails.length <= MOST_CONNECTED + 1
}

export const latestFirst = (a: ProspectCall, b: ProspectCall) => b.at - a.at || b.rowid - a.rowid

/** Returns the text by which a typed phone number identifies a prospect. @param country the client's default country */
export function typedPhoneKey(typed: string, country: string | null): string | null {
  return phoneIdentity(typed, phoneToE164(typed, country))
}

/** Returns the keys of one call; none if it has neither a phone number nor an e-mail address. */
export function keysOf({ phoneKey, emailKey }: Pick<ProspectCall, 'phoneKey' | 'emailKey'>): ProspectKeys {
  return { phones: phoneKey === null ? [] : [phoneKey], emails: emailKey === null ? [] : [emailKey] }
}

/** Returns the earliest planned call that is not settled. */
export function openFollowUp(found: readonly ProspectCall[]): OpenFollowUp | null {
  let first: OpenFollowUp | null = null
  // Latest first, so that of equal times the one that was stored first is returned.
  for (const { id, status, scheduledAt, userId } of found)
    if (status === 'scheduled' && scheduledAt !== null && (first === null || scheduledAt <= first.scheduledAt))
      first = { id, scheduledAt, userId }
  return first
}

/** The latest call that is not scheduled, else the latest. @param found latest first, not empty */
export function lastCall(
  found: readonly [ProspectCall, ...ProspectCall[]],
): Pick<Call, 'id' | 'status' | 'outcome'> & { at: number } {
  const { id, at, status, outcome } = found.find((call) => call.status !== 'scheduled') ?? found[0]
  return { id, at, status, outcome }
}
