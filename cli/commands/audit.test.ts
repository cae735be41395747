import { expect, test } from 'vitest'
import type { TrailEntry } from '../../core/model/audit.ts'
import { auditTable } from './audit.ts'

const ADA = '01999999-0000-7000-8000-00000000000a'
const BEN = '01999999-0000-7000-8000-00000000000b'
const PRICE = '01999999-0000-7000-8000-00000000000c'
const CALL = '01999999-0000-7000-8000-00000000000d'
const CLIENT = '01999999-0000-7000-8000-00000000000e'
const UNKNOWN = '01999999-0000-7000-8000-00000000000f'
const AT = Date.UTC(2026, 6, 1, 22, 30)

const names = {
  user: (id: string) => ({ [ADA]: 'Ada', [BEN]: 'Ben (inactive)' })[id] ?? id,
  lossReason: (id: string | null) => (id === PRICE ? 'Price' : (id ?? '')),
  client: 'Acme',
}
const line = (fields: Partial<TrailEntry>): TrailEntry => ({
  id: UNKNOWN,
  clientId: CLIENT,
  userId: ADA,
  tableName: 'calls',
  recordId: CALL,
  action: 'UPDATE',
  oldValues: {},
  newValues: {},
  ipAddress: null,
  userAgent: null,
  createdAt: AT,
  isWaiting: false,
  ...fields,
})
const shown = (fields: Partial<TrailEntry>) => auditTable([line(fields)], names, 'Asia/Kathmandu').split('\n')[1] ?? ''

test('values of a call are shown as names, local times and durations', () => {
  const oldValues = { user_id: ADA, loss_reason_id: null, scheduled_at: AT, completed_at: null, call_duration: 61 }
  const newValues = { user_id: BEN, loss_reason_id: PRICE, scheduled_at: null, completed_at: AT, call_duration: 3_600 }
  const text = shown({ oldValues, newValues })
  for (const part of [
    'user_id: Ada → Ben (inactive)',
    'loss_reason_id: – → Price',
    'scheduled_at: 2026-07-02 04:15 → –',
    'completed_at: – → 2026-07-02 04:15',
    'call_duration: 1:01 → 1:00:00',
  ])
    expect(text).toContain(part)
  expect(text).not.toMatch(/\d{13}/)
})

test('a new or deleted record shows neither its own id nor its client’s', () => {
  const values = { id: CALL, client_id: CLIENT, user_id: ADA, created_at: AT, prospect_name: 'Jo' }
  for (const fields of [
    { action: 'INSERT' as const, oldValues: null, newValues: values },
    { action: 'DELETE' as const, oldValues: values, newValues: null },
  ]) {
    const text = shown(fields)
    expect(text).toContain('created_at: 2026-07-02 04:15')
    expect(text).not.toContain(CLIENT)
    expect(text.split(CALL), 'the id that “call show” takes').toHaveLength(2)
  }
})

test('people, loss reasons and the client are shown by name; a record without a name by its id', () => {
  const records = [
    ['users', BEN, 'Ben (inactive)'],
    ['loss_reasons', PRICE, 'Price'],
    ['clients', CLIENT, 'Acme'],
    ['calls', CALL, CALL],
    ['users', UNKNOWN, UNKNOWN],
    ['client_settings', 'time_zone', 'time_zone'],
  ]
  for (const [tableName = '', recordId = '', name = ''] of records)
    expect(shown({ tableName, recordId }).replace(/^.*?UPDATE +/, '')).toBe(`${tableName}  ${name}`)
})

test('the time of a sign-in is local', () => {
  const fields = { tableName: 'users', recordId: ADA, oldValues: null, newValues: { last_login: AT } }
  expect(shown(fields)).toContain('last_login: 2026-07-02 04:15')
})
