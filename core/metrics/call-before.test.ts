import { expect, test } from 'vitest'
import { userIdSchema } from '../id.ts'
import { callBefore } from './call-before.ts'
import type { CountedCall } from './counted-call.ts'

const userId = userIdSchema.parse('01890a5d-ac96-774b-bcce-b302099a8057')
const call: CountedCall = {
  userId,
  callType: 'inbound',
  status: 'completed',
  outcome: 'won',
  lossReasonId: null,
  callDuration: 60,
  scheduledAt: null,
  completedAt: 5,
  createdAt: 1,
}

test('before its creation or restore there was no call', () => {
  expect(callBefore({ action: 'INSERT', oldValues: null }, call)).toBeNull()
})

test('undoing an edit restores only the fields that it changed, including null', () => {
  const line = { action: 'UPDATE', oldValues: { outcome: 'lost', call_duration: null, notes: 'x' } } as const
  expect(callBefore(line, call)).toEqual({ ...call, outcome: 'lost', callDuration: null })
  expect(callBefore({ action: 'UPDATE', oldValues: { notes: 'x' } }, call)).toBe(call)
})

test('undoing a deletion restores all fields; fields missing from its line were empty', () => {
  const oldValues = { user_id: userId, call_type: 'inbound', status: 'no_show', scheduled_at: 7, created_at: 1, notes: 'x' }
  const before = callBefore({ action: 'DELETE', oldValues }, null)
  const empty = { outcome: null, callDuration: null, completedAt: null }
  expect(before).toEqual({ ...call, ...empty, status: 'no_show', scheduledAt: 7 })
})

test('before a handover whose former owner is hidden, the call was not theirs', () => {
  expect(callBefore({ action: 'UPDATE', oldValues: null }, call)).toBeNull()
})
