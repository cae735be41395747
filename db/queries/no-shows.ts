import { sql, type SQL } from 'drizzle-orm'
import type { CallPage } from '../../core/contract/calls.ts'
import type { Ageing } from '../../core/contract/reports.ts'
import type { UserId } from '../../core/id.ts'
import { ATTEMPTS, type NoShowKind } from '../../core/metrics/no-shows.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { eachRow, oneRow } from '../prepared.ts'
import { EMAIL, PHONE } from '../same-prospect.ts'
import { calls } from '../schema.ts'
import { all, inPeriod } from './call-filter.ts'
import { ofPeople, type ReportSelection } from './report-counts.ts'
import { byTime, callsAt, placeInOrder, type PlaceInList, type PlaceInOrder } from './report-proof.ts'

/** The no-shows of a report, and the calls among which the next attempt is found. */
export type NoShowsOf = {
  readonly selection: ReportSelection
  readonly range: TimeRange
  /** ms UTC. Attempts from this instant on are in the future. */
  readonly now: number
  /** Only this person's calls are attempts; null: everyone's. */
  readonly readerId: UserId | null
}

type Identity = typeof PHONE
type Lookup = {
  readonly text: string
  readonly at: number
  readonly now: number
  readonly clientId: string
  readonly readerId: UserId | null
}

// Equalities, because IN makes a temporary table at every run of the statement.
const isAttempt = sql.raw(`(${ATTEMPTS.map((status) => `n.status = '${status}'`).join(' OR ')})`)

/** Defines the read of the first attempt with the same phone number, or with the same e-mail address, after a call. */
const firstAttempt = ({ index, text, exists }: Identity) =>
  oneRow<{ at: SQL<number> }, Lookup>(
    { at: sql<number>`n.event_at` },
    (of) => sql`FROM calls AS n INDEXED BY ${sql.identifier(index)}
      WHERE ${sql.raw(exists('n.'))} AND ${sql.raw(text('n.'))} = ${of.text} AND n.event_at > ${of.at} AND n.event_at < ${of.now}
        AND n.client_id = ${of.clientId} AND ${isAttempt} AND (${of.readerId} IS NULL OR n.user_id = ${of.readerId})
      ORDER BY n.event_at LIMIT 1`,
  )
const [byPhone, byEmail] = [firstAttempt(PHONE), firstAttempt(EMAIL)]

/**
 * Finds the next attempts of no-shows that come in the order of their time.
 *
 * The cost is linear in the calls with the prospects of the no-shows: each no-show is an attempt itself, so the calls that are read between it and its next
 * attempt are read for no other no-show, except those at the same time with the same prospect. These share the result.
 */
class NextAttempts {
  readonly #db: ReadableDb
  readonly #of: NoShowsOf
  readonly #found = { phone: new Map<string, number>(), email: new Map<string, number>() }
  #at = NaN

  constructor(db: ReadableDb, of: NoShowsOf) {
    this.#db = db
    this.#of = of
  }

  /** Returns the event time of the next attempt; Infinity: none. */
  after({ at, phone, email }: Pick<NoShow, 'at' | 'phone' | 'email'>): number {
    if (at !== this.#at) {
      this.#at = at
      this.#found.phone.clear()
      this.#found.email.clear()
    }
    return Math.min(this.#first(byPhone, this.#found.phone, phone), this.#first(byEmail, this.#found.email, email))
  }

  #first(read: typeof byPhone, found: Map<string, number>, text: string | null): number {
    if (text === null) return Infinity
    let first = found.get(text)
    if (first === undefined) {
      const { selection, now, readerId } = this.#of
      first = read(this.#db, { text, at: this.#at, now, clientId: selection.clientId, readerId })?.at ?? Infinity
      found.set(text, first)
    }
    return first
  }
}

type NoShow = { readonly at: number; readonly place: number; readonly phone: string | null; readonly email: string | null }

const ORDER = byTime('no-shows')

/** Yields the no-shows of the report, latest first. */
function noShows(db: ReadableDb, { selection, range }: NoShowsOf, { last, later }: PlaceInOrder): Iterable<NoShow> {
  const index = selection.userIds === null ? 'calls_by_time' : 'calls_by_user'
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
    sql`FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${all(where)} ORDER BY calls.event_at DESC, calls.rowid DESC`,
  )
}

/** Returns the nearest-rank quantiles. @param ages in any order */
function ageingOf(ages: readonly number[]): Ageing {
  const sorted = Float64Array.from(ages).toSorted()
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null
  return { count: sorted.length, median: quantile(0.5), p90: quantile(0.9) }
}

function kindOf({ phone, email }: NoShow, next: number): NoShowKind {
  if (next < Infinity) return 'answered'
  return phone === null && email === null ? 'no_contact' : 'unanswered'
}

/** Returns how long the no-shows of a period waited for the next attempt, or have been waiting for it. */
export function noShowAgeing(db: ReadableDb, of: NoShowsOf): { answered: Ageing; unanswered: Ageing; noContact: number } {
  const [answered, unanswered]: [number[], number[]] = [[], []]
  let noContact = 0
  const attempts = new NextAttempts(db, of)
  for (const noShow of noShows(db, of, placeInOrder(ORDER, null))) {
    const next = attempts.after(noShow)
    const kind = kindOf(noShow, next)
    if (kind === 'answered') answered.push(next - noShow.at)
    else if (kind === 'unanswered') unanswered.push(of.now - noShow.at)
    else noContact++
  }
  return { answered: ageingOf(answered), unanswered: ageingOf(unanswered), noContact }
}

/** Returns a page of the no-shows of one kind, latest first. */
export function listNoShows(
  db: ReadableDb,
  of: NoShowsOf,
  { kind, after, skip, limit }: PlaceInList & { readonly kind: NoShowKind },
): CallPage {
  const attempts = new NextAttempts(db, of)
  const places: number[] = []
  let skipped = 0
  for (const noShow of noShows(db, of, placeInOrder(ORDER, after))) {
    if (kindOf(noShow, attempts.after(noShow)) !== kind) continue
    if (skipped++ < skip) continue
    places.push(noShow.place)
    if (places.length > limit) break
  }
  return callsAt(db, ORDER, places, limit)
}
