import { and, eq, getTableColumns, gte, lt, sql, type SQL } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import { addCounts } from '../../core/metrics/count-sums.ts'
import { NO_CALLS, type CallCounts } from '../../core/metrics/metrics.ts'
import type { CallType } from '../../core/model/call.ts'
import { cellTypesOf, dayPeopleOf, publishDay, type TeamCell } from '../../core/team/team-cells.ts'
import { localDays, type DayNumber } from '../../core/time/day-number.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import { localDayTotals, localTeamCells, localTeamState } from '../local-schema.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { isCountedIn } from '../report-zone.ts'
import { personDays, type PersonDay, type ReportSelection } from './report-counts.ts'

/** Half-open numbers of days. */
export type Days = { readonly first: DayNumber; readonly end: DayNumber }
type OfDays = { clientId: ClientId } & { [K in keyof Days]: Days[K] }

const COUNTS = Object.keys(NO_CALLS) as readonly (keyof CallCounts)[]

const { clientId: _client, ...CELL } = getTableColumns(localTeamCells)

const receivedCells = query((orm, { clientId, first, end }: Named<OfDays>) =>
  orm
    .select(CELL)
    .from(localTeamCells)
    .where(and(eq(localTeamCells.clientId, clientId), gte(localTeamCells.day, first), lt(localTeamCells.day, end))),
)

const stateOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({ since: localTeamState.since, today: localTeamState.today, asOf: localTeamState.asOf })
    .from(localTeamState)
    .where(eq(localTeamState.clientId, clientId)),
)

const inDays = ({ clientId, first, end }: Named<OfDays>) =>
  and(eq(localDayTotals.clientId, clientId), gte(localDayTotals.day, first), lt(localDayTotals.day, end))

const SUMS = Object.fromEntries(COUNTS.map((key) => [key, sql`sum(${localDayTotals[key]})`])) as Record<
  keyof CallCounts,
  SQL<number>
>

const countedByType = query((orm, named: Named<OfDays>) =>
  orm
    .select({
      day: localDayTotals.day,
      callType: sql<CallType>`${localDayTotals.callType}`,
      people: sql<number>`count(*)`,
      ...SUMS,
    })
    .from(localDayTotals)
    .where(inDays(named))
    .groupBy(localDayTotals.day, localDayTotals.callType),
)

const peopleByDay = query((orm, named: Named<OfDays>) =>
  orm
    .select({ day: localDayTotals.day, people: sql<number>`count(DISTINCT ${localDayTotals.userId})`, ...SUMS })
    .from(localDayTotals)
    .where(inDays(named))
    .groupBy(localDayTotals.day),
)

const { clientId: _owner, userId: _user, ...OWN } = getTableColumns(localDayTotals)

const ownDays = query((orm, named: Named<OfDays & { userId: UserId }>) =>
  orm
    .select({ ...OWN, callType: sql<CallType>`${localDayTotals.callType}` })
    .from(localDayTotals)
    .where(and(inDays(named), eq(localDayTotals.userId, named.userId))),
)

/** Returns the state of the totals that this device received from the server; undefined: it has none. */
export function teamState(db: ReadableDb, clientId: ClientId) {
  return stateOfClient.get(db, { clientId })
}

/** Returns the cells that the server published. */
export function publishedCells(db: ReadableDb, clientId: ClientId, days: Days): TeamCell[] {
  return receivedCells.all(db, { clientId, ...days }).map(({ day, callType, people, dayPeople, ...counts }) => ({
    day,
    callType,
    people,
    dayPeople,
    counts,
  }))
}

/** Returns the cells of a file that holds all calls. */
export function countedCells(db: ReadableDb, everyone: ReportSelection, days: Days): TeamCell[] {
  const { clientId } = everyone
  if (!isCountedIn(db, everyone.zone)) return cellsOf(personDays(db, everyone, instantsOf(days, everyone.zone)))
  const ofDays = new Map(peopleByDay.all(db, { clientId, ...days }).map((each) => [each.day, each]))
  const byDay = Map.groupBy(countedByType.all(db, { clientId, ...days }), ({ day }) => day)
  return [...byDay].flatMap(([day, types]): TeamCell[] => {
    const whole = ofDays.get(day)
    if (whole === undefined) return []
    const { day: _day, people: dayPeople, ...counts } = whole
    const published = cellTypesOf(new Map(types.map(({ callType, people }) => [callType, people])), dayPeople)
    if (published.includes('')) return [{ day, callType: '', people: dayPeople, dayPeople, counts }]
    return types
      .filter(({ callType }) => published.includes(callType))
      .map(({ day: _ofDay, callType, people, ...ofType }) => ({ day, callType, people, dayPeople, counts: ofType }))
  })
}

function cellsOf(counted: readonly PersonDay[]): TeamCell[] {
  return [...Map.groupBy(counted, ({ day }) => day)].flatMap(([day, ofDay]) => {
    const cells = publishDay(ofDay, [], false)
    const dayPeople = dayPeopleOf(cells)
    return cells.map(({ callType, people }) => {
      const counts = [...people.values()].reduce(addCounts, NO_CALLS)
      return { day, callType, people: people.size, dayPeople, counts }
    })
  })
}

/** Returns the counts of one person by day and type. */
export function ownDaysOf(db: ReadableDb, everyone: ReportSelection, userId: UserId, days: Days): Omit<PersonDay, 'userId'>[] {
  const { clientId, zone } = everyone
  if (!isCountedIn(db, zone)) return personDays(db, { ...everyone, userIds: [userId] }, instantsOf(days, zone))
  return ownDays.all(db, { clientId, userId, ...days }).map(({ day, callType, ...counts }) => ({ day, callType, counts }))
}

function instantsOf({ first, end }: Days, zone: string): TimeRange {
  const { startOf } = localDays(zone)
  return { from: startOf(first), to: startOf(end) }
}
