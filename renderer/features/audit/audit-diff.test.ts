import { expect, test } from 'vitest'
import { viewKey } from '../../../core/model/saved-views.ts'
import { createIdGenerator } from '../../../core/id.ts'
import type { AuditEntry } from '../../../core/model/audit.ts'
import { diffLines, entryTitle, isSecretChange, valueLines } from './audit-diff.ts'
import { fieldLabel } from './audit-labels.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const context = { zone: 'Europe/Berlin', person: (id: string) => `person ${id}`, lossReason: (id: string) => `reason ${id}` }

function entry(part: Partial<AuditEntry>): AuditEntry {
  return {
    id: newId(),
    clientId: newId(),
    userId: newId(),
    tableName: 'calls',
    recordId: newId(),
    action: 'UPDATE',
    oldValues: {},
    newValues: {},
    ipAddress: null,
    userAgent: null,
    createdAt: 0,
    ...part,
  }
}

test('a change shows the old and the new value as text', () => {
  const lines = diffLines(
    entry({
      oldValues: { status: 'scheduled', outcome: null, loss_reason_id: null, call_duration: null, user_id: 'a' },
      newValues: { status: 'completed', outcome: 'lost', loss_reason_id: 'r', call_duration: 245, user_id: 'b' },
    }),
    context,
  )
  expect(lines).toEqual([
    { field: 'Status', from: 'Scheduled', to: 'Completed' },
    { field: 'Outcome', from: '—', to: 'Lost' },
    { field: 'Loss reason', from: '—', to: 'reason r' },
    { field: 'Duration', from: '—', to: '4:05' },
    { field: 'Agent', from: 'person a', to: 'person b' },
  ])
})

test('the values of a record are shown as text, without its keys', () => {
  const values = { id: 'x', client_id: 'c', user_id: 'a', call_duration: 245, completed_at: 0, loss_reason_id: 'r', notes: null }
  expect(valueLines(values, context)).toEqual([
    { field: 'Agent', value: 'person a' },
    { field: 'Duration', value: '4:05' },
    { field: 'Completed at', value: '1970-01-01 01:00:00' },
    { field: 'Loss reason', value: 'reason r' },
    { field: 'Notes', value: '—' },
  ])
})

test.each([
  ['password', 'Wrong password'],
  ['deactivated', 'The account is deactivated'],
  ['no_password', 'No password was set'],
  ['of_another_version', 'of another version'],
])('the reason %s of an event is in words', (reason, to) => {
  expect(diffLines(entry({ action: 'LOGIN_FAILED', oldValues: null, newValues: { reason } }), context)).toEqual([
    { field: 'Reason', from: null, to },
  ])
})

test('a cleared field shows an empty new value', () => {
  expect(diffLines(entry({ oldValues: { notes: 'x' }, newValues: { notes: null } }), context)).toEqual([
    { field: 'Notes', from: 'x', to: '—' },
  ])
})

test('a new record has no old values and a deleted one no new values; neither shows its keys', () => {
  const values = { id: newId(), client_id: newId(), prospect_name: 'Jo', created_at: 0, completed_at: 0 }
  expect(diffLines(entry({ action: 'INSERT', oldValues: null, newValues: values }), context)).toEqual([
    { field: 'Prospect name', from: null, to: 'Jo' },
    { field: 'Completed at', from: null, to: '1970-01-01 01:00:00' },
  ])
  expect(diffLines(entry({ action: 'DELETE', oldValues: values, newValues: null }), context)[0]).toEqual({
    field: 'Prospect name',
    from: 'Jo',
    to: null,
  })
})

test('a setting is shown under its own name, without the quotes of its storage', () => {
  const changed = entry({
    tableName: 'client_settings',
    recordId: 'time_zone',
    oldValues: { value: '"UTC"' },
    newValues: { value: '"Europe/Berlin"' },
  })
  expect(diffLines(changed, context)).toEqual([{ field: 'Time zone', from: 'UTC', to: 'Europe/Berlin' }])
  const made = entry({
    tableName: 'client_settings',
    action: 'INSERT',
    oldValues: null,
    newValues: { key: 'week_start', value: '1' },
  })
  expect(diffLines(made, context)).toEqual([{ field: 'Week start', from: null, to: 'Monday' }])
})

test('an unknown value of another version is shown unchanged', () => {
  const lines = diffLines(entry({ oldValues: { status: 'ghosted' }, newValues: { status: 'completed' } }), context)
  expect(lines[0]?.from).toBe('ghosted')
  expect(fieldLabel('some_new_column')).toBe('Some new column')
})

test('a change of only a secret is shown as such', () => {
  const secret = entry({ tableName: 'users' })
  expect(isSecretChange(secret)).toBe(true)
  expect(entryTitle(secret)).toBe('Password changed')
  expect(isSecretChange(entry({ newValues: { notes: 'x' } }))).toBe(false)
})

test('the title of a line names the action and the record type', () => {
  expect(entryTitle(entry({ action: 'INSERT', newValues: { notes: 'x' } }))).toBe('Call created')
  expect(entryTitle(entry({ action: 'LOGIN', tableName: 'users' }))).toBe('Signed in')
})

test('events are described as text, without internal names', () => {
  const event = (action: AuditEntry['action'], newValues: Record<string, string | number>) => {
    const line = entry({ action, tableName: 'users', oldValues: null, newValues })
    return [entryTitle(line), ...diffLines(line, context).map(({ field, to }) => `${field}: ${to}`)]
  }
  expect(event('LOGIN', { unlock: 1 })).toEqual(['Unlocked'])
  expect(event('LOGIN', {})).toEqual(['Signed in'])
  expect(event('LOGIN', { enrol: 1 })).toEqual(['Device connected'])
  expect(event('LOGIN', { publication: 1 })).toEqual(['Device connected'])
  expect(event('LOGIN_FAILED', { reason: 'password', enrol: 1 })).toEqual(['Device not connected', 'Reason: Wrong password'])
  expect(event('IMPORT', { publication: 1, calls: 23_273 })).toEqual(['Workspace published', 'Calls: 23,273'])
  expect(event('IMPORT', { source: 'crm', rows: 9, created: 5, updated: 2, unchanged: 1, refused: 1 })).toEqual([
    'Imported',
    'Source: crm',
    'Rows read: 9',
    'New: 5',
    'Changed: 2',
    'Unchanged: 1',
    'Refused: 1',
  ])
  expect(event('LOGIN_FAILED', { reason: 'password' })).toEqual(['Failed sign-in', 'Reason: Wrong password'])
  expect(event('LOGOUT', { reason: 'expired' })).toEqual(['Signed out', 'Reason: The session ended'])
  expect(event('IMPORT', { rows: 3, cancelled: 1 })).toEqual(['Import cancelled', 'Rows read: 3'])
  expect(event('IMPORT', { rows: 3, cancelled: 0 })).toEqual(['Imported', 'Rows read: 3'])
  const undone = { undone: 1, removed: 2, restored: 0, kept: 1 }
  const counts = ['Calls removed: 2', 'Calls restored: 0', 'Calls kept because they were edited since: 1']
  expect(event('IMPORT', { ...undone, cancelled: 0 })).toEqual(['Import undone', ...counts])
  expect(event('IMPORT', { ...undone, cancelled: 1 })).toEqual(['Undo of an import cancelled', ...counts])
  expect(event('SYNC_REJECTED', { op_id: 'x', code: 'DELETED', field: 'user_id' })).toEqual([
    'Refused by the server',
    'Reason: The record was deleted',
    'Field: Agent',
  ])
})

test('an entry of the do-not-call list shows its reason as typed and who lifted it, and not the hash of its contact', () => {
  const values = { id: 'x', client_id: 'c', contact_hash: 'h', reason: 'no_calls', user_id: 'a', created_at: 0 }
  const added = entry({ tableName: 'do_not_call', action: 'INSERT', oldValues: null, newValues: values })
  expect(entryTitle(added)).toBe('Do-not-call entry created')
  expect(diffLines(added, context)).toEqual([
    { field: 'Reason', from: null, to: 'no_calls' },
    { field: 'Agent', from: null, to: 'person a' },
  ])
  const lifted = { oldValues: { lifted_at: null, lifted_by: null }, newValues: { lifted_at: 0, lifted_by: 'b' } }
  expect(diffLines(entry({ tableName: 'do_not_call', ...lifted }), context)).toEqual([
    { field: 'Lifted', from: '—', to: '1970-01-01 01:00:00' },
    { field: 'Lifted by', from: '—', to: 'person b' },
  ])
})

test('a call that continues another one shows the link', () => {
  const line = entry({ action: 'INSERT', oldValues: null, newValues: { id: 'x', follows_call_id: 'f' } })
  expect(diffLines(line, context)).toEqual([{ field: 'Continues call', from: null, to: 'f' }])
})

test('a target and a saved view have names instead of their keys', () => {
  const setting = (key: string, from: unknown, to: unknown) => {
    const value = (given: unknown) => ({ key, value: JSON.stringify(given) })
    return diffLines(
      entry({ tableName: 'client_settings', recordId: key, oldValues: value(from), newValues: value(to) }),
      context,
    )
  }
  expect(setting('target:2026-11:team:show_rate', 0.8, 0.9)).toEqual([
    { field: 'Target of the team in Nov 2026: Show rate', from: '80.0%', to: '90.0%' },
  ])
  const person = createIdGenerator(Date.now, (length) => new Uint8Array(length))()
  expect(setting(`target:2026-11:${person}:won`, null, 12)).toEqual([
    { field: `Target of person ${person} in Nov 2026: Won`, from: '—', to: '12' },
  ])
  const view = { name: 'Losses of November', filters: { period: 'this_month' } }
  expect(setting(viewKey(person), null, view)).toEqual([{ field: 'Saved view', from: '—', to: 'Losses of November' }])
})

test('calling hours are shown as a text', () => {
  const hours = (to: string) => ({ key: 'calling_hours', value: JSON.stringify({ from: '08:00', to, days: [1, 2, 3] }) })
  const line = entry({
    tableName: 'client_settings',
    recordId: 'calling_hours',
    oldValues: hours('20:00'),
    newValues: hours('18:00'),
  })
  expect(diffLines(line, context)).toEqual([{ field: 'Calling hours', from: '08:00–20:00, Mon–Wed', to: '08:00–18:00, Mon–Wed' }])
})
