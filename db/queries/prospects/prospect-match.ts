import { sql } from 'drizzle-orm'
import { zonesOfPhone } from '../../../core/calling-hours/phone-zones.ts'
import type { ProspectMatch } from '../../../core/contract/prospects.ts'
import { emailIdentity } from '../../../core/model/prospect-identity.ts'
import { otherSpellings } from '../../../core/text/other-spellings.ts'
import { digitsOf } from '../../../core/text/digit-value.ts'
import { phoneSearchTerms } from '../../../core/text/phone-number.ts'
import { beginningTest, comparedText, searchWords, textTest, type SearchWord } from '../../../core/text/search-words.ts'
import { WORDS } from '../../derived.ts'
import { defaultCountry } from '../../derive-calls.ts'
import type { ReadableDb } from '../../open.ts'
import { readRows } from '../../prepared.ts'
import { calls } from '../../schema.ts'
import { snapshot } from '../../statements.ts'
import { holdsOf, matching, matchParts, matchWords, type TextMatch } from '../text-match.ts'
import { longBeginnings } from '../word-list.ts'
import {
  keysOf,
  lastCall,
  latestFirst,
  openFollowUp,
  PROSPECT_COLUMNS,
  readProspect,
  typedPhoneKey,
  withKeys,
  type FoundProspect,
  type ProspectCall,
  type ProspectReader,
} from './prospect-calls.ts'

/** Bounds of the work of one search. A test makes them small. */
export const MATCH_LIMITS = {
  /** Matches of the text index whose calls are read. Most may match only by their notes. */
  read: 1_000,
  /** Matches that are read first. */
  chunk: 150,
  /** Calls among which the best are chosen. */
  enough: 40,
}

/** Fewest digits of a text that is read as a number, and fewest letters of a selective word: the characters of an entry in the index of parts. */
const LEAST_PART = 3

/** A call that matches, with its rank: 0 is the best. */
type Candidate = ProspectCall & { readonly rank: number }

/** Returns the prospects that match a text, best first. */
export function matchProspects(
  db: ReadableDb,
  reader: ProspectReader,
  { text, limit }: { readonly text: string; readonly limit: number },
  limits = MATCH_LIMITS,
): ProspectMatch[] {
  return snapshot(db, () => {
    const country = defaultCountry(db, reader.clientId)
    const words = searchWords(text, country)
    if (words === null) return []
    const rankOf = ranking(text, country)
    const ranked = (found: readonly ProspectCall[]): Candidate[] => found.map((call) => ({ ...call, rank: rankOf(call) }))
    const candidates = [
      ...ranked(exactMatches(db, reader, text, country)),
      ...ranked(textMatches(db, reader, { text, words, limit, limits })),
    ]
    return grouped(
      db,
      reader,
      candidates.toSorted((a, b) => a.rank - b.rank || latestFirst(a, b)),
      limit,
    )
  })
}

/** Reads the calls with exactly this phone number or e-mail address. */
function exactMatches(db: ReadableDb, reader: ProspectReader, text: string, country: string | null): readonly ProspectCall[] {
  const keys = keysOf({ phoneKey: typedPhoneKey(text, country), emailKey: text.includes('@') ? emailIdentity(text) : null })
  return readProspect(db, reader, keys).calls.filter(
    ({ phoneKey, emailKey }) => keys.phones.includes(phoneKey ?? '') || keys.emails.includes(emailKey ?? ''),
  )
}

/** Returns the rank of a call: the exact phone number or e-mail address, a name or address that begins with the text, other calls. */
function ranking(text: string, country: string | null): (call: ProspectCall) => number {
  const [phone, email, begin] = [typedPhoneKey(text, country), emailIdentity(text), comparedText(text)]
  return (call) => {
    const hasContact = call.phoneKey !== null || call.emailKey !== null
    const isExact = (phone !== null && call.phoneKey === phone) || call.emailKey === email
    const isBegun = comparedText(call.name).startsWith(begin) || comparedText(call.email ?? '').startsWith(begin)
    // A call without a phone number and an e-mail address says nothing about other calls, so it comes last.
    return (isExact ? 0 : isBegun ? 1 : 2) + (hasContact ? 0 : 3)
  }
}

type Wanted = {
  readonly text: string
  readonly words: readonly SearchWord[]
  readonly limit: number
  readonly limits: typeof MATCH_LIMITS
}

/** Reads calls of which the name, the phone number or the e-mail address matches. The index also has the notes, which are tested apart. */
function textMatches(db: ReadableDb, reader: ProspectReader, wanted: Wanted): readonly ProspectCall[] {
  const { text, words } = wanted
  const parts = matchParts(words)
  const byParts = () => (parts === null ? [] : read(db, reader, parts, textTest(holdsOf(parts)), wanted))
  // People often type the last digits of a number, but a number with a country code starts with it.
  const number = numberKind(text)
  if (number === 'part' && parts !== null) return byParts()
  const found = read(db, reader, matchWords(WORDS, selective(words), longBeginnings(db)), beginningTest(words), wanted)
  return found.length > 0 || number === 'international' ? found : byParts()
}

/** Returns the words that are searched in the index: short ones begin too many words, so they are only tested if there is a longer one. */
function selective(words: readonly SearchWord[]): readonly SearchWord[] {
  const long = words.filter(({ anyOf }) => anyOf.every((each) => each.some((word) => word.length >= LEAST_PART)))
  return long.length > 0 ? long : words
}

/** Returns whether a text is the beginning of a number with a country code, another beginning, or any part of a number; null: it is not a number. */
function numberKind(text: string): 'international' | 'beginning' | 'part' | null {
  const digits = digitsOf(text)
  if (digits.length < LEAST_PART || /\p{L}/u.test(text)) return null
  if (/^[(\s]*[+\uFF0B]/u.test(text)) return 'international'
  return digits.startsWith('0') ? 'beginning' : 'part'
}

/** Reads the matches that were stored last, in growing chunks until there are enough. */
function read(
  db: ReadableDb,
  { clientId, readerId }: ProspectReader,
  match: TextMatch,
  passes: (text: string) => boolean,
  { text, limit, limits }: Wanted,
): readonly ProspectCall[] {
  const hasDigits = /\p{Nd}/u.test(text)
  const found: ProspectCall[] = []
  const prospects = new Set<string>()
  let below = Number.MAX_SAFE_INTEGER
  for (
    let looked = 0, size = limits.chunk;
    looked < limits.read;
    looked += size, size = Math.min(2 * size, limits.read - looked)
  ) {
    // The order of the rowids is the only one in which FTS5 stops early. It reads all matches if the bound is floating point, as the driver binds it.
    const newest = sql`(SELECT rowid AS found FROM ${sql.identifier(match.index)}
      WHERE ${matching(match)} AND rowid < CAST(${below} AS INTEGER) ORDER BY rowid DESC LIMIT ${size})`
    const chunk = readRows(
      db,
      { ...PROSPECT_COLUMNS, clientId: calls.clientId },
      sql`FROM ${newest} CROSS JOIN calls ON calls.rowid = found`,
    )
    for (const { clientId: owner, ...row } of chunk) {
      below = Math.min(below, row.rowid)
      if (owner !== clientId || (readerId !== null && row.userId !== readerId) || !passes(searchedText(row, hasDigits))) continue
      const call = withKeys(row)
      found.push(call)
      prospects.add(call.phoneKey ?? call.emailKey ?? '')
    }
    if (chunk.length < size || (found.length >= limits.enough && prospects.size >= limit)) break
  }
  return found
}

/**
 * The texts of a prospect as the index has them, without the notes.
 * @param hasDigits whether digits are searched; without them the phone number is left out
 */
function searchedText(
  { name, email, phone, phoneE164 }: Pick<ProspectCall, 'name' | 'email' | 'phone' | 'phoneE164'>,
  hasDigits: boolean,
): string {
  const texts = [name, ...otherSpellings(name)]
  if (email !== null) texts.push(email, ...otherSpellings(email))
  if (phone !== null && hasDigits) texts.push(phone, ...phoneSearchTerms(phone, phoneE164))
  return texts.join('\n')
}

/** Reads the prospects of candidates, in their order. A candidate of a prospect that was read before belongs to that prospect. */
function grouped(db: ReadableDb, reader: ProspectReader, candidates: readonly Candidate[], limit: number): ProspectMatch[] {
  const matches: ProspectMatch[] = []
  const seen = { phones: new Set<string>(), emails: new Set<string>(), rows: new Set<number>() }
  for (const candidate of candidates) {
    if (matches.length === limit) break
    const { phoneKey, emailKey, rowid } = candidate
    const isSeen =
      seen.rows.has(rowid) || (phoneKey !== null && seen.phones.has(phoneKey)) || (emailKey !== null && seen.emails.has(emailKey))
    if (isSeen) continue
    const prospect = readProspect(db, reader, keysOf(candidate))
    for (const phone of prospect.phones) seen.phones.add(phone)
    for (const email of prospect.emails) seen.emails.add(email)
    seen.rows.add(rowid)
    matches.push(matchOf(candidate, prospect))
  }
  return matches
}

function matchOf(candidate: ProspectCall, prospect: FoundProspect): ProspectMatch {
  const [first = candidate, ...others] = prospect.calls
  return {
    prospectName: candidate.name,
    prospectPhone: candidate.phone,
    prospectEmail: candidate.email,
    phoneE164: candidate.phoneE164,
    zones: [...zonesOfPhone(candidate.phoneE164)],
    lastCall: lastCall([first, ...others]),
    openFollowUp: openFollowUp([first, ...others]),
    calls: 1 + others.length,
  }
}
