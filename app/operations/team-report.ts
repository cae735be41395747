import type { TeamReport } from '../../core/contract/team-report.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { dailyFigures } from '../../core/metrics/daily-figures.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import type { CallType } from '../../core/model/call.ts'
import { TeamTotals, type DayTotals } from '../../core/team/team-totals.ts'
import { localDays } from '../../core/time/day-number.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import type { ReadableDb } from '../../db/open.ts'
import type { ReportSelection } from '../../db/queries/report-counts.ts'
import { countedCells, ownDaysOf, publishedCells, teamState } from '../../db/queries/team.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'

/** Returns whether the file contains everyone's calls. The device of an agent contains only that agent's calls (S14). */
function holdsAllCalls(db: ReadableDb): boolean {
  const { serverUrl, userId } = getDeviceState(db)
  if (serverUrl === null) return true
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'all'
}

type Request = {
  readonly clientId: ClientId
  readonly userId: UserId
  readonly range: TimeRange
  /** IANA zone of the client. */
  readonly zone: string
  readonly callTypes: readonly CallType[] | null
  readonly now: number
}

/**
 * Returns the team's average for a person who sees only their own figures; null: it is not available. A file with all calls applies the same
 * rules as the server, so that both show the same days. Only days within the period count.
 */
export function teamReport(db: ReadableDb, { clientId, userId, range, zone, callTypes, now }: Request): TeamReport | null {
  const isLocal = holdsAllCalls(db)
  const state = isLocal ? undefined : teamState(db, clientId)
  if (!isLocal && state === undefined) return null
  const { dayAt, startOf } = localDays(zone)
  const firstDay = dayAt(range.from)
  const first = startOf(firstDay) < range.from ? firstDay + 1 : firstDay
  const end = Math.max(first, Math.min(dayAt(range.to), state?.today ?? dayAt(now)))
  const days = { first, end }
  const everyone: ReportSelection = { clientId, zone, userIds: null, callTypes: null }
  const cells = isLocal ? countedCells(db, everyone, days) : publishedCells(db, clientId, days)
  const ownDays = ownDaysOf(db, everyone, userId, days)
  const totals = new TeamTotals(cells, callTypes)
  const { team } = totals
  // A period without a start begins with the first calls.
  const begin = range.from > 0 ? first : [...cells, ...ownDays].reduce((earliest, { day }) => Math.min(earliest, day), end)
  return {
    ...reported(team),
    shownDays: team.days,
    finishedDays: end - begin,
    until: end === begin ? null : startOf(end),
    asOf: state?.asOf ?? null,
    own: reported(totals.own(ownDays)),
  }
}

function reported({ counts, peopleDays }: DayTotals) {
  return { days: peopleDays, counts, figures: dailyFigures(counts, peopleDays) }
}
