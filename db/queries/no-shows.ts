import { sql, type SQL } from 'drizzle-orm'
import type { CallPage } from '../../core/contract/calls.ts'
import type { Ageing } from '../../core/contract/reports.ts'
import type { UserId } from '../../core/id.ts'
import { ATTEMPTS, type NoShowKind } from '../../core/metrics/no-shows.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../open.ts'
import { readRows } from '../prepared.ts'
import { EMAIL, PHONE } from '../same-prospect.ts'
import { calls } from '../schema.ts'
import { all, inPeriod, listedIn } from './call-filter.ts'
import { ofPeople, type ReportSelection } from './report-counts.ts'
import { timedPage, type PlaceInList } from './report-proof.ts'

/** The no-shows of a report, and the calls among which the next attempt is found. */
export type NoShowsOf = {
  readonly selection: ReportSelection
  readonly range: TimeRange
  /** ms UTC. Attempts from this instant on are in the future. */
  readonly now: number
  /** Only this person's calls are attempts; null: everyone's. */
  readonly readerId: UserId | null
}

/** Returns the event time of the first attempt with the same phone number, or with the same e-mail address, after a call; null: none. */
function firstAttempt({ index, text, exists }: typeof PHONE, { selection, now, readerId }: NoShowsOf): SQL<number | null> {
  const where = [
    sql.raw(exists('n.')),
    sql.raw(`${text('n.')} = ${text('calls.')}`),
    sql`n.event_at > calls.event_at`,
    sql`n.event_at < ${now}`,
    sql`n.client_id = ${selection.clientId}`,
    sql`n.status ${listedIn(ATTEMPTS)}`,
    ...(readerId === null ? [] : [sql`n.user_id = ${readerId}`]),
  ]
  return sql`(SELECT n.event_at FROM calls AS n INDEXED BY ${sql.identifier(index)} WHERE ${all(where)} ORDER BY n.event_at LIMIT 1)`
}

/** Returns the no-shows of the report as a FROM with its conditions. */
function noShowCalls({ selection, range }: NoShowsOf, ...more: readonly SQL[]): SQL {
  const index = selection.userIds === null ? 'calls_by_time' : 'calls_by_user'
  const where = [...ofPeople(selection), ...inPeriod(range), sql`calls.status = 'no_show'`, ...more]
  return sql`FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${all(where)}`
}

const hasContact = sql.raw(`(${PHONE.text('calls.')} IS NOT NULL OR ${EMAIL.exists('calls.')})`)

/** Returns the nearest-rank quantiles. @param ages in any order */
function ageingOf(ages: readonly number[]): Ageing {
  const sorted = Float64Array.from(ages).toSorted()
  const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null
  return { count: sorted.length, median: quantile(0.5), p90: quantile(0.9) }
}

/** Returns how long the no-shows of a period waited for the next attempt, or have been waiting for it. */
export function noShowAgeing(db: ReadableDb, of: NoShowsOf): { answered: Ageing; unanswered: Ageing; noContact: number } {
  const found = readRows(
    db,
    {
      at: calls.eventAt,
      hasContact: sql<0 | 1>`${hasContact}`,
      byPhone: firstAttempt(PHONE, of),
      byEmail: firstAttempt(EMAIL, of),
    },
    noShowCalls(of),
  )
  const [answered, unanswered]: [number[], number[]] = [[], []]
  let noContact = 0
  for (const { at, byPhone, byEmail, ...call } of found) {
    const next = Math.min(byPhone ?? Infinity, byEmail ?? Infinity)
    if (next < Infinity) answered.push(next - at)
    else if (call.hasContact === 1) unanswered.push(of.now - at)
    else noContact++
  }
  return { answered: ageingOf(answered), unanswered: ageingOf(unanswered), noContact }
}

/** Returns a page of the no-shows of one kind, latest first. */
export function listNoShows(
  db: ReadableDb,
  of: NoShowsOf,
  { kind, ...page }: PlaceInList & { readonly kind: NoShowKind },
): CallPage {
  const hasNext = sql`(${firstAttempt(PHONE, of)} IS NOT NULL OR ${firstAttempt(EMAIL, of)} IS NOT NULL)`
  const conditions = {
    answered: [hasNext],
    unanswered: [hasContact, sql`NOT ${hasNext}`],
    no_contact: [sql`NOT ${hasContact}`],
  } satisfies Record<NoShowKind, SQL[]>
  return timedPage(db, 'no-shows', noShowCalls(of, ...conditions[kind]), page)
}
