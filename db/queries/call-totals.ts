import { gte, lt, sql, type SQL } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import { DAY_MS } from '../derived.ts'
import type { ReadableDb } from '../open.ts'
import { readRow, readRows } from '../prepared.ts'
import { localCallTotals } from '../local-schema.ts'
import { calls } from '../schema.ts'
import { all, inPeriod, ofClient, ofKinds, ofTotalled, type ScopedFilter } from './call-filter.ts'

/**
 * A period in two parts: the whole UTC days, which the totals have counted, and an incomplete day at either end, which is counted from the
 * calls.
 */
type Parts = {
  /** Days, half-open; null: no end. */
  readonly first: number | null
  readonly beyond: number | null
  /** ms, half-open. */
  readonly edges: readonly { readonly from: number; readonly to: number }[]
}

function parts({ from, to }: Pick<ScopedFilter, 'from' | 'to'>): Parts {
  const first = from === null ? null : Math.ceil(from / DAY_MS)
  const beyond = to === null ? null : Math.floor(to / DAY_MS)
  if (from !== null && to !== null && first !== null && beyond !== null && first >= beyond)
    return { first: 0, beyond: 0, edges: from < to ? [{ from, to }] : [] }
  const edges = [
    ...(from !== null && first !== null && from < first * DAY_MS ? [{ from, to: first * DAY_MS }] : []),
    ...(to !== null && beyond !== null && beyond * DAY_MS < to ? [{ from: beyond * DAY_MS, to }] : []),
  ]
  return { first, beyond, edges }
}

function wholeDays({ first, beyond }: Parts): SQL[] {
  const { day } = localCallTotals
  return [...(first === null ? [] : [gte(day, first)]), ...(beyond === null ? [] : [lt(day, beyond)])]
}

/** The rest of a query of the totals of the whole days. */
function fromTotals(chosen: ScopedFilter, period: Parts): SQL {
  return sql`FROM ${localCallTotals} WHERE ${all([...ofClient(chosen), ...wholeDays(period), ...ofTotalled(chosen, "= ''")])}`
}

/** Figures by name. */
type Aggregates<Row> = { readonly [Name in keyof Row]: SQL<number> }

/**
 * Adds the results of one pass over the totals and one over each incomplete day.
 * @param ofTotals aggregates over `local_call_totals`
 * @param ofCalls the same aggregates over `calls`
 */
function sums<Row extends Readonly<Record<string, number>>>(
  db: ReadableDb,
  chosen: ScopedFilter,
  ofTotals: Aggregates<Row>,
  ofCalls: Aggregates<Row>,
): Row {
  const period = parts(chosen)
  const found = [
    readRow(db, ofTotals, fromTotals(chosen, period)),
    ...period.edges.map((edge) => {
      const isCounted = all([...ofClient(chosen), ...inPeriod(edge), ...ofKinds({ ...chosen, weekHours: null })])
      return readRow(db, ofCalls, sql`FROM calls INDEXED BY calls_by_time WHERE ${isCounted}`)
    }),
  ].map((sum) => must(sum, 'An aggregate has one row') as Row)
  const added: Record<string, number> = {}
  for (const sum of found) for (const [key, value] of Object.entries(sum)) added[key] = (added[key] ?? 0) + value
  return added as Row
}

/** The number of calls, and of those that have a duration. */
export type TimedCount = { readonly calls: number; readonly timed: number }

const { calls: counted, timedCalls } = localCallTotals

/** Counts of the calls in a row of the totals that have a duration, that have none, or both. */
function timedInTotals({ hasDuration }: ScopedFilter): Aggregates<TimedCount> {
  const total = hasDuration === null ? counted : hasDuration ? timedCalls : sql`${counted} - ${timedCalls}`
  const timed = hasDuration === false ? sql`0` : timedCalls
  return { calls: sql<number>`coalesce(sum(${total}), 0)`, timed: sql<number>`coalesce(sum(${timed}), 0)` }
}
const TIMED_OF_CALLS: Aggregates<TimedCount> = { calls: sql<number>`count(*)`, timed: sql<number>`count(${calls.callDuration})` }

/** Counts the calls that pass the filter without its users, its hours of the week and its text. */
export function countByTotals(db: ReadableDb, chosen: ScopedFilter): TimedCount {
  return sums(db, chosen, timedInTotals(chosen), TIMED_OF_CALLS)
}

export type DayCount = { readonly from: number; readonly to: number; readonly calls: number }

/**
 * Counts the calls that pass the filter without its users, its hours of the week and its text, by UTC day or the part of it in the period,
 * earliest first.
 */
export function dayCounts(db: ReadableDb, chosen: ScopedFilter): DayCount[] {
  const period = parts(chosen)
  const fields = { day: localCallTotals.day, calls: timedInTotals(chosen).calls }
  const days = readRows(db, fields, sql`${fromTotals(chosen, period)} GROUP BY 1`).map(({ day, calls: count }) => ({
    from: day * DAY_MS,
    to: (day + 1) * DAY_MS,
    calls: count,
  }))
  const edges = period.edges.map((edge) => ({ ...edge, calls: countByTotals(db, { ...chosen, ...edge }).calls }))
  return [...edges, ...days].toSorted((a, b) => a.from - b.from)
}
