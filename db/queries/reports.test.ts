import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NO_CALLS, NO_REASON, type CallCounts } from '../../core/metrics/metrics.ts'
import type { Call } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { deleteCall, insertCalls, restoreCall, updateCall } from '../commands/calls.ts'
import { rows } from '../statements.ts'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { countCalls, listCalls } from './calls.ts'
import { countsByRange, lossCounts } from './reports.ts'

const DAY = 86_400_000
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60)

let workspace: TestWorkspace
beforeAll(() => void (workspace = new TestWorkspace()))
afterAll(() => workspace.dispose())

function draw(numbers: readonly number[]) {
  const pick = <T>(list: readonly T[], n = 0) => list[n % list.length] as T
  const [kind, how, when = 0, why, long = 0, who] = numbers
  const status = pick(CALL_STATUSES, kind)
  const outcome = status === 'completed' ? pick(CALL_OUTCOMES, how) : null
  const at = START - (when % 40) * (DAY / 8)
  return {
    status,
    outcome,
    userId: pick([workspace.agentId, workspace.adminId], who),
    callType: pick(CALL_TYPES, how),
    lossReasonId: outcome === 'lost' ? pick([workspace.priceId, workspace.timingId, null], why) : null,
    callDuration: long % 3 === 0 ? null : long % 600,
    scheduledAt: status === 'completed' ? null : at,
    completedAt: status === 'completed' ? at : null,
  }
}

const numbers = fc.array(fc.nat(10_000), { minLength: 6, maxLength: 6 })
const edges = fc.integer({ min: -6 * 8, max: 8 }).map((eighths) => START + eighths * (DAY / 8))

function counted(calls: readonly Call[]): CallCounts {
  const counts = { ...NO_CALLS }
  const names = {
    completed: 'completed',
    no_show: 'noShow',
    rescheduled: 'rescheduled',
    cancelled: 'cancelled',
    scheduled: 'scheduled',
  } as const
  for (const call of calls) {
    counts[names[call.status]]++
    if (call.outcome !== null) counts[call.outcome]++
    if (call.status === 'completed' && call.callDuration !== null) {
      counts.talkCalls++
      counts.talkSeconds += call.callDuration
    }
  }
  return counts
}

test(
  'figures, losses and counts are those of the calls, whatever was inserted, changed, deleted and restored',
  { timeout: 60_000 },
  () => {
    const { db, clientId } = workspace
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('update', 'delete', 'restore'), numbers), { maxLength: 8 }),
        edges,
        edges,
        fc.boolean(),
        (drawn, changes, one, other, ofAgent) => {
          const added = drawn.map((list) => workspace.newCall(draw(list)))
          workspace.write(() => insertCalls(db, added))
          for (const [which, what, list] of changes) {
            const { id } = added[which % added.length] ?? { id: '' }
            const exists = rows(db, 'SELECT 1 FROM calls WHERE id = :id', { id }).length === 1
            if (what === 'update' && exists) workspace.write(() => updateCall(db, id, draw(list)))
            if (what === 'delete' && exists) workspace.write(() => deleteCall(db, id))
            if (what === 'restore' && !exists) workspace.write(() => restoreCall(db, id))
          }
          const range = { from: Math.min(one, other), to: Math.max(one, other) }
          const userIds = ofAgent ? [workspace.agentId] : null
          const request = { sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 500 } as const
          const calls = listCalls(
            db,
            clientId,
            { ...request, filter: { ...range, ...(userIds === null ? {} : { userIds }) } },
            null,
          ).rows
          expect(countsByRange(db, clientId, range, userIds)).toEqual(counted(calls))
          const lost = calls.filter((call) => call.outcome === 'lost')
          const losses = lossCounts(db, clientId, range, userIds)
          for (const { lossReasonId, count } of losses)
            expect(count).toBe(lost.filter((call) => call.lossReasonId === lossReasonId).length)
          expect(losses.reduce((sum, { count }) => sum + count, 0)).toBe(lost.length)
          // The totals hold nothing that is not a call, and no empty line.
          const totals = rows<{ calls: number; least: number }>(
            db,
            'SELECT sum(calls) AS calls, min(calls) AS least FROM local_call_totals',
          )
          const stored = rows<{ calls: number }>(db, 'SELECT count(*) AS calls FROM calls')
          expect(totals[0]?.calls ?? 0).toBe(stored[0]?.calls)
          expect(totals[0]?.least ?? 1).toBeGreaterThan(0)
          expect(countCalls(db, clientId, {}, null)).toBe(stored[0]?.calls)
          workspace.write(() => db.sqlite.exec('DELETE FROM calls'))
          expect(rows(db, 'SELECT day FROM local_call_totals')).toEqual([])
        },
      ),
      { numRuns: RUNS },
    )
    db.sqlite.exec(`INSERT INTO calls_text (calls_text, rank) VALUES ('integrity-check', 1)`)
  },
)

test('a lost call without a reason is counted as none, and an inactive reason keeps its name', () => {
  const { db, clientId, priceId } = workspace
  const lost = { status: 'completed', outcome: 'lost', completedAt: START } as const
  workspace.addCall(lost)
  workspace.addCall({ ...lost, lossReasonId: priceId })
  workspace.write(() => db.sqlite.exec(`UPDATE loss_reasons SET is_active = 0 WHERE id = '${priceId}'`))
  const losses = lossCounts(db, clientId, { from: 0, to: START + 1 }, null)
  expect(losses).toHaveLength(2)
  expect(losses).toContainEqual({ lossReasonId: null, name: NO_REASON, isActive: true, count: 1 })
  expect(losses).toContainEqual({ lossReasonId: priceId, name: 'Price', isActive: false, count: 1 })
})
