import type { UserId } from '../id.ts'
import { describe, expect, test } from 'vitest'
import { formatHybridTime } from '../hybrid-clock.ts'
import { ROLES, may, reach, type Role } from '../roles.ts'
import type { Values } from './merge.ts'
import { callOf, codeOf, newId, person, stamps, TestRows, WON } from './testing/test-rows.ts'

const newCall = (userId: UserId) => ({ user_id: userId, prospect_name: 'Jo', call_type: 'inbound', ...WON, created_at: 5 })

function setUp(role: Role) {
  const rows = new TestRows()
  rows.seed('clients', { name: 'Acme', email: null, phone: null, address: null, is_active: 1, ...stamps }, rows.clientId)
  const me = rows.seed('users', person(role, 'me'))
  const other = rows.seed('users', person('agent', 'other'))
  rows.seed('users', person('admin', 'boss'))
  const reason = rows.seed('loss_reasons', { name: 'Price', description: null, is_active: 1, ...stamps })
  rows.seed('client_settings', { value: '1' }, 'week_start')
  return { rows, me, other, reason }
}

describe.each(ROLES)('[S13] %s', (role) => {
  test.each(['me', 'other'] as const)('calls of %s', (whose) => {
    const { rows, me, other } = setUp(role)
    const owner = whose === 'me' ? me : other
    const mayRead = may(role, 'calls.read', me, owner)
    const refused = mayRead ? 'FORBIDDEN' : 'NOT_FOUND'
    const call = () => rows.seed('calls', callOf(owner))
    const expected = (allowed: boolean) => (allowed ? 'ok' : refused)

    expect(codeOf(rows.judge(me, 'calls', call(), 'UPDATE', { notes: 'x' }))).toBe(expected(may(role, 'calls.edit', me, owner)))
    expect(codeOf(rows.judge(me, 'calls', call(), 'DELETE'))).toBe(expected(may(role, 'calls.delete', me, owner)))
    const deleted = call()
    rows.remove(deleted)
    expect(codeOf(rows.judge(me, 'calls', deleted, 'RESTORE'))).toBe(expected(may(role, 'calls.restore', me, owner)))
    const heir = owner === me ? other : me
    const mayGive = may(role, 'calls.edit', me, owner) && may(role, 'calls.reassign', me, owner)
    expect(codeOf(rows.judge(me, 'calls', call(), 'UPDATE', { user_id: heir }))).toBe(expected(mayGive))
    const mayMake =
      may(role, 'calls.create', me, owner) || (reach(role, 'calls.create') !== 'none' && may(role, 'calls.reassign', me, owner))
    expect(codeOf(rows.judge(me, 'calls', newId(), 'INSERT', newCall(owner)))).toBe(mayMake ? 'ok' : 'FORBIDDEN')
    // A new call with the id of an existing one is an edit of it. The answer does not reveal the owner of the id.
    const again = codeOf(rows.judge(me, 'calls', call(), 'INSERT', newCall(owner)))
    expect(again).toBe(mayRead ? (may(role, 'calls.edit', me, owner) ? 'ok' : 'FORBIDDEN') : 'CONFLICT')
  })

  test('each role may change only the client’s records that its permissions cover', () => {
    const { rows, me, other, reason } = setUp(role)
    const expected = (permission: 'users.edit' | 'loss_reasons.edit' | 'settings.edit') =>
      reach(role, permission) === 'all' ? 'ok' : 'FORBIDDEN'
    const newUser = { name: 'New', role: 'admin', is_active: 1, email: 'new@acme.test', password_hash: null, created_at: 5 }
    expect(codeOf(rows.judge(me, 'users', newId(), 'INSERT', newUser))).toBe(expected('users.edit'))
    expect(codeOf(rows.judge(me, 'users', other, 'UPDATE', { role: 'team_lead' }))).toBe(expected('users.edit'))
    expect(codeOf(rows.judge(me, 'users', other, 'UPDATE', { password_hash: null }))).toBe(expected('users.edit'))
    expect(codeOf(rows.judge(me, 'loss_reasons', reason, 'UPDATE', { name: 'Too dear' }))).toBe(expected('loss_reasons.edit'))
    const newReason = { name: 'Other', description: null, is_active: 1, created_at: 5 }
    expect(codeOf(rows.judge(me, 'loss_reasons', newId(), 'INSERT', newReason))).toBe(expected('loss_reasons.edit'))
    expect(codeOf(rows.judge(me, 'client_settings', 'week_start', 'UPDATE', { value: '7' }))).toBe(expected('settings.edit'))
    expect(codeOf(rows.judge(me, 'clients', rows.clientId, 'UPDATE', { name: 'Bolt' }))).toBe(expected('settings.edit'))
  })

  test('targets and shared views are changed by those whose role allows it, and no one changes another person’s settings', () => {
    const { rows, me, other } = setUp(role)
    const insert = (table: 'client_settings' | 'user_settings', id: string, values: Values) =>
      codeOf(rows.judge(me, table, id, 'INSERT', values))
    const expected = (permission: 'targets.edit' | 'views.share' | 'settings.edit') =>
      reach(role, permission) === 'all' ? 'ok' : 'FORBIDDEN'
    for (const whose of ['team', me, other]) {
      const key = `target:2026-11:${whose}:won`
      expect(insert('client_settings', key, { value: '40' })).toBe(expected('targets.edit'))
      rows.seed('client_settings', { value: '40' }, key)
      expect(codeOf(rows.judge(me, 'client_settings', key, 'UPDATE', { value: 'null' }))).toBe(expected('targets.edit'))
    }
    expect(insert('client_settings', `view:${newId()}`, { value: '{"name":"Mondays"}' })).toBe(expected('views.share'))
    expect(insert('client_settings', 'idle_lock_minutes', { value: '9' })).toBe(expected('settings.edit'))
    const setting = (owner: UserId, key: string) => ({ user_id: owner, key, value: '1' })
    expect(insert('user_settings', `${me}:theme`, setting(me, 'theme'))).toBe('ok')
    expect(codeOf(rows.judge(me, 'user_settings', `${me}:theme`, 'UPDATE', { value: '2' }, rows.seq))).toBe('ok')
    expect(insert('user_settings', `${other}:theme`, setting(other, 'theme'))).toBe('FORBIDDEN')
    rows.seed('user_settings', setting(other, 'theme'), `${other}:theme`)
    expect(codeOf(rows.judge(me, 'user_settings', `${other}:theme`, 'UPDATE', { value: '2' }))).toBe('FORBIDDEN')
    // The id decides, not the column.
    expect(insert('user_settings', `${me}:colour`, setting(other, 'colour'))).toBe('INVALID')
    expect(codeOf(rows.judge(me, 'user_settings', `${me}:theme`, 'DELETE'))).toBe('FORBIDDEN')
  })

  test('no one can raise their own role, and everyone can change their own password', () => {
    const { rows, me } = setUp(role)
    const allowed = reach(role, 'users.edit') === 'all' ? 'ok' : 'FORBIDDEN'
    expect(codeOf(rows.judge(me, 'users', me, 'UPDATE', { name: 'Me, the king' }))).toBe(allowed)
    const hash = `$2b$12$${'a'.repeat(53)}`
    expect(codeOf(rows.judge(me, 'users', me, 'UPDATE', { password_hash: hash }))).toBe('ok')
    expect(codeOf(rows.judge(me, 'users', me, 'UPDATE', { password_hash: hash, name: 'Me' }))).toBe(allowed)
    expect(codeOf(rows.judge(me, 'users', me, 'UPDATE', { role: 'admin' }))).toBe(allowed)
  })

  test('no one can delete people, reasons, settings or the client, or create a second client', () => {
    const { rows, me, other, reason } = setUp(role)
    const records = [
      ['users', other],
      ['loss_reasons', reason],
      ['client_settings', 'week_start'],
      ['clients', rows.clientId],
    ] as const
    for (const [table, id] of records) expect(codeOf(rows.judge(me, table, id, 'DELETE'))).toBe('FORBIDDEN')
    const client = { name: 'Second', email: null, phone: null, address: null, created_at: 5 }
    expect(codeOf(rows.judge(me, 'clients', newId(), 'INSERT', client))).toBe('FORBIDDEN')
  })
})

test('[S13] a deactivated person cannot change anything', () => {
  const { rows, me } = setUp('admin')
  rows.seed('users', { ...person('admin', 'me'), is_active: 0 }, me)
  expect(codeOf(rows.judge(me, 'calls', newId(), 'INSERT', newCall(me)))).toBe('FORBIDDEN')
  expect(codeOf(rows.judge(newId(), 'calls', newId(), 'INSERT', newCall(me)))).toBe('FORBIDDEN')
})

test('[S13] the server applies the model’s rules to the operations of every device', () => {
  const { rows, me } = setUp('admin')
  const call = rows.seed('calls', callOf(me))
  const wrong: readonly [string, Values][] = [
    ['outcome', { status: 'no_show', outcome: 'won', loss_reason_id: null, completed_at: null }],
    ['completed_at', { status: 'completed', outcome: 'won', loss_reason_id: null, completed_at: null }],
    ['loss_reason_id', { ...WON, loss_reason_id: newId() }],
    ['status', { status: 'asleep', outcome: null, loss_reason_id: null, completed_at: null }],
    ['call_duration', { call_duration: -1 }],
    ['prospect_name', { prospect_name: '' }],
    ['created_at', { created_at: 9 }],
    ['updated_at', { updated_at: 9 }],
    ['user_id', { user_id: newId() }],
    ['id', {}],
  ]
  for (const [field, values] of wrong)
    expect(rows.judge(me, 'calls', call, 'UPDATE', values), field).toMatchObject({ code: 'INVALID', field })
  const { user_id: _, ...ownerless } = newCall(me)
  expect(rows.judge(me, 'calls', newId(), 'INSERT', ownerless)).toMatchObject({ code: 'INVALID', field: 'user_id' })
  expect(rows.judge(me, 'calls', 'no id', 'INSERT', newCall(me))).toMatchObject({ code: 'INVALID' })
  expect(rows.judge(me, 'client_settings', 'week_start', 'UPDATE', { value: '9' })).toMatchObject({
    code: 'INVALID',
    field: 'value',
  })
})

test('[S9] an edit of a part of the outcome is refused, because it could not be merged', () => {
  const { rows, me } = setUp('agent')
  const call = rows.seed('calls', callOf(me))
  expect(rows.judge(me, 'calls', call, 'UPDATE', { outcome: 'undecided' })).toMatchObject({ code: 'INVALID' })
  expect(codeOf(rows.judge(me, 'calls', call, 'UPDATE', { ...WON, outcome: 'undecided' }))).toBe('ok')
})

test('[S12] a rejection contains the code, the field and the server’s value, and changes nothing', () => {
  const { rows, me } = setUp('agent')
  const call = rows.seed('calls', { ...callOf(me), call_duration: 60 })
  const before = new Map(rows.tables)
  expect(rows.judge(me, 'calls', call, 'UPDATE', { call_duration: -5 })).toEqual({
    verdict: 'rejected',
    code: 'INVALID',
    field: 'call_duration',
    current: 60,
  })
  expect(rows.tables).toEqual(before)
})

test('[S16] a rejection does not show a secret', () => {
  const { rows, me } = setUp('admin')
  const victim = rows.seed('users', { ...person('agent', 'victim'), password_hash: `$2b$12$${'a'.repeat(53)}` })
  expect(rows.judge(me, 'users', victim, 'UPDATE', { password_hash: 'nonsense' })).toMatchObject({
    field: 'password_hash',
    current: null,
  })
})

test('[S16] neither the trail nor a conflict holds a password hash', () => {
  const { rows, me, other } = setUp('admin')
  const hash = (letter: string) => `$2b$12$${letter.repeat(53)}`
  const changed = rows.judge(me, 'users', other, 'UPDATE', { password_hash: hash('a') })
  // Made on an older version, so that the two edits are concurrent.
  const met = rows.judge(other, 'users', other, 'UPDATE', { password_hash: hash('b') })
  const made = rows.judge(me, 'users', newId(), 'INSERT', {
    name: 'N',
    role: 'agent',
    is_active: 1,
    email: 'n@x.test',
    password_hash: hash('c'),
    created_at: 5,
  })
  expect([changed, met, made].map(codeOf)).toEqual(['ok', 'ok', 'ok'])
  expect(JSON.stringify([changed, met, made])).not.toContain('$2b$')
  // The line shows that something changed, with two empty objects.
  expect(changed).toMatchObject({ trail: { action: 'UPDATE', old: {}, new: {} } })
})

test('[S11] a deletion beats an edit, and a restore brings the row back', () => {
  const { rows, me, other } = setUp('agent')
  const call = rows.seed('calls', callOf(me))
  const deleted = rows.judge(me, 'calls', call, 'DELETE')
  expect(deleted).toMatchObject({
    verdict: 'accepted',
    trail: { action: 'DELETE', new: null },
    ownerBefore: me,
    ownerAfter: null,
  })
  expect(codeOf(rows.judge(me, 'calls', call, 'UPDATE', { notes: 'too late' }))).toBe('DELETED')
  expect(codeOf(rows.judge(other, 'calls', call, 'UPDATE', { notes: 'not mine' }))).toBe('NOT_FOUND')
  expect(codeOf(rows.judge(other, 'calls', call, 'INSERT', newCall(other)))).toBe('CONFLICT')
  expect(rows.judge(me, 'calls', call, 'DELETE')).toMatchObject({ verdict: 'accepted', trail: null })
  expect(codeOf(rows.judge(me, 'calls', call, 'INSERT', newCall(me)))).toBe('DELETED')
  expect(rows.row('calls', call)).toBeUndefined()
  expect(codeOf(rows.judge(other, 'calls', call, 'RESTORE'))).toBe('NOT_FOUND')
  const restored = rows.judge(me, 'calls', call, 'RESTORE')
  expect(restored).toMatchObject({
    verdict: 'merged',
    trail: { action: 'INSERT', old: null, new: { id: call, prospect_name: 'Jo' } },
    ownerBefore: null,
    ownerAfter: me,
  })
  expect(rows.row('calls', call)?.values['prospect_name']).toBe('Jo')
  expect(rows.judge(me, 'calls', call, 'RESTORE')).toMatchObject({ verdict: 'merged', trail: null, ownerAfter: me })
})

test('[S11] a restored call has the last accepted values and versions, so an edit from before the deletion merges', () => {
  const { rows, me, other } = setUp('team_lead')
  const call = rows.seed('calls', callOf(other))
  rows.judge(me, 'calls', call, 'UPDATE', { notes: 'accepted later' })
  const edited = rows.seq
  const before = rows.row('calls', call)
  rows.judge(other, 'calls', call, 'DELETE')
  rows.judge(me, 'calls', call, 'RESTORE')
  const { values, versions, version, changedBy } = rows.row('calls', call) ?? {}
  expect(values).toEqual({ ...before?.values, updated_at: 1_800_000_000_000 + rows.seq })
  expect([versions, version, changedBy]).toEqual([before?.versions, rows.seq, me])
  const late = rows.judge(other, 'calls', call, 'UPDATE', { prospect_phone: '030 1' })
  expect(late).toMatchObject({ verdict: 'accepted', conflicts: [] })
  const sameField = rows.judge(other, 'calls', call, 'UPDATE', { notes: 'also edited' })
  expect(sameField).toMatchObject({ conflicts: [{ columns: ['notes'], version: rows.seq }] })
  expect(edited).toBeLessThan(rows.seq)
})

test('[S11] [S13] a restore carries no values, and needs a call that was deleted', () => {
  const { rows, me } = setUp('admin')
  const call = rows.seed('calls', callOf(me))
  rows.judge(me, 'calls', call, 'DELETE')
  expect(codeOf(rows.judge(me, 'calls', call, 'RESTORE', { notes: 'planted' }))).toBe('INVALID')
  expect(codeOf(rows.judge(me, 'calls', newId(), 'RESTORE'))).toBe('NOT_FOUND')
  expect(codeOf(rows.judge(me, 'calls', 'no id', 'RESTORE'))).toBe('INVALID')
})

test('[S11] [S13] values from a device’s audit trail are checked before they are restored', () => {
  const { rows, me } = setUp('admin')
  const unknown = { base: 0, overrides: null }
  const remember = (values: Values) => {
    const id = newId()
    rows.deleted.set(id, { values: { ...callOf(me), ...values }, version: 0, versions: unknown, changedBy: me })
    return rows.judge(me, 'calls', id, 'RESTORE')
  }
  expect(remember({})).toMatchObject({ verdict: 'merged' })
  expect(remember({ loss_reason_id: newId(), outcome: 'lost' })).toMatchObject({ code: 'INVALID', field: 'loss_reason_id' })
  expect(remember({ call_duration: -1 })).toMatchObject({ code: 'INVALID', field: 'call_duration' })
  expect(remember({ completed_at: null })).toMatchObject({ code: 'INVALID' })
})

test('a taken unique value is a conflict that contains the id of the row that has it', () => {
  const { rows, me, reason } = setUp('team_lead')
  const another = rows.seed('loss_reasons', { name: 'Timing', description: null, is_active: 1, ...stamps })
  expect(rows.judge(me, 'loss_reasons', another, 'UPDATE', { name: 'PRICE' })).toMatchObject({
    code: 'CONFLICT',
    field: 'name',
    current: reason,
  })
  expect(codeOf(rows.judge(me, 'loss_reasons', reason, 'UPDATE', { name: 'PRICE' }))).toBe('ok')
})

test('the last active admin cannot be deactivated or get another role', () => {
  const { rows, me } = setUp('admin')
  const [boss] = [...rows.tables.keys()].filter((place) => place.startsWith('users ') && place !== `users ${me}`).slice(-1)
  const bossId = boss?.slice('users '.length) ?? ''
  expect(codeOf(rows.judge(me, 'users', bossId, 'UPDATE', { role: 'agent' }))).toBe('ok')
  expect(rows.judge(me, 'users', me, 'UPDATE', { role: 'agent' })).toMatchObject({
    code: 'CONFLICT',
    field: 'role',
    current: 'admin',
  })
  expect(rows.judge(me, 'users', me, 'UPDATE', { is_active: 0 })).toMatchObject({ code: 'CONFLICT', field: 'is_active' })
})

test('the same import on a second device changes nothing', () => {
  const { rows, me } = setUp('admin')
  const id = newId()
  const first = rows.judge(me, 'calls', id, 'INSERT', newCall(me))
  const before = rows.row('calls', id)?.values
  const second = rows.judge(me, 'calls', id, 'INSERT', newCall(me))
  expect(first).toMatchObject({ verdict: 'accepted', trail: { action: 'INSERT' } })
  expect(second).toMatchObject({ trail: null, conflicts: [] })
  expect(rows.row('calls', id)?.values).toEqual(before)
})

describe('events', () => {
  test('people report only their own sign-ins', () => {
    const { rows, me, other } = setUp('agent')
    expect(rows.judge(me, 'users', me, 'LOGIN', { unlock: 1 })).toMatchObject({
      verdict: 'accepted',
      trail: { action: 'LOGIN', new: { unlock: 1 } },
    })
    expect(Number(rows.row('users', me)?.values['last_login'])).toBeGreaterThan(0)
    expect(codeOf(rows.judge(me, 'users', other, 'LOGIN_FAILED'))).toBe('FORBIDDEN')
    expect(codeOf(rows.judge(me, 'clients', newId(), 'EXPORT', { rows: 1 }))).toBe('FORBIDDEN')
    expect(codeOf(rows.judge(me, 'clients', rows.clientId, 'EXPORT', { rows: 1 }))).toBe('ok')
  })

  test.each(ROLES)('only people who may import report an import, under its own id: %s', (role) => {
    const { rows, me } = setUp(role)
    const allowed = reach(role, 'import.run') === 'all' ? 'ok' : 'FORBIDDEN'
    expect(codeOf(rows.judge(me, 'calls', newId(), 'IMPORT', { rows: 1 }))).toBe(allowed)
  })

  test('an event is refused if it is about another person’s call, contains a secret, or is too long', () => {
    const { rows, me, other } = setUp('agent')
    const call = rows.seed('calls', callOf(other))
    expect(codeOf(rows.judge(me, 'calls', call, 'EXPORT'))).toBe('NOT_FOUND')
    expect(codeOf(rows.judge(me, 'users', me, 'LOGIN', { password_hash: 'x' }))).toBe('INVALID')
    expect(codeOf(rows.judge(me, 'users', me, 'LOGIN', { text: 'x'.repeat(600) }))).toBe('INVALID')
    expect(codeOf(rows.judge(me, 'clients', rows.clientId, 'EXPORT', { text: 'x'.repeat(5_000) }))).toBe('INVALID')
  })

  test.each(ROLES)('only actions that the role allows are written to the trail: %s', (role) => {
    const { rows, me } = setUp(role)
    const expected = (permission: 'export.run' | 'backup.run') => (reach(role, permission) === 'none' ? 'FORBIDDEN' : 'ok')
    const told = (action: 'EXPORT' | 'BACKUP' | 'RESTORE') => codeOf(rows.judge(me, 'clients', rows.clientId, action))
    expect([told('EXPORT'), told('BACKUP'), told('RESTORE')]).toEqual([
      expected('export.run'),
      expected('backup.run'),
      expected('backup.run'),
    ])
    for (const action of ['LOGIN', 'LOGOUT', 'LOGIN_FAILED'] as const)
      expect(codeOf(rows.judge(me, 'users', me, action))).toBe('ok')
  })

  test('an event must name the table of its kind', () => {
    const { rows, me } = setUp('admin')
    expect(codeOf(rows.judge(me, 'clients', rows.clientId, 'LOGIN'))).toBe('INVALID')
    expect(codeOf(rows.judge(me, 'client_settings', 'time_zone', 'BACKUP'))).toBe('INVALID')
    expect(codeOf(rows.judge(me, 'loss_reasons', newId(), 'EXPORT'))).toBe('INVALID')
    expect(codeOf(rows.judge(me, 'users', me, 'IMPORT'))).toBe('INVALID')
  })
})

test('a rejection contains only the beginning of a long value', () => {
  const { rows, me } = setUp('agent')
  const call = rows.seed('calls', { ...callOf(me), notes: `${'a'.repeat(199)}😀${'b'.repeat(9_000)}` })
  const rejected = rows.judge(me, 'calls', call, 'UPDATE', { notes: ' untidy ' })
  expect(rejected).toMatchObject({ verdict: 'rejected', code: 'INVALID', field: 'notes' })
  const current = rejected.verdict === 'rejected' ? String(rejected.current) : ''
  expect(current.length).toBe(201)
  expect(current.isWellFormed()).toBe(true)
})

test('[S11] a new reason with a taken name becomes an alias, and operations that name it use the surviving reason', () => {
  const { rows, me, reason } = setUp('team_lead')
  rows.authors.set(1, { opId: newId(), deviceId: 'publisher', deviceSeq: 1, userId: me, clock: formatHybridTime(1, 0) })
  const id = newId()
  const made = { name: 'PRICE', description: 'Too high', is_active: 1, created_at: 5 }
  expect(rows.judge(me, 'loss_reasons', id, 'INSERT', made)).toMatchObject({
    verdict: 'merged',
    survivor: reason,
    conflicts: [],
  })
  expect(rows.row('loss_reasons', id)).toBeUndefined()
  expect(rows.row('loss_reasons', reason)?.values).toMatchObject({ name: 'Price', description: 'Too high' })
  const lost = { ...newCall(me), outcome: 'lost', loss_reason_id: id }
  const call = newId()
  expect(codeOf(rows.judge(me, 'calls', call, 'INSERT', lost))).toBe('ok')
  expect(rows.row('calls', call)?.values['loss_reason_id']).toBe(reason)
  expect(rows.judge(me, 'loss_reasons', id, 'UPDATE', { name: 'Budget' })).toMatchObject({ verdict: 'merged' })
  expect(rows.row('loss_reasons', reason)?.values['name']).toBe('Budget')
  // Also if a person or another import creates it again.
  expect(rows.judge(me, 'loss_reasons', id, 'INSERT', made, 1, 'import')).toMatchObject({ verdict: 'merged', trail: null })
  expect(rows.row('loss_reasons', reason)?.values['name']).toBe('Budget')
})

test('[S11] a reason that the person may not create makes no alias', () => {
  const { rows, me, reason } = setUp('agent')
  const id = newId()
  const made = { name: 'PRICE', description: null, is_active: 1, created_at: 5 }
  expect(codeOf(rows.judge(me, 'loss_reasons', id, 'INSERT', made))).toBe('FORBIDDEN')
  expect(rows.aliases.size).toBe(0)
  const lost = { ...newCall(me), outcome: 'lost', loss_reason_id: id }
  expect(codeOf(rows.judge(me, 'calls', newId(), 'INSERT', lost))).toBe('INVALID')
  expect(reason).toBeDefined()
})

describe('[S11] people whom an import creates', () => {
  const imported = { name: 'José', role: 'agent', is_active: 1, email: 'JOSE@imported.invalid', created_at: 5 }
  const withPerson = (role: Role = 'admin') => {
    const set = setUp(role)
    const jose = set.rows.seed('users', { ...person('agent', 'Jose'), email: 'jose@imported.invalid' })
    return { ...set, jose }
  }

  test('become aliases of the person with the same address, whose account does not change', () => {
    const { rows, me, jose } = withPerson()
    const before = rows.row('users', jose)
    const id = newId()
    expect(rows.judge(me, 'users', id, 'INSERT', imported, 1, 'import')).toMatchObject({ verdict: 'merged', survivor: jose })
    expect(rows.row('users', jose)).toBe(before)
    const call = newId()
    expect(codeOf(rows.judge(me, 'calls', call, 'INSERT', newCall(id), 1, 'import'))).toBe('ok')
    expect(rows.row('calls', call)?.values['user_id']).toBe(jose)
  })

  test('give no rights: edits of an alias’s role, status or password are refused', () => {
    const { rows, me, jose } = withPerson()
    const id = newId()
    rows.judge(me, 'users', id, 'INSERT', imported, 1, 'import')
    for (const values of [
      { role: 'admin' },
      { password_hash: `$2b$12$${'a'.repeat(53)}` },
      { is_active: 0 },
      { email: 'x@y.test' },
    ])
      expect(rows.judge(me, 'users', id, 'UPDATE', values)).toMatchObject({ code: 'CONFLICT', current: jose })
    rows.authors.set(1, { opId: newId(), deviceId: 'publisher', deviceSeq: 1, userId: me, clock: formatHybridTime(1, 0) })
    expect(rows.judge(me, 'users', id, 'UPDATE', { name: 'José Pérez' })).toMatchObject({ verdict: 'merged' })
    expect(rows.row('users', jose)?.values).toMatchObject({ name: 'José Pérez', role: 'agent', password_hash: null })
  })

  test.each([
    ['created by a person', imported, undefined],
    ['with a role', { ...imported, role: 'admin' }, 'import'],
    ['with a password', { ...imported, password_hash: `$2b$12$${'a'.repeat(53)}` }, 'import'],
  ] as const)('do not merge if they are accounts: %s', (_, values, origin) => {
    const { rows, me, jose } = withPerson()
    const refused = { code: 'CONFLICT', field: 'email', current: jose }
    expect(rows.judge(me, 'users', newId(), 'INSERT', values, 1, origin)).toMatchObject(refused)
    expect(rows.aliases.size).toBe(0)
  })
})

test('an INSERT by an import or a person does not restore a deleted call', () => {
  const { rows, me, other } = setUp('admin')
  const call = rows.seed('calls', callOf(other))
  rows.judge(me, 'calls', call, 'DELETE')
  expect(codeOf(rows.judge(me, 'calls', call, 'INSERT', newCall(other), 1, 'import'))).toBe('DELETED')
  expect(codeOf(rows.judge(me, 'calls', call, 'INSERT', newCall(other)))).toBe('DELETED')
})

describe('the owner of a call must be a person who may log calls', () => {
  const refused = (current: string | null) => ({ verdict: 'rejected', code: 'INVALID', field: 'user_id', current })

  test.each(ROLES)('a new call and a reassignment to %s', (role) => {
    const { rows, me, other } = setUp('admin')
    const owner = rows.seed('users', person(role, 'owner'))
    const call = rows.seed('calls', callOf(other))
    const mayHave = reach(role, 'calls.create') !== 'none'
    for (const origin of [undefined, 'import'] as const)
      expect(rows.judge(me, 'calls', newId(), 'INSERT', newCall(owner), 1, origin)).toMatchObject(
        mayHave ? { verdict: 'accepted' } : refused(null),
      )
    expect(rows.judge(me, 'calls', call, 'UPDATE', { user_id: owner })).toMatchObject(
      mayHave ? { verdict: 'accepted' } : refused(other),
    )
    expect(rows.row('calls', call)?.values['user_id']).toBe(mayHave ? owner : other)
  })

  test('a call that a viewer already has can be edited, reassigned, deleted and restored', () => {
    const { rows, me, other } = setUp('admin')
    const viewer = rows.seed('users', person('viewer', 'viewer'))
    const call = rows.seed('calls', callOf(viewer))
    expect(codeOf(rows.judge(me, 'calls', call, 'UPDATE', { notes: 'x' }))).toBe('ok')
    expect(codeOf(rows.judge(me, 'calls', call, 'UPDATE', { user_id: viewer, notes: 'y' }))).toBe('ok')
    expect(codeOf(rows.judge(me, 'calls', call, 'INSERT', newCall(viewer)))).toBe('ok')
    expect(codeOf(rows.judge(me, 'calls', call, 'DELETE'))).toBe('ok')
    expect(codeOf(rows.judge(me, 'calls', call, 'RESTORE'))).toBe('ok')
    expect(codeOf(rows.judge(me, 'calls', call, 'UPDATE', { user_id: other }, rows.seq))).toBe('ok')
  })
})

test('[S13] a target of a person who is not in the client is refused', () => {
  const { rows, me } = setUp('team_lead')
  const target = (who: string) => rows.judge(me, 'client_settings', `target:2026-11:${who}:won`, 'INSERT', { value: '1' })
  expect(target(newId())).toMatchObject({ code: 'INVALID', field: 'id' })
})

test('[S11] settings and targets of a person who is an alias are those of the surviving person', () => {
  const { rows, me, other } = setUp('team_lead')
  const imported = newId()
  rows.addAlias('users', imported, other)
  const judged = rows.judge(me, 'client_settings', `target:2026-11:${imported}:won`, 'INSERT', { value: '7' })
  expect(codeOf(judged)).toBe('ok')
  expect(rows.row('client_settings', `target:2026-11:${other}:won`)?.values['value']).toBe('7')
  expect(rows.row('client_settings', `target:2026-11:${imported}:won`)).toBeUndefined()
})

test('two devices of a person that create the same setting produce one row, and the later value wins [S8]', () => {
  const { rows, me } = setUp('agent')
  const id = `${me}:report.default_view`
  const values = { user_id: me, key: 'report.default_view', value: '"a"' }
  expect(codeOf(rows.judge(me, 'user_settings', id, 'INSERT', values))).toBe('ok')
  expect(rows.judge(me, 'user_settings', id, 'INSERT', { ...values, value: '"b"' })).toMatchObject({ verdict: 'merged' })
  expect(rows.row('user_settings', id)?.values['value']).toBe('"b"')
})
