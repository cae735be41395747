import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallFilter } from '../../core/contract/calls.ts'
import type { CallId, UserId } from '../../core/id.ts'
import { callsOfCount, callsOfFigure } from '../../core/metrics/counted-calls.ts'
import { figures, METRICS, NO_CALLS, type CallCounts } from '../../core/metrics/metrics.ts'
import type { Call } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { bucketsOf } from '../../core/time/report-periods.ts'
import { startOfLocalDay } from '../../core/time/time-range.ts'
import { deleteCall, insertCalls, restoreCall, updateCall } from '../commands/calls.ts'
import { putSettings } from '../commands/settings.ts'
import { REPORT_TOTALS } from '../report-totals.ts'
import { countReportsIfDue } from '../report-zone.ts'
import { rows } from '../statements.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { countAllCalls } from './call-count.ts'
import { listCalls } from './calls.ts'
import { wrongReportTotals, wrongTotals } from './derived-soundness.ts'
import { total as totalOf, undecidedAgeing } from './report-page.ts'
import {
  countedPeople,
  countsByBucket,
  countsByHour,
  countsByUser,
  countsOfPeriod,
  lossesByReason,
  type ReportSelection,
} from './report-counts.ts'

const HOUR = 3_600_000
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40)
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Havana',
  'Pacific/Apia',
  'UTC',
]
/** Days around changes of the clock, the ends of months and of the year. */
const DAYS = [
  '2026-03-08',
  '2026-03-28',
  '2026-03-29',
  '2026-03-30',
  '2026-03-31',
  '2026-04-01',
  '2026-04-05',
  '2026-10-25',
  '2026-11-01',
  '2026-12-31',
  '2027-01-01',
]
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Instants at, just before and some time after the start of a local day. */
const instants = (zone: string) =>
  fc
    .tuple(fc.constantFrom(...DAYS), fc.constantFrom(0, -1, 1, HOUR, 90 * 60_000, 12 * HOUR, 23 * HOUR))
    .map(([day, after]) => startOfLocalDay(day, zone) + after)

type Drawn = Pick<
  Call,
  'status' | 'outcome' | 'userId' | 'callType' | 'lossReasonId' | 'callDuration' | 'scheduledAt' | 'completedAt'
>

function callsOf(workspace: TestWorkspace, zone: string): fc.Arbitrary<Drawn> {
  return fc
    .record({
      status: fc.constantFrom(...CALL_STATUSES),
      won: fc.constantFrom(...CALL_OUTCOMES),
      userId: fc.constantFrom(workspace.agentId, workspace.adminId),
      callType: fc.constantFrom(...CALL_TYPES),
      reason: fc.constantFrom(workspace.priceId, workspace.timingId, null),
      callDuration: fc.option(fc.nat(7_000)),
      at: instants(zone),
    })
    .map(({ status, won, reason, at, ...rest }) => {
      const outcome = status === 'completed' ? won : null
      return {
        ...rest,
        status,
        outcome,
        lossReasonId: outcome === 'lost' ? reason : null,
        scheduledAt: status === 'completed' ? null : at,
        completedAt: status === 'completed' ? at : null,
      }
    })
}

/** The oracle: plain loops over all calls, with the runtime's own calendar. */
const eventTime = (call: Call) => call.completedAt ?? call.scheduledAt ?? call.createdAt
function tally(calls: readonly Call[]): CallCounts {
  const found = { ...NO_CALLS }
  for (const { status, outcome, callDuration } of calls) {
    if (status === 'completed') found.completed += 1
    if (status === 'no_show') found.noShow += 1
    if (status === 'rescheduled') found.rescheduled += 1
    if (status === 'cancelled') found.cancelled += 1
    if (status === 'scheduled') found.scheduled += 1
    if (outcome === 'won') found.won += 1
    if (outcome === 'lost') found.lost += 1
    if (outcome === 'undecided') found.undecided += 1
    if (status === 'completed' && callDuration !== null) {
      found.talkCalls += 1
      found.talkSeconds += callDuration
    }
  }
  return found
}
function hourOfWeek(call: Call, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' })
  const parts = new Map(format.formatToParts(eventTime(call)).map(({ type, value }) => [type, value]))
  return WEEKDAYS.indexOf(parts.get('weekday') ?? '') * 24 + Number(parts.get('hour'))
}

test('the counts of a report are those of the calls, in every zone, after any change', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.gen(), (zone, draw) => {
      const workspace = new TestWorkspace()
      try {
        const { db, clientId } = workspace
        const some = callsOf(workspace, zone)
        const isBuiltLate = draw(fc.boolean)
        workspace.write(() => putSettings(db, clientId, { time_zone: zone }))
        if (!isBuiltLate) countReportsIfDue(db)
        const ids: CallId[] = []
        const added = draw(fc.array, some, { minLength: 1, maxLength: 25 }).map((call) => workspace.newCall(call))
        workspace.write(() => insertCalls(db, added))
        ids.push(...added.map(({ id }) => id))
        if (isBuiltLate) countReportsIfDue(db)
        for (const change of draw(fc.array, fc.constantFrom('update', 'delete', 'restore'), { maxLength: 10 })) {
          const id = draw(() => fc.constantFrom(...ids))
          const exists = allCalls(workspace).some((call) => call.id === id)
          if (change === 'update' && exists)
            workspace.write(() =>
              updateCall(
                db,
                id,
                draw(() => some),
              ),
            )
          if (change === 'delete' && exists) workspace.write(() => deleteCall(db, id))
          if (change === 'restore' && !exists) workspace.write(() => restoreCall(db, id))
        }
        expect(wrongReportTotals(db)).toBe(0)
        expect(wrongTotals(db)).toBe(0)
        const calls = allCalls(workspace)
        expect(countAllCalls(db, clientId, {}, null)).toBe(calls.length)
        const [one, other] = [draw(() => instants(zone)), draw(() => instants(zone))]
        const range = { from: Math.min(one, other), to: Math.max(one, other) }
        const selection: ReportSelection = {
          clientId,
          zone,
          userIds: draw(() =>
            fc.constantFrom<UserId[] | null>(null, [workspace.agentId], [workspace.agentId, workspace.adminId]),
          ),
          callTypes: draw(() => fc.constantFrom<('inbound' | 'outbound')[] | null>(null, ['inbound'])),
        }
        const chosen = calls.filter(
          (call) =>
            eventTime(call) >= range.from &&
            eventTime(call) < range.to &&
            (selection.userIds?.includes(call.userId) ?? true) &&
            (selection.callTypes?.includes(call.callType) ?? true),
        )
        const filter: CallFilter = {
          ...range,
          ...(selection.userIds !== null && { userIds: [...selection.userIds] }),
          ...(selection.callTypes !== null && { callTypes: [...selection.callTypes] }),
        }
        /** Returns the calls that a figure opens. */
        const opened = (part: CallFilter) => {
          const request = { filter: { ...filter, ...part }, sort: { by: 'eventAt', direction: 'desc' }, after: null } as const
          const { rows: listed } = listCalls(db, clientId, { ...request, skip: 0, limit: 500 }, null)
          const total = countAllCalls(db, clientId, request.filter, null)
          expect(listed).toHaveLength(total)
          return total
        }
        const tallied = tally(chosen)
        for (const { key, numerator, denominator } of figures(tallied)) {
          const isSum = METRICS[key].unit === 'seconds'
          expect(opened(callsOfFigure(key, 'numerator')), key).toBe(isSum ? tallied.talkCalls : numerator)
          if (denominator !== null) expect(opened(callsOfFigure(key, 'denominator')), key).toBe(denominator)
        }
        for (const [count, value] of Object.entries(tallied) as [keyof CallCounts, number][])
          if (count !== 'talkSeconds') expect(opened(callsOfCount(count)), count).toBe(value)
        const people = countsByUser(db, selection, range)
        expect(countsOfPeriod(db, selection, range)).toEqual(totalOf(people))
        for (const userId of [workspace.agentId, workspace.adminId])
          expect(people.get(userId) ?? NO_CALLS).toEqual(tally(chosen.filter((call) => call.userId === userId)))
        const losses = lossesByReason(db, selection, range)
        for (const reason of [workspace.priceId, workspace.timingId, null]) {
          const lost = chosen.filter((call) => call.outcome === 'lost' && call.lossReasonId === reason).length
          expect(losses.get(reason) ?? 0).toBe(lost)
          expect(opened({ lossReasonIds: [reason] })).toBe(lost)
        }
        for (const size of ['day', 'week', 'month'] as const) {
          const buckets = bucketsOf(range, size, { now: range.to, zone, weekStart: draw(fc.integer, { min: 1, max: 7 }) })
          const counts = countsByBucket(db, selection, buckets, size === 'month')
          const { edges } = countedPeople(db, selection, range)
          expect(countsByBucket(db, selection, buckets, size === 'month', edges)).toEqual(counts)
          for (const [index, bucket] of buckets.entries()) {
            const inBucket = chosen.filter((call) => eventTime(call) >= bucket.from && eventTime(call) < bucket.to)
            expect(counts[index]).toEqual(tally(inBucket))
            if (inBucket.length > 0) expect(opened({ from: bucket.from, to: bucket.to })).toBe(inBucket.length)
          }
        }
        const ages = chosen
          .filter((call) => call.outcome === 'undecided')
          .map((call) => range.to - eventTime(call))
          .toSorted((a, b) => a - b)
        expect(undecidedAgeing(db, selection, range, { count: ages.length, now: range.to })).toEqual({
          count: ages.length,
          median: ages[Math.ceil(ages.length / 2) - 1] ?? null,
          p90: ages[Math.ceil(0.9 * ages.length) - 1] ?? null,
        })
        const hours = countsByHour(db, selection, range)
        for (const [hour, found] of hours.entries()) {
          const inHour = chosen.filter((call) => hourOfWeek(call, zone) === hour)
          const { completed, noShow, rescheduled, won } = tally(inHour)
          expect(found).toEqual({ calls: inHour.length, completed, noShow, rescheduled, won })
          if (inHour.length === 0 && hour > 0) continue
          expect(opened({ weekHours: [hour] })).toBe(inHour.length)
          expect(opened({ weekHours: [hour], ...callsOfFigure('show_rate', 'denominator') })).toBe(
            completed + noShow + rescheduled,
          )
        }
        workspace.write(() => db.sqlite.exec('DELETE FROM calls'))
        for (const { table } of [{ table: 'local_call_totals' }, ...REPORT_TOTALS])
          expect(rows(db, `SELECT * FROM ${table}`), table).toEqual([])
      } finally {
        workspace.dispose()
      }
    }),
    { numRuns: RUNS },
  )
})

function allCalls({ db, clientId }: TestWorkspace): readonly Call[] {
  const request = { sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 500, filter: {} } as const
  return listCalls(db, clientId, request, null).rows
}

/** The last instant that a call can have (`timestampSchema`). East of Greenwich it is a day of the year 10000, which SQLite has no month of. */
const LAST_INSTANT = 253_402_300_799_999

test.each(['Europe/Berlin', 'Pacific/Kiritimati', 'America/New_York'])(
  'a call at the end of the calendar is counted in %s, so that one typing error does not stop every later write',
  (zone) => {
    for (const isBuiltLate of [false, true]) {
      const workspace = new TestWorkspace()
      try {
        const { db, clientId } = workspace
        workspace.write(() => putSettings(db, clientId, { time_zone: zone }))
        if (!isBuiltLate) countReportsIfDue(db)
        const call = workspace.newCall({ status: 'scheduled', outcome: null, completedAt: null, scheduledAt: LAST_INSTANT })
        workspace.write(() => insertCalls(db, [call]))
        if (isBuiltLate) countReportsIfDue(db)
        expect(wrongReportTotals(db)).toBe(0)
        expect(rows(db, 'SELECT sum(scheduled) AS n FROM local_month_totals')).toStrictEqual([{ n: 1 }])
        workspace.write(() => deleteCall(db, call.id))
        expect(rows(db, 'SELECT * FROM local_month_totals')).toStrictEqual([])
        expect(wrongReportTotals(db)).toBe(0)
      } finally {
        workspace.dispose()
      }
    }
  },
)

test('one call in the year 9999 does not prevent a list by hours of the week', () => {
  const workspace = new TestWorkspace()
  try {
    const { db, clientId } = workspace
    const at = startOfLocalDay('2026-03-30', 'Europe/Berlin') + 9 * HOUR
    const [near, far] = [at, LAST_INSTANT].map((scheduledAt) =>
      workspace.newCall({ status: 'scheduled', outcome: null, completedAt: null, scheduledAt }),
    )
    workspace.write(() =>
      insertCalls(
        db,
        [near, far].flatMap((call) => call ?? []),
      ),
    )
    const even = Array.from({ length: 84 }, (_, half) => 2 * half + 1)
    expect(countAllCalls(db, clientId, { weekHours: [9] }, null)).toBe(1)
    expect(countAllCalls(db, clientId, { weekHours: even }, null)).toBe(1)
  } finally {
    workspace.dispose()
  }
})
