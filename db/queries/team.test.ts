import fc from 'fast-check'
import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { NO_CALLS } from '../../core/metrics/metrics.ts'
import { NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import { CALL_TYPES } from '../../core/model/call-fields.ts'
import type { TeamCell } from '../../core/team/team-cells.ts'
import { localDays } from '../../core/time/day-number.ts'
import { insertCalls } from '../commands/calls.ts'
import { insertUser } from '../commands/users.ts'
import { countReportsIfDue } from '../report-zone.ts'
import { forgetTeam, saveTeam } from '../team-cells.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import type { ReportSelection } from './report-counts.ts'
import { countedCells, ownDaysOf, publishedCells, teamState } from './team.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ZONE = 'Europe/Berlin'
const START = Date.UTC(2026, 0, 1, 12)

test('the cells of a file with all calls equal those counted by plain loops', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          person: fc.nat(4),
          callType: fc.constantFrom(...CALL_TYPES),
          days: fc.nat(3),
          hours: fc.nat(23),
          outcome: fc.constantFrom('won', 'lost', 'undecided'),
        }),
        { maxLength: 40 },
      ),
      (drawn) => {
        const workspace = new TestWorkspace()
        try {
          const { db, clientId } = workspace
          const people = [workspace.agentId, workspace.adminId]
          workspace.write(() => {
            for (let index = 2; index < 5; index++) {
              const id = workspace.newId()
              const email = `p${index}@acme.test`
              insertUser(db, {
                clientId,
                id,
                email,
                name: email,
                role: 'agent',
                isActive: true,
                createdAt: 1,
                passwordHash: null,
              })
              people.push(id)
            }
            insertCalls(
              db,
              drawn.map(({ person, callType, days, hours, outcome }) => ({
                ...NO_OPTIONAL_FIELDS,
                id: workspace.newId(),
                clientId,
                userId: people[person] ?? workspace.agentId,
                prospectName: 'Jo',
                callType,
                status: 'completed' as const,
                outcome,
                completedAt: START + days * DAY + hours * HOUR,
                createdAt: START,
              })),
            )
          })
          const everyone: ReportSelection = { clientId, zone: ZONE, userIds: null, callTypes: null }
          const first = localDays(ZONE).dayAt(START)
          const wanted = { first, end: first + 5 }
          const uncounted = countedCells(db, everyone, wanted)
          countReportsIfDue(db)
          const found = countedCells(db, everyone, wanted)
          const inOrder = (cells: readonly TeamCell[]) =>
            cells.toSorted((a, b) => a.day - b.day || (a.callType < b.callType ? -1 : 1))
          expect(inOrder(uncounted), 'without the totals').toEqual(inOrder(found))
          const expected: [string, string, number, number, number, number][] = []
          for (let day = first; day < first + 5; day++) {
            const date = DateTime.fromMillis(day * DAY, { zone: 'utc' }).toISODate() ?? ''
            const ofDay = drawn.filter(
              ({ days, hours }) => DateTime.fromMillis(START + days * DAY + hours * HOUR, { zone: ZONE }).toISODate() === date,
            )
            const countPeople = (calls: typeof ofDay) => new Set(calls.map(({ person }) => person)).size
            const types = CALL_TYPES.map((type) => ofDay.filter(({ callType }) => callType === type))
            const isSplit = types.every((calls) => calls.length === 0 || countPeople(calls) >= 3)
            for (const calls of isSplit ? types : [ofDay]) {
              const counted = countPeople(calls)
              if (counted < 3) continue
              const won = calls.filter(({ outcome }) => outcome === 'won').length
              expected.push([date, isSplit ? (calls[0]?.callType ?? '') : '', counted, countPeople(ofDay), calls.length, won])
            }
          }
          const seen = found.map(({ day, callType, people: count, dayPeople, counts }) => [
            DateTime.fromMillis(day * DAY, { zone: 'utc' }).toISODate() ?? '',
            callType,
            count,
            dayPeople,
            counts.completed,
            counts.won,
          ])
          expect(new Set(seen.map(String))).toEqual(new Set(expected.map(String)))
          expect(seen).toHaveLength(expected.length)
        } finally {
          workspace.dispose()
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('received cells replace those of the same day, and all of them can be deleted', () => {
  const workspace = new TestWorkspace()
  const { db, clientId } = workspace
  const cell = (day: number, callType: TeamCell['callType'], completed: number): TeamCell => ({
    day,
    callType,
    people: 3,
    dayPeople: 4,
    counts: { ...NO_CALLS, completed },
  })
  const save = (since: number, ...cells: TeamCell[]) => saveTeam(db, clientId, { cells, since, today: 9, asOf: 5 })
  const days = { first: 0, end: 9 }
  workspace.write(() => {
    expect(teamState(db, clientId)).toBeUndefined()
    save(3, cell(1, 'inbound', 1), cell(1, 'outbound', 2), cell(2, '', 3), cell(9, '', 4))
    expect(publishedCells(db, clientId, days)).toHaveLength(3)
    expect(teamState(db, clientId)).toEqual({ since: 3, today: 9, asOf: 5 })
    save(7, cell(1, '', 8))
    expect(publishedCells(db, clientId, days)).toEqual([cell(1, '', 8), cell(2, '', 3)])
    save(8, cell(1, 'inbound', 9))
    expect(publishedCells(db, clientId, days)).toEqual([cell(1, 'inbound', 9), cell(2, '', 3)])
    expect(() => save(9, { ...cell(1, 'inbound', 9), people: 2 }), 'fewer than three people').toThrow(/Nothing was saved|refused/)
    forgetTeam(db)
    expect([publishedCells(db, clientId, days), teamState(db, clientId)]).toEqual([[], undefined])
  })
  workspace.dispose()
})

test('the person’s own days contain no other person', () => {
  const workspace = new TestWorkspace()
  const { db, clientId, agentId, adminId } = workspace
  workspace.write(() =>
    insertCalls(
      db,
      [agentId, agentId, adminId].map((userId) => ({
        ...NO_OPTIONAL_FIELDS,
        id: workspace.newId(),
        clientId,
        userId,
        prospectName: 'Jo',
        callType: 'inbound' as const,
        status: 'completed' as const,
        outcome: 'won' as const,
        completedAt: START,
        createdAt: START,
      })),
    ),
  )
  const day = localDays(ZONE).dayAt(START)
  const everyone: ReportSelection = { clientId, zone: ZONE, userIds: null, callTypes: null }
  const expected = { day, callType: 'inbound', counts: { ...NO_CALLS, completed: 2, won: 2 } }
  for (const counts of [false, true]) {
    if (counts) countReportsIfDue(db)
    expect(ownDaysOf(db, everyone, agentId, { first: day, end: day + 1 })).toMatchObject([expected])
    expect(ownDaysOf(db, everyone, agentId, { first: day + 1, end: day + 2 })).toEqual([])
  }
  workspace.dispose()
})
