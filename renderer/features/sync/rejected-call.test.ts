import { expect, test } from 'vitest'
import type { Call } from '../../../core/model/call.ts'
import { emptyCall, proposedCall, type Rejection } from './rejected-call.ts'

const empty = emptyCall('me')
const refused = (values: Rejection['values']): Rejection => ({
  opId: 'op',
  txId: 'tx',
  table: 'calls',
  rowId: 'row',
  action: 'UPDATE',
  values,
  code: 'INVALID',
  field: 'loss_reason_id',
  current: null,
  at: 7,
})

test('a refused new call has all typed values', () => {
  const values = {
    prospect_name: 'Jo',
    status: 'completed',
    outcome: 'lost',
    loss_reason_id: 'gone',
    completed_at: 5,
    call_duration: 61,
  }
  expect(proposedCall({ ...refused(values), action: 'INSERT' }, undefined, empty)).toMatchObject({
    userId: 'me',
    prospectName: 'Jo',
    status: 'completed',
    outcome: 'lost',
    lossReasonId: 'gone',
    completedAt: 5,
    callDuration: 61,
  })
})

test('a refused edit is applied to the current call; a cleared field stays cleared', () => {
  const existing: Call = {
    ...empty,
    id: 'row',
    clientId: 'c',
    followsCallId: null,
    eventAt: 1,
    createdAt: 1,
    updatedAt: 2,
    notes: 'Theirs',
    prospectName: 'New Name',
  }
  expect(proposedCall(refused({ notes: null, is_active: 1 }), existing, empty)).toEqual({ ...existing, notes: null })
})
