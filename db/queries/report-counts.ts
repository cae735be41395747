import { sql, type SQL } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { addCounts } from '../../core/metrics/count-sums.ts'
import { NO_CALLS, type CallCounts, type HourCounts } from '../../core/metrics/metrics.ts'
import type { CallType } from '../../core/model/call.ts'
import { firstDayOfMonth, localDays } from '../../core/time/day-number.ts'
import { bucketAt } from '../../core/time/report-periods.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import { WEEK_HOURS } from '../../core/time/week-hours.ts'
import type { ReadableDb } from '../open.ts'
import { readRows } from '../prepared.ts'
import { isCountedIn } from '../report-zone.ts'
import {
  localDayLosses,
  localDayTotals,
  localEveryoneHours,
  localEveryoneLosses,
  localEveryoneTotals,
  localHourTotals,
  localMonthLosses,
  localMonthTotals,
} from '../local-schema.ts'
import { calls } from '../schema.ts'
import { all, among, inPeriod, isLost, named, ofClient, ofUsers } from './call-filter.ts'
import { reportParts, type ReportParts, type Span } from './report-parts.ts'
import { partsOfPeriod, weekHourOf } from './week-hours.ts'

/** The calls of a report, without its period. Null: everyone, every type. */
export type ReportSelection = {
  readonly clientId: ClientId
  /** IANA zone of the client. */
  readonly zone: string
  readonly userIds: readonly UserId[] | null
  readonly callTypes: readonly CallType[] | null
}

/** The counts of one group. */
type Group<Key> = { readonly key: Key } & CallCounts

const COUNTS = Object.keys(NO_CALLS) as readonly (keyof CallCounts)[]

const sum = (value: SQL) => sql<number>`coalesce(sum(${value}), 0)`
const totalled = (table: typeof localDayTotals | typeof localMonthTotals) =>
  Object.fromEntries(COUNTS.map((key) => [key, sum(named(table[key]))])) as Record<keyof CallCounts, SQL<number>>

const status = (name: string) => sql`${named(calls.status)} = ${sql.raw(`'${name}'`)}`
const outcome = (name: string) => sql`${named(calls.outcome)} IS ${sql.raw(`'${name}'`)}`
const duration = named(calls.callDuration)
const COUNTED = {
  completed: sum(status('completed')),
  noShow: sum(status('no_show')),
  rescheduled: sum(status('rescheduled')),
  cancelled: sum(status('cancelled')),
  scheduled: sum(status('scheduled')),
  won: sum(outcome('won')),
  lost: sum(outcome('lost')),
  undecided: sum(outcome('undecided')),
  talkSeconds: sum(sql`iif(${status('completed')}, ${duration}, 0)`),
  talkCalls: sum(sql`${status('completed')} AND ${duration} IS NOT NULL`),
} satisfies Record<keyof CallCounts, SQL<number>>
const OF_DAYS = totalled(localDayTotals)
const OF_MONTHS = totalled(localMonthTotals)

export function ofPeople({ clientId, userIds, callTypes }: ReportSelection): SQL[] {
  return [...ofClient({ clientId }), ...ofUsers({ userIds }), ...among(named(calls.callType), callTypes)]
}

/** Returns the totals of days with the fewest rows that answer a question without people. */
const totalsOfDays = ({ userIds }: ReportSelection) => (userIds === null ? localEveryoneTotals : localDayTotals)
const lossesOfDays = ({ userIds }: ReportSelection) => (userIds === null ? localEveryoneLosses : localDayLosses)

const within = (column: SQL, { first, end }: Span): SQL[] => [sql`${column} >= ${first}`, sql`${column} < ${end}`]

/** Reads the calls of a period in the order of their time, or the calls of some people in the order of the people. */
function fromCalls(selection: ReportSelection, edge: TimeRange, ...more: readonly SQL[]): SQL {
  const index = selection.userIds === null ? 'calls_by_time' : 'calls_by_user'
  return sql`FROM calls INDEXED BY ${sql.identifier(index)} WHERE ${all([...ofPeople(selection), ...inPeriod(edge), ...more])}`
}

/** Counts from the totals if they are of the client's zone, else from the calls. */
function partsOf(db: ReadableDb, { zone }: ReportSelection, range: TimeRange, usesMonths = true): ReportParts {
  if (isCountedIn(db, zone)) return reportParts(range, zone, usesMonths)
  return { months: { first: 0, end: 0 }, days: [], edges: range.from < range.to ? [range] : [] }
}

const grouped = (rest: SQL) => sql`${rest} GROUP BY 1`
const fromTable = (table: SQLiteTable, conditions: readonly SQL[]) => sql`FROM ${table} WHERE ${all(conditions)}`

/** Returns the counts of each person with calls in the period. */
export function countsByUser(db: ReadableDb, selection: ReportSelection, range: TimeRange): Map<UserId, CallCounts> {
  return countedPeople(db, selection, range).people
}

/**
 * Returns the counts of each person with calls in the period. Also returns the counts of the edges, which are the parts that have no totals
 * and are counted from the calls. A trend of the same period uses them again.
 */
export function countedPeople(
  db: ReadableDb,
  selection: ReportSelection,
  range: TimeRange,
): { people: Map<UserId, CallCounts>; edges: CountedPart[] } {
  const { months, days, edges } = partsOf(db, selection, range)
  const key = sql<UserId>`${named(calls.userId)}`
  const who = ofPeople(selection)
  const found: Group<UserId>[] = []
  if (months.first < months.end)
    found.push(
      ...readRows(
        db,
        { key, ...OF_MONTHS },
        grouped(fromTable(localMonthTotals, [...who, ...within(named(localMonthTotals.month), months)])),
      ),
    )
  for (const span of days)
    found.push(
      ...readRows(
        db,
        { key, ...OF_DAYS },
        grouped(fromTable(localDayTotals, [...who, ...within(named(localDayTotals.day), span)])),
      ),
    )
  const countedEdges = edges.map((edge) => {
    const ofEdge = readRows(db, { key, ...COUNTED }, grouped(fromCalls(selection, edge)))
    found.push(...ofEdge)
    return { ...edge, ...ofEdge.map(({ key: _key, ...counts }) => counts).reduce(addCounts, NO_CALLS) }
  })
  const people = new Map<UserId, CallCounts>()
  for (const { key: userId, ...counts } of found) people.set(userId, addCounts(people.get(userId) ?? NO_CALLS, counts))
  return { people, edges: countedEdges }
}

/** A whole month, a whole day, or a part of a day, with its counts. */
export type CountedPart<Key extends keyof CallCounts = keyof CallCounts> = TimeRange & Pick<CallCounts, Key>

/** How the counts of a part are read: from the totals of months or days, or from the calls of a part of a day. */
type Reading<Key extends keyof CallCounts> = {
  readonly ofMonths: Record<Key, SQL<number>>
  readonly ofDays: Record<Key, SQL<number>>
  readonly ofCalls: Record<Key, SQL<number>>
  readonly calls: typeof fromCalls
}

const ALL_COUNTS: Reading<keyof CallCounts> = { ofMonths: OF_MONTHS, ofDays: OF_DAYS, ofCalls: COUNTED, calls: fromCalls }
/** Reads only this column, because the time grows with the number of columns that are added up. */
const UNDECIDED: Reading<'undecided'> = {
  ofMonths: { undecided: OF_MONTHS.undecided },
  ofDays: { undecided: OF_DAYS.undecided },
  ofCalls: { undecided: sql`count(*)` },
  calls: fromUndecided,
}

/** Returns the FROM of a query for the undecided calls of a period. The index has the order of their time. */
export function fromUndecided(selection: ReportSelection, period: TimeRange): SQL {
  // As a literal: SQLite uses the partial index only if the query repeats its condition.
  const where = all([...ofPeople(selection), ...inPeriod(period), sql`${named(calls.outcome)} = 'undecided'`])
  return sql`FROM calls INDEXED BY calls_undecided WHERE ${where}`
}

/** Returns the counts of all calls of a period. Takes a third of the time of counting each person. */
export function countsOfPeriod(db: ReadableDb, selection: ReportSelection, range: TimeRange): CallCounts {
  return countsByPart(db, { selection, range, usesMonths: true }, ALL_COUNTS).reduce<CallCounts>(addCounts, NO_CALLS)
}

/** Returns the numbers of undecided calls of the parts of a period, earliest first. Parts without calls may be missing. */
export function undecidedByPart(
  db: ReadableDb,
  selection: ReportSelection,
  range: TimeRange,
  usesMonths: boolean,
): CountedPart<'undecided'>[] {
  return countsByPart(db, { selection, range, usesMonths }, UNDECIDED)
}

/** @param known edges that are already counted */
function countsByPart<Key extends keyof CallCounts>(
  db: ReadableDb,
  { selection, range, usesMonths }: { selection: ReportSelection; range: TimeRange; usesMonths: boolean },
  reading: Reading<Key>,
  known: readonly CountedPart<Key>[] = [],
): CountedPart<Key>[] {
  const { months, days, edges } = partsOf(db, selection, range, usesMonths)
  const { startOf } = localDays(selection.zone)
  const who = ofPeople(selection)
  type Counts = Pick<CallCounts, Key>
  const ofTable = (table: SQLiteTable, key: SQL, fields: Record<Key, SQL<number>>, span: Span) =>
    readRows(db, { key, ...fields }, grouped(fromTable(table, [...who, ...within(key, span)]))) as unknown as ({
      readonly key: number
    } & Counts)[]
  const byMonth = (span: Span) =>
    ofTable(localMonthTotals, named(localMonthTotals.month), reading.ofMonths, span).map(({ key, ...counts }) => {
      return { from: startOf(firstDayOfMonth(key)), to: startOf(firstDayOfMonth(key + 1)), ...(counts as unknown as Counts) }
    })
  const byDay = (span: Span) =>
    ofTable(totalsOfDays(selection), named(localDayTotals.day), reading.ofDays, span).map(({ key, ...counts }) => {
      return { from: startOf(key), to: startOf(key + 1), ...(counts as unknown as Counts) }
    })
  const ofEdge = (edge: TimeRange) =>
    known.find(({ from, to }) => from === edge.from && to === edge.to) ??
    (readRows(db, reading.ofCalls, reading.calls(selection, edge)) as unknown as Counts[]).map((counts) => ({
      ...edge,
      ...counts,
    }))
  const found = [...(months.first < months.end ? byMonth(months) : []), ...days.flatMap(byDay), ...edges.flatMap(ofEdge)]
  return found.toSorted((a, b) => a.from - b.from)
}

/**
 * Returns the counts of each bucket. The buckets are consecutive, earliest first. `areMonths`: none is shorter than a month.
 * @param known edges that are already counted
 */
export function countsByBucket(
  db: ReadableDb,
  selection: ReportSelection,
  buckets: readonly TimeRange[],
  areMonths: boolean,
  known: readonly CountedPart[] = [],
): CallCounts[] {
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (first === undefined || last === undefined) return []
  const counts = buckets.map(() => NO_CALLS)
  // From the calls, the whole period is one part, so each bucket is counted alone.
  const parts = isCountedIn(db, selection.zone)
    ? countsByPart(db, { selection, range: { from: first.from, to: last.to }, usesMonths: areMonths }, ALL_COUNTS, known)
    : buckets.flatMap((bucket) => countsByPart(db, { selection, range: bucket, usesMonths: areMonths }, ALL_COUNTS))
  for (const { from, to: _to, ...found } of parts) {
    const index = bucketAt(buckets, from)
    counts[index] = addCounts(counts[index] ?? NO_CALLS, found)
  }
  return counts
}

/** Returns the number of lost calls by loss reason; null: without one. */
export function lossesByReason(db: ReadableDb, selection: ReportSelection, range: TimeRange): Map<LossReasonId | null, number> {
  const { months, days, edges } = partsOf(db, selection, range)
  const fields = {
    id: sql<LossReasonId | null>`nullif(${named(localDayLosses.lossReasonId)}, '')`,
    lost: sum(named(localDayLosses.lost)),
  }
  const found: { readonly id: LossReasonId | null; readonly lost: number }[] = []
  // Grouped in the order of the table's key. For another order SQLite would sort all rows.
  const add = (table: typeof localMonthLosses | ReturnType<typeof lossesOfDays>, key: SQL, span: Span) => {
    const rest = sql`${fromTable(table, [...ofPeople(selection), ...within(key, span)])} GROUP BY ${key}, ${named(table.lossReasonId)}`
    found.push(...readRows(db, fields, rest))
  }
  if (months.first < months.end) add(localMonthLosses, named(localMonthLosses.month), months)
  for (const span of days) add(lossesOfDays(selection), named(localDayLosses.day), span)
  const ofCalls = { id: sql<LossReasonId | null>`${named(calls.lossReasonId)}`, lost: sql<number>`count(*)` }
  for (const edge of edges) found.push(...readRows(db, ofCalls, grouped(fromCalls(selection, edge, isLost))))
  const losses = new Map<LossReasonId | null, number>()
  for (const { id, lost } of found) losses.set(id, (losses.get(id) ?? 0) + lost)
  return losses
}

/** The counts of one person's calls of one type on a local day. */
export type PersonDay = {
  readonly day: number
  readonly userId: UserId
  readonly callType: CallType
  readonly counts: CallCounts
}

/** Counts the calls of a period by local day, person and type from the calls, for a file whose totals are counted in another zone. */
export function personDays(db: ReadableDb, selection: ReportSelection, range: TimeRange): PersonDay[] {
  return partsOfPeriod(selection.zone, range).flatMap(({ from, to, dayOffset }) => {
    // The driver binds numbers as REAL, so the quotient is not whole.
    const day = sql<number>`cast((${named(calls.eventAt)} + ${dayOffset} + 86400000) / 86400000 AS INTEGER) - 1`
    const fields = { day, userId: sql<UserId>`${named(calls.userId)}`, callType: sql<CallType>`${named(calls.callType)}` }
    const rows = readRows(db, { ...fields, ...COUNTED }, sql`${fromCalls(selection, { from, to })} GROUP BY 1, 2, 3`)
    return rows.map(({ day: ofDay, userId, callType, ...counts }) => ({ day: ofDay, userId, callType, counts }))
  })
}

const NO_HOUR: HourCounts = { calls: 0, completed: 0, noShow: 0, rescheduled: 0, won: 0 }
const HOUR_COUNTS = Object.keys(NO_HOUR) as readonly (keyof HourCounts)[]
const OF_HOURS = Object.fromEntries(HOUR_COUNTS.map((key) => [key, sum(named(localHourTotals[key]))])) as Record<
  keyof HourCounts,
  SQL<number>
>
const { completed, noShow, rescheduled, won } = COUNTED
const HOUR_COUNTED = { calls: sql<number>`count(*)`, completed, noShow, rescheduled, won } satisfies Record<
  keyof HourCounts,
  SQL<number>
>

/** Returns the counts of the 168 local hours of the week, from Monday 00:00. */
export function countsByHour(db: ReadableDb, selection: ReportSelection, range: TimeRange): HourCounts[] {
  const hours = Array.from({ length: WEEK_HOURS }, () => NO_HOUR)
  const add = (hour: number, found: HourCounts) => {
    const before = hours[hour] ?? NO_HOUR
    const added = { ...before }
    for (const key of HOUR_COUNTS) added[key] += found[key]
    hours[hour] = added
  }
  const isEveryone = selection.userIds === null
  // The days of everyone have totals of hours, so their months are not needed.
  const { months, days, edges } = partsOf(db, selection, range, !isEveryone)
  const { startOf } = localDays(selection.zone)
  const hour = named(localHourTotals.hour)
  const addTotals = (table: typeof localHourTotals | typeof localEveryoneHours, part: SQL, span: Span, by: SQL) => {
    const rest = sql`${fromTable(table, [...ofPeople(selection), ...within(part, span)])} GROUP BY ${by}`
    for (const { key, ...row } of readRows(db, { key: sql<number>`${hour}`, ...OF_HOURS }, rest)) add(key, row)
  }
  const month = named(localHourTotals.month)
  // In the order of the key, so that SQLite does not sort months × people.
  if (months.first < months.end) addTotals(localHourTotals, month, months, sql`${month}, ${hour}`)
  if (isEveryone) for (const span of days) addTotals(localEveryoneHours, named(localEveryoneHours.day), span, hour)
  const counted = isEveryone ? [] : days.map(({ first, end }) => ({ from: startOf(first), to: startOf(end) }))
  for (const part of [...counted, ...edges])
    for (const steady of partsOfPeriod(selection.zone, part))
      for (const { key, ...row } of readRows(
        db,
        { key: weekHourOf(steady), ...HOUR_COUNTED },
        grouped(fromCalls(selection, steady)),
      ))
        add(key, row)
  return hours
}
