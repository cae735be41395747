import { sql, type SQL } from 'drizzle-orm'
import type { UserId } from '../../core/id.ts'
import { ATTEMPTS, type NoShowKind } from '../../core/metrics/no-shows.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { eachRow, manyRows } from '../prepared.ts'
import { EMAIL, PHONE } from '../same-prospect.ts'
import { calls } from '../schema.ts'
import { all, inPeriod } from './call-filter.ts'
import { ofPeople, type ReportSelection } from './report-counts.ts'
import type { PlaceInOrder } from './report-proof.ts'

/** The no-shows of a report of one person's own calls. */
export type OwnNoShowsOf = {
  readonly selection: ReportSelection
  readonly range: TimeRange
  /** ms UTC. Attempts from this instant on are in the future. */
  readonly now: number
  /** Only this person's calls are attempts. */
  readonly readerId: UserId
}

type NoShow = { readonly at: number; readonly place: number; readonly phone: string | null; readonly email: string | null }

type Identity = typeof PHONE
type Search = {
  /** JSON: pairs of the text that identifies a prospect and the time of a no-show. */
  readonly wanted: string
  readonly now: number
  readonly clientId: string
  readonly readerId: UserId
}

/** The number of no-shows whose next attempts are searched in one statement. */
const CHUNK = 500

const isAttempt = sql.raw(`n.status IN (${ATTEMPTS.map((status) => `'${status}'`).join(', ')})`)

/** Defines the query for the first attempt with the same phone number, or with the same e-mail address, after each given time. */
const firstAttempts = ({ index, text, exists }: Identity) =>
  manyRows<{ key: SQL<number>; first: SQL<number | null> }, Search>(
    { key: sql<number>`key`, first: sql<number | null>`first` },
    // One statement searches many pairs. With the values of one pair as parameters, SQLite would plan the statement again for each pair.
    (of) => sql`FROM (SELECT wanted.key AS key, (SELECT n.event_at FROM calls AS n INDEXED BY ${sql.identifier(index)}
      WHERE ${sql.raw(exists('n.'))} AND ${sql.raw(text('n.'))} = (wanted.value ->> 0) AND n.event_at > (wanted.value ->> 1)
        AND n.event_at < ${of.now} AND n.client_id = ${of.clientId} AND ${isAttempt}
        AND n.user_id = ${of.readerId}
      ORDER BY n.event_at LIMIT 1) AS first FROM json_each(${of.wanted}) AS wanted)`,
  )
const SEARCHES = { phone: firstAttempts(PHONE), email: firstAttempts(EMAIL) }

/**
 * Finds the next attempts among the calls of one person after that person's no-shows, which are passed latest first. `local_no_shows` keeps the
 * next attempts of everyone.
 *
 * The cost is linear in the calls with the prospects of the no-shows. A no-show is an attempt itself, so each search ends at the next
 * no-show with the same prospect at the latest. No-shows at the same time with the same prospect share one search.
 */
class NextAttempts {
  readonly #db: ReadableDb
  readonly #of: OwnNoShowsOf
  readonly #known = { phone: new Map<string, number>(), email: new Map<string, number>() }

  constructor(db: ReadableDb, of: OwnNoShowsOf) {
    this.#db = db
    this.#of = of
  }

  /** Returns the event times of the next attempts; Infinity: none. */
  after(noShows: readonly NoShow[]): number[] {
    const [byPhone, byEmail] = [this.#search('phone', noShows), this.#search('email', noShows)]
    return noShows.map((_, index) => Math.min(byPhone[index] ?? Infinity, byEmail[index] ?? Infinity))
  }

  #search(by: 'phone' | 'email', noShows: readonly NoShow[]): number[] {
    const known = this.#known[by]
    const wanted = new Map<string, readonly [string, number]>()
    const keyOf = (at: number, text: string) => `${at} ${text}`
    for (const { at, [by]: text } of noShows)
      if (text !== null && !known.has(keyOf(at, text))) wanted.set(keyOf(at, text), [text, at])
    if (wanted.size > 0) {
      const { selection, now, readerId } = this.#of
      const search = { wanted: JSON.stringify([...wanted.values()]), now, clientId: selection.clientId, readerId }
      const keys = [...wanted.keys()]
      for (const { key, first } of SEARCHES[by](this.#db, search)) known.set(keys[key] ?? '', first ?? Infinity)
    }
    const found = noShows.map(({ at, [by]: text }) => (text === null ? Infinity : (known.get(keyOf(at, text)) ?? Infinity)))
    // Only results for the last time can be used again, because the following no-shows are at this time or earlier.
    const last = `${noShows.at(-1)?.at ?? ''} `
    for (const key of known.keys()) if (!key.startsWith(last)) known.delete(key)
    return found
  }
}

/** Yields the no-shows of the report, latest first. */
function readNoShows(db: ReadableDb, { selection, range }: OwnNoShowsOf, { last, later }: PlaceInOrder): Iterable<NoShow> {
  const where = [
    ...ofPeople(selection),
    ...inPeriod({ from: range.from, to: Math.min(range.to, last + 1) }),
    sql`calls.status = 'no_show'`,
    ...later,
  ]
  return eachRow(
    db,
    {
      at: calls.eventAt,
      place: calls.rowid,
      phone: sql<string | null>`iif(${sql.raw(PHONE.exists('calls.'))}, ${sql.raw(PHONE.text('calls.'))}, NULL)`,
      email: sql<string | null>`${sql.raw(EMAIL.text('calls.'))}`,
    },
    sql`FROM calls INDEXED BY calls_by_user WHERE ${all(where)} ORDER BY calls.event_at DESC, calls.rowid DESC`,
  )
}

/** Yields the no-shows of the report with their kinds and the times of their next attempts (Infinity: none), latest first. */
export function* ownNoShows(db: ReadableDb, of: OwnNoShowsOf, place: PlaceInOrder) {
  const attempts = new NextAttempts(db, of)
  let chunk: NoShow[] = []
  const found = function* () {
    const next = attempts.after(chunk)
    for (const [index, noShow] of chunk.entries()) {
      const at = next[index] ?? Infinity
      yield { ...noShow, next: at, kind: kindOf(noShow, at) }
    }
    chunk = []
  }
  for (const noShow of readNoShows(db, of, place)) {
    chunk.push(noShow)
    if (chunk.length === CHUNK) yield* found()
  }
  if (chunk.length > 0) yield* found()
}

function kindOf({ phone, email }: NoShow, next: number): NoShowKind {
  if (next < Infinity) return 'answered'
  return phone === null && email === null ? 'no_contact' : 'unanswered'
}
