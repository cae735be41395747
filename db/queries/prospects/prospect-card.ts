import { zonesOfPhone } from '../../../core/calling-hours/phone-zones.ts'
import type { CallPage, CallPageRequest } from '../../../core/contract/calls.ts'
import { CALL_RESULTS, type CallResult, type ProspectCard, type ProspectHint } from '../../../core/contract/prospects.ts'
import { emailIdentity } from '../../../core/model/prospect-identity.ts'
import { phoneToE164 } from '../../../core/text/phone-number.ts'
import { comparedText } from '../../../core/text/search-words.ts'
import { decodeCursor } from '../../cursor.ts'
import { defaultCountry } from '../../derive-calls.ts'
import type { ReadableDb } from '../../open.ts'
import { readRow } from '../../prepared.ts'
import { snapshot } from '../../statements.ts'
import { byTime, callsAt } from '../report-proof.ts'
import { sql } from 'drizzle-orm'
import {
  keysOf,
  openFollowUp,
  PROSPECT_COLUMNS,
  readProspect,
  typedPhoneKey,
  withKeys,
  type FoundProspect,
  type ProspectCall,
  type ProspectReader,
} from './prospect-calls.ts'
import type { CallId } from '../../../core/id.ts'

/** Calls of one phone number or e-mail address that a card counts. */
const MOST_CALLS = 10_000
const MOST_NAMES = 10
/** Ways in which one phone number was typed. */
const MOST_TYPED = 5

/** A call, or typed contact data. */
export type ProspectStart = { readonly callId: CallId } | { readonly phone?: string; readonly email?: string | undefined }

type FullProspect = Pick<FoundProspect, 'calls'> & { readonly hasMore: boolean }

/** Reads the prospect; null if there is none. The call of `callId` is one that the reader may read. */
function prospectOf(db: ReadableDb, reader: ProspectReader, start: ProspectStart): FullProspect | null {
  if ('callId' in start) {
    const found = readRow(db, PROSPECT_COLUMNS, sql`FROM calls WHERE calls.id = ${start.callId}`)
    if (found === undefined) return null
    const call = withKeys(found)
    return full(db, reader, keysOf(call)) ?? { calls: [call], hasMore: false }
  }
  const country = defaultCountry(db, reader.clientId)
  return full(db, reader, keysOf(typedKeys(start.phone ?? '', start.email ?? '', country)))
}

function full(db: ReadableDb, reader: ProspectReader, keys: ReturnType<typeof keysOf>): FullProspect | null {
  const { calls } = readProspect(db, reader, keys, MOST_CALLS)
  return calls.length === 0 ? null : { calls, hasMore: calls.length >= MOST_CALLS }
}

function typedKeys(phone: string, email: string, country: string | null): Pick<ProspectCall, 'phoneKey' | 'emailKey'> {
  return { phoneKey: typedPhoneKey(phone, country), emailKey: email === '' ? null : emailIdentity(email) }
}

/** Returns the facts of a prospect; null if there is none. */
export function prospectCard(db: ReadableDb, reader: ProspectReader, start: ProspectStart): ProspectCard | null {
  return snapshot(db, () => {
    const found = prospectOf(db, reader, start)
    const last = found?.calls[0]
    if (found === null || last === undefined) return null
    const { calls, hasMore } = found
    const results = Map.groupBy(calls, resultOf)
    const people = Map.groupBy(calls, ({ userId }) => userId)
    return {
      lastCallId: last.id,
      names: [...new Set(calls.map(({ name }) => name))].slice(0, MOST_NAMES),
      phones: phonesOf(calls),
      emails: [...new Map(calls.map(({ email, emailKey }) => [emailKey, email] as const).toReversed())]
        .toReversed()
        .flatMap(([, email]) => email ?? []),
      calls: calls.length,
      hasMore,
      results: CALL_RESULTS.flatMap((result) => {
        const of = results.get(result)
        return of === undefined ? [] : [{ result, calls: of.length }]
      }),
      people: [...people].map(([userId, of]) => ({ userId, calls: of.length })).toSorted((a, b) => b.calls - a.calls),
      openFollowUp: openFollowUp(calls),
    }
  })
}

const resultOf = ({ status, outcome }: ProspectCall): CallResult => (status === 'completed' ? (outcome ?? 'undecided') : status)

function phonesOf(calls: readonly ProspectCall[]): ProspectCard['phones'] {
  const withPhone = calls.filter(({ phone }) => phone !== null)
  return [...Map.groupBy(withPhone, ({ phone, phoneKey }) => phoneKey ?? phone)].map(([, same]) => {
    const e164 = same[0]?.phoneE164 ?? null
    const typed = [...new Set(same.flatMap(({ phone }) => phone ?? []))].slice(0, MOST_TYPED)
    return { typed, e164, zones: [...zonesOfPhone(e164)] }
  })
}

const ORDER = byTime('prospect')

/** Returns a page of the calls of a prospect, latest first; null if there is none. @throws AppError INVALID for a cursor of another list */
export function prospectCalls(
  db: ReadableDb,
  reader: ProspectReader,
  start: ProspectStart,
  { after, limit }: Pick<CallPageRequest, 'after' | 'limit'>,
): CallPage | null {
  return snapshot(db, () => {
    const found = prospectOf(db, reader, start)
    if (found === null) return null
    const [at, rowid] =
      after === null ? [Infinity, Infinity] : decodeCursor('prospect', after, [['number'], ['number']]).map(Number)
    const isLater = (call: ProspectCall) => call.at < (at ?? 0) || (call.at === at && call.rowid < (rowid ?? 0))
    const places = found.calls.filter(isLater).map((call) => call.rowid)
    return callsAt(db, ORDER, places.slice(0, limit + 1), limit)
  })
}

/** Returns what a form shows while a call is typed. */
export function prospectHint(
  db: ReadableDb,
  reader: ProspectReader,
  { name, phone, email }: { readonly name: string; readonly phone: string; readonly email: string },
): ProspectHint {
  return snapshot(db, () => {
    const country = defaultCountry(db, reader.clientId)
    const zones = [...zonesOfPhone(phoneToE164(phone, country))]
    const { calls } = readProspect(db, reader, keysOf(typedKeys(phone, email, country)))
    const typed = comparedName(name)
    // While a name is typed, the field holds a beginning of it.
    const isKnown = calls.some((call) => comparedName(call.name).startsWith(typed))
    const [last] = calls
    const other = last === undefined || isKnown ? null : { lastCallId: last.id, prospectName: last.name, calls: calls.length }
    return { zones, other }
  })
}

/** Names that differ in case, accents or spaces are the same. */
const comparedName = (name: string) => comparedText(name).trim().replaceAll(/\s+/gu, ' ')
