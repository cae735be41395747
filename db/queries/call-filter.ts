import { sql, type SQL } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { CallFilter } from '../../core/contract/calls.ts'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { calls } from '../schema.ts'
import type { TextMatch } from './text-match.ts'
import { inWeekHours, type WeekHours } from './week-hours.ts'

/**
 * A filter with its client, the reader's own restriction and the search of its text. Its lists have no repetitions and are null if they
 * restrict nothing.
 */
export type ScopedFilter = {
  readonly clientId: ClientId
  /** Half-open, ms. */
  readonly from: number | null
  readonly to: number | null
  readonly userIds: readonly UserId[] | null
  readonly callTypes: readonly string[] | null
  readonly statuses: readonly string[] | null
  readonly outcomes: readonly string[] | null
  /** A null in the list: lost calls without a reason. */
  readonly lossReasonIds: readonly (LossReasonId | null)[] | null
  readonly weekHours: WeekHours | null
  readonly hasDuration: boolean | null
  readonly match: TextMatch | null
}

/**
 * Calls in no order: the FROM that finds them, and the conditions that belong to it. `hasSpans`: the FROM joins spans of time with the calls in
 * them. SQLite must find these in the index, so that any other condition on the time is only tested; see `tested`.
 */
export type CallSource = { readonly from: SQL; readonly where: readonly SQL[]; readonly hasSpans?: true }

/** A condition for which SQLite uses no index. */
export const tested = (condition: SQL): SQL => sql`+(${condition})`

function listed<T>(list: readonly T[] | undefined): readonly T[] | null {
  return list === undefined || list.length === 0 ? null : [...new Set(list)]
}

/** Returns a filter without the search of its text; see `searchOf`. @param weekHours see `weekHoursOf` */
export function scopedFilter(
  clientId: ClientId,
  filter: CallFilter,
  restrictUserId: UserId | null,
  weekHours: WeekHours | null,
): ScopedFilter {
  const asked = listed(filter.userIds)
  const own = restrictUserId === null ? asked : (asked ?? [restrictUserId]).filter((id) => id === restrictUserId)
  return {
    clientId,
    from: filter.from ?? null,
    to: filter.to ?? null,
    userIds: own,
    callTypes: listed(filter.callTypes),
    statuses: listed(filter.statuses),
    outcomes: listed(filter.outcomes),
    lossReasonIds: listed(filter.lossReasonIds),
    weekHours,
    hasDuration: filter.hasDuration ?? null,
    match: null,
  }
}

/** A column without its table, because the conditions are also of subqueries and of the totals, whose columns have the same names. */
export const named = (column: AnySQLiteColumn): SQL => sql`${sql.identifier(column.name)}`

/** The list is one JSON parameter, so that a statement's text does not depend on its length. */
export const listedIn = (list: readonly (string | number)[]): SQL =>
  sql`IN (SELECT value FROM json_each(${JSON.stringify(list)}))`

/** The condition that a column has one of the values; none for null. */
export function among(column: SQL, list: readonly string[] | null): SQL[] {
  if (list === null) return []
  return [list.length === 1 ? sql`${column} = ${list[0]}` : sql`${column} ${listedIn(list)}`]
}

export const ofClient = ({ clientId }: Pick<ScopedFilter, 'clientId'>): SQL[] => [sql`${named(calls.clientId)} = ${clientId}`]

export function inPeriod({ from, to }: Pick<ScopedFilter, 'from' | 'to'>): SQL[] {
  const eventAt = named(calls.eventAt)
  return [...(from === null ? [] : [sql`${eventAt} >= ${from}`]), ...(to === null ? [] : [sql`${eventAt} < ${to}`])]
}

export const ofUsers = ({ userIds }: Pick<ScopedFilter, 'userIds'>): SQL[] => among(named(calls.userId), userIds)

/** As a literal: SQLite uses the partial index of loss reasons only if the query repeats its condition. */
export const isLost = sql`${named(calls.outcome)} = 'lost'`

/** The conditions on a call other than its client and its text. */
export const testsOf = (chosen: ScopedFilter): SQL[] => [...ofUsers(chosen), ...inPeriod(chosen), ...ofKinds(chosen)]
export const hasTests = (chosen: ScopedFilter): boolean => testsOf(chosen).length > 0

type Totalled = Pick<ScopedFilter, 'callTypes' | 'statuses' | 'outcomes' | 'lossReasonIds'>
type Details = Pick<ScopedFilter, 'weekHours' | 'hasDuration'>

/** The conditions on a call that no index begins with. */
export function ofDetails({ weekHours, hasDuration }: Details): SQL[] {
  const duration = sql`${named(calls.callDuration)} ${hasDuration === true ? sql`IS NOT NULL` : sql`IS NULL`}`
  return [...(hasDuration === null ? [] : [duration]), ...(weekHours === null ? [] : [inWeekHours(weekHours)])]
}

/** The conditions on a call other than its person, its time and its text. */
export const ofKinds = (chosen: Totalled & Details): SQL[] => [...ofTotalled(chosen), ...ofDetails(chosen)]

/**
 * The conditions other than the day that the totals can test.
 * @param none how the table stores an absent loss reason: the totals as an empty text
 */
export function ofTotalled(chosen: Totalled, none: 'IS NULL' | "= ''" = 'IS NULL'): SQL[] {
  return [
    ...among(named(calls.callType), chosen.callTypes),
    ...among(named(calls.status), chosen.statuses),
    ...among(named(calls.outcome), chosen.outcomes),
    ...(chosen.lossReasonIds === null ? [] : [isLost, ofReasons(chosen.lossReasonIds, none)]),
  ]
}

function ofReasons(lossReasonIds: readonly (LossReasonId | null)[], none: 'IS NULL' | "= ''"): SQL {
  const hasNone = sql`${named(calls.lossReasonId)} ${sql.raw(none)}`
  const ids = lossReasonIds.filter((id) => id !== null)
  const [isOneOf] = among(named(calls.lossReasonId), ids)
  if (isOneOf === undefined || ids.length === 0) return hasNone
  return ids.length === lossReasonIds.length ? isOneOf : sql`(${hasNone} OR ${isOneOf})`
}

/** Joins conditions by AND, in their order: SQLite tests them in it. */
export const all = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` AND `)
