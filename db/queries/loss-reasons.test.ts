import { afterEach, beforeEach, expect, test } from 'vitest'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { lossReasonsByUse } from './loss-reasons.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

test('the reasons of a person’s own lost calls in the period, the most used first', () => {
  const { db, clientId, agentId, adminId, priceId, timingId: timing } = workspace
  const lost = (lossReasonId: typeof priceId | null, completedAt = START, userId = agentId) =>
    workspace.addCall({ status: 'completed', outcome: 'lost', completedAt, lossReasonId, userId })
  lost(priceId)
  lost(timing)
  lost(timing)
  lost(null)
  // Others' calls, and calls outside of the period.
  for (let n = 0; n < 3; n++) lost(priceId, START, adminId)
  for (let n = 0; n < 3; n++) lost(priceId, START + 1_000)
  for (let n = 0; n < 3; n++) lost(priceId, START - 1_001)
  const range = { from: START - 1_000, to: START + 1_000 }
  expect(lossReasonsByUse(db, clientId, agentId, range)).toEqual([timing, priceId])
  expect(lossReasonsByUse(db, clientId, adminId, range)).toEqual([priceId])
  expect(lossReasonsByUse(db, clientId, agentId, { from: 0, to: 1 })).toEqual([])
})
