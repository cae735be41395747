import fc from 'fast-check'
import { DateTime } from 'luxon'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agendaDays, agendaGroup, AGENDA_GROUPS } from '../../core/agenda/agenda-groups.ts'
import type { AgendaPage } from '../../core/contract/agenda.ts'
import type { Call, CallStatus } from '../../core/model/call.ts'
import { CALL_STATUSES } from '../../core/model/call-fields.ts'
import { dateAlone } from '../../core/time/date-alone.ts'
import { updateCall } from '../commands/calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { listAgenda, type AgendaOf } from './agenda.ts'

const ZONE = 'Europe/Berlin'
const MINUTE = 60_000
const DAY = 86_400_000
const at = (text: string) => DateTime.fromISO(text, { zone: ZONE }).toMillis()
const NOW = at('2026-11-25T15:00')

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

const daysAt = (now: number) => agendaDays({ now, zone: ZONE, weekStart: 1 })

function listed({
  now = NOW,
  limit = 100,
  after = null,
  ...of
}: Partial<AgendaOf> & { now?: number; limit?: number; after?: AgendaPage['next'] } = {}) {
  return listAgenda(workspace.db, { clientId: workspace.clientId, userIds: null, ...of }, daysAt(now), { after, limit })
}

const shown = (page: AgendaPage) => page.rows.map(({ prospectName, group }) => `${group}: ${prospectName}`)
const schedule = (
  prospectName: string,
  scheduledAt: number | null,
  over: { readonly status?: CallStatus; readonly userId?: string } = {},
) => workspace.addCall({ prospectName, scheduledAt, ...over })

test('overdue calls come first, then the others by time; calls without a date are last', () => {
  schedule('tomorrow', at('2026-11-26T09:00'))
  schedule('no date', null)
  schedule('next year', at('2027-02-01T09:00'))
  schedule('last year', at('2025-02-01T09:00'))
  schedule('this morning', at('2026-11-25T09:00'))
  schedule('tonight', at('2026-11-25T20:00'))
  schedule('Friday', at('2026-11-27T09:00'))
  const page = listed()
  expect(shown(page)).toEqual([
    'overdue: last year',
    'overdue: this morning',
    'today: tonight',
    'tomorrow: tomorrow',
    'week: Friday',
    'undated: no date',
  ])
  expect(page.summary?.counts).toEqual({ overdue: 2, today: 1, tomorrow: 1, week: 1, undated: 1, later: 1 })
  expect(page).toMatchObject({ computedAt: NOW, next: null, summary: { nextLater: at('2027-02-01T09:00') } })
})

describe('an overdue call', () => {
  test('stays, however much time passes', () => {
    schedule('missed', at('2026-11-25T14:00'))
    for (const later of [0, DAY, 400 * DAY, 9_000 * DAY]) expect(shown(listed({ now: NOW + later }))).toEqual(['overdue: missed'])
  })

  test.each(CALL_STATUSES.filter((status) => status !== 'scheduled'))('leaves when it is settled as %s', (status) => {
    const call = schedule('missed', at('2026-11-25T14:00'))
    const completed = status === 'completed' ? { outcome: 'undecided' as const, completedAt: NOW } : {}
    workspace.write(() => updateCall(workspace.db, call.id, { status, ...completed }))
    expect(shown(listed())).toEqual([])
  })
})

test('a date without a time stays in today until the day is over', () => {
  const date = dateAlone(Date.parse('2026-11-25T00:00Z'), ZONE)
  schedule('some time today', date)
  schedule('at eleven', date - 1)
  schedule('at half past three', at('2026-11-25T15:30'))
  expect(shown(listed())).toEqual(['overdue: at eleven', 'today: some time today', 'today: at half past three'])
  expect(shown(listed({ now: at('2026-11-26T00:00') }))).toEqual([
    'overdue: at eleven',
    'overdue: some time today',
    'overdue: at half past three',
  ])
})

test('only the calls of the chosen people are shown', () => {
  schedule('of the agent', NOW + MINUTE)
  schedule('of the admin', NOW + MINUTE, { userId: workspace.adminId })
  expect(shown(listed({ userIds: [workspace.agentId] }))).toEqual(['today: of the agent'])
  expect(shown(listed({ userIds: [workspace.adminId, workspace.newId()] }))).toEqual(['today: of the admin'])
  expect(shown(listed({ userIds: [] }))).toEqual([])
  expect(shown(listed())).toHaveLength(2)
})

test('a cursor of another list is refused', () => {
  expect(() => listed({ after: '["calls.eventAt.desc",1,1]' as never })).toThrow('another list')
})

test('the pages of any agenda contain each scheduled call once, in its group and in order', () => {
  const times = [0, 1, 59, 61, 24 * 60, 47 * 60, 5 * 24 * 60, 40 * 24 * 60].flatMap((minutes) => [
    NOW + minutes * MINUTE,
    NOW - minutes * MINUTE,
  ])
  const dates = ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-28'].map((day) =>
    dateAlone(Date.parse(`${day}T00:00Z`), ZONE),
  )
  const call = fc.record({
    scheduledAt: fc.constantFrom(null, ...times, ...dates),
    isAdmin: fc.boolean(),
    status: fc.constantFrom<CallStatus>('scheduled', 'scheduled', 'scheduled', 'no_show', 'cancelled'),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), fc.boolean(), (calls, limit, ofOne) => {
      workspace.dispose()
      workspace = new TestWorkspace()
      const saved: Call[] = calls.map(({ scheduledAt, status, isAdmin }) =>
        workspace.addCall({ scheduledAt, status, userId: isAdmin ? workspace.adminId : workspace.agentId }),
      )
      const days = daysAt(NOW)
      const expected = saved
        .filter(({ status, userId }) => status === 'scheduled' && (!ofOne || userId === workspace.agentId))
        .map(({ id, scheduledAt }, place) => ({ id, at: scheduledAt ?? 0, group: agendaGroup(scheduledAt, days), place }))
      const groups = AGENDA_GROUPS.map((group) =>
        expected.filter((each) => each.group === group).toSorted((a, b) => a.at - b.at || a.place - b.place),
      )
      const found: string[] = []
      let after: AgendaPage['next'] = null
      do {
        const page = listed({ limit, after, userIds: ofOne ? [workspace.agentId] : null })
        expect(page.rows.length).toBeLessThanOrEqual(limit)
        found.push(...page.rows.map(({ id, group }) => `${group} ${id}`))
        expect(page.summary === null).toBe(after !== null)
        for (const [index, group] of AGENDA_GROUPS.entries())
          expect(page.summary?.counts[group] ?? groups[index]?.length).toBe(groups[index]?.length)
        after = page.next
      } while (after !== null)
      expect(found).toEqual(groups.flat().map(({ id, group }) => `${group} ${id}`))
    }),
    { numRuns: 25 },
  )
})
