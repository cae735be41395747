import fc from 'fast-check'
import { DateTime } from 'luxon'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { UserId } from '../../core/id.ts'
import { DAY_FIGURES, LEAST_USUAL_DAYS, USUAL_WEEKS, type DayFigure } from '../../core/metrics/usual-by-now.ts'
import type { Call } from '../../core/model/call.ts'
import { reach } from '../../core/roles.ts'
import { putSettings } from '../../db/commands/settings.ts'
import { countReportsIfDue } from '../../db/report-zone.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { operationContext } from '../testing/operation-context.ts'
import { agendaOperations } from './agenda.ts'

const ZONE = 'Europe/Berlin'
const DAY = 86_400_000
const at = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toMillis()
/** A Wednesday, a month after the clocks were set back. */
const NOW = at('2026-11-25T15:10')

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

function contextOf(role: 'agent' | 'team_lead', userId: UserId, now = NOW) {
  const own = reach(role, 'calls.read')
  if (own === 'none') throw new Error('Both roles read calls')
  return { ...operationContext(workspace, userId, now), role, reach: own }
}

const day = (now = NOW) => agendaOperations['agenda.day'].run(contextOf('agent', workspace.agentId, now), undefined)

test('without calls nothing is usual', () => {
  expect(day()).toEqual({
    computedAt: NOW,
    days: 0,
    figures: DAY_FIGURES.map((key) => ({ key, value: 0, usual: null })),
  })
})

/** Computes the figures from all calls, without any function of the product except the zone's calendar. */
function expectedFigures(calls: readonly Call[], now: number) {
  const local = (millis: number) => DateTime.fromMillis(millis, { zone: ZONE })
  const clock = (millis: number) => local(millis).toFormat('HH:mm:ss.SSS')
  const own = calls.filter(({ userId, status }) => userId === workspace.agentId && status === 'completed')
  const days = Array.from({ length: USUAL_WEEKS + 1 }, (_, weeks) => local(now).minus({ weeks }).toISODate())
  const [today = [], ...earlier] = days.map((date) => own.filter(({ eventAt }) => local(eventAt).toISODate() === date))
  const worked = earlier.filter(({ length }) => length > 0)
  const value: Readonly<Record<DayFigure, (some: readonly Call[]) => number>> = {
    completed: ({ length }) => length,
    won: (some) => some.filter(({ outcome }) => outcome === 'won').length,
    talk_time: (some) => some.reduce((sum, { callDuration }) => sum + (callDuration ?? 0), 0),
  }
  const byNow = (some: readonly Call[]) => some.filter(({ eventAt }) => clock(eventAt) <= clock(now))
  return {
    days: worked.length,
    figures: DAY_FIGURES.map((key) => {
      const sorted = worked.map((some) => value[key](byNow(some))).toSorted((a, b) => a - b)
      const half = sorted.length / 2
      const median = sorted.length % 2 === 1 ? sorted[half - 0.5] : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2
      return { key, value: value[key](byNow(today)), usual: sorted.length < LEAST_USUAL_DAYS ? null : Math.round(median ?? 0) }
    }),
  }
}

test.each([true, false])('the figures of the day are those of all calls, with counted totals: %s', (isCounted) => {
  const call = fc.record({
    weeks: fc.nat(USUAL_WEEKS + 1),
    dayOff: fc.constantFrom(0, 0, 0, 0, 1),
    minutes: fc.constantFrom(0, 1, 8 * 60, 12 * 60, 15 * 60 + 9, 15 * 60 + 10, 15 * 60 + 11, 23 * 60 + 59),
    outcome: fc.constantFrom('won' as const, 'undecided' as const, null),
    callDuration: fc.option(fc.nat(3_000)),
    isOwn: fc.constantFrom(true, true, true, false),
  })
  fc.assert(
    fc.property(fc.array(call, { minLength: 10, maxLength: 60 }), (calls) => {
      workspace.dispose()
      workspace = new TestWorkspace()
      if (isCounted) countReportsIfDue(workspace.db)
      const saved = calls.map(({ weeks, dayOff, minutes, outcome, callDuration, isOwn }) => {
        const when = DateTime.fromMillis(NOW, { zone: ZONE })
          .startOf('day')
          .minus({ weeks, days: dayOff })
          .set({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
          .toMillis()
        const how =
          outcome === null
            ? { status: 'no_show' as const, scheduledAt: when }
            : { status: 'completed' as const, outcome, callDuration, completedAt: when }
        return workspace.addCall({ ...how, userId: isOwn ? workspace.agentId : workspace.adminId })
      })
      expect(day()).toEqual({ computedAt: NOW, ...expectedFigures(saved, NOW) })
    }),
    { numRuns: 25 },
  )
})

test('the people of the agenda are limited to what the person may read', () => {
  const { agentId, adminId } = workspace
  workspace.addCall({ prospectName: 'Own', scheduledAt: NOW })
  workspace.addCall({ prospectName: 'Theirs', scheduledAt: NOW, userId: adminId })
  const names = (role: 'agent' | 'team_lead', userIds?: UserId[]) =>
    agendaOperations['agenda.list']
      .run(contextOf(role, agentId), { after: null, limit: 100, ...(userIds && { userIds }) })
      .rows.map(({ prospectName }) => prospectName)
  expect(names('agent')).toEqual(['Own'])
  expect(names('agent', [adminId])).toEqual([])
  expect(names('agent', [adminId, agentId])).toEqual(['Own'])
  expect(names('team_lead')).toEqual(['Own', 'Theirs'])
  expect(names('team_lead', [adminId])).toEqual(['Theirs'])
})

test('a prospect is listed from the day of the setting on, counted in days of the client', () => {
  const completedAt = at('2026-11-20T23:30')
  workspace.addCall({ prospectPhone: '+49 30 5551234', status: 'completed', outcome: 'undecided', completedAt })
  const page = (now: number) =>
    agendaOperations['agenda.noNextStep'].run(contextOf('agent', workspace.agentId, now), { after: null, limit: 20 })
  expect(page(at('2026-11-24T23:59'))).toMatchObject({ days: 5, count: 0 })
  expect(page(at('2026-11-25T00:00'))).toMatchObject({ days: 5, count: 1 })
  workspace.write(() => putSettings(workspace.db, workspace.clientId, { no_next_step_days: 30 }))
  expect(page(completedAt + 29 * DAY)).toMatchObject({ days: 30, count: 0 })
  expect(page(completedAt + 30 * DAY)).toMatchObject({ days: 30, count: 1 })
})
