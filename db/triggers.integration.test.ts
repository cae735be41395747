import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isId, type CallId } from '../core/id.ts'
import { deleteCall, updateCall } from './commands/calls.ts'
import { insertEntry } from './commands/do-not-call.ts'
import { putUserSetting } from './commands/settings.ts'
import { recordLogin, setUserPassword } from './commands/users.ts'
import { currentState, replayAudit, replayOutbox } from './testing/replay.ts'
import { PLANTED_HASH, TestWorkspace } from './testing/test-workspace.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  const { db, clientId, adminId } = workspace
  workspace.write(() => putUserSetting(db, clientId, adminId, 'theme', 1))
  const entry = { clientId, contactHash: 'h'.repeat(43), reason: 'Why', createdAt: 1 }
  workspace.write(() => insertEntry(db, { ...entry, id: workspace.newId() }))
})
afterEach(() => workspace.dispose())

type Entry = {
  readonly id: string
  readonly user_id: string
  readonly action: string
  readonly old_values: string
  readonly new_values: string
}

const exec = (sql: string) => workspace.db.sqlite.exec(sql)
const count = (table: string) => workspace.db.sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
const lastEntry = () => workspace.db.sqlite.prepare('SELECT * FROM audit_logs ORDER BY rowid DESC LIMIT 1').get() as Entry
const lastFields = () =>
  JSON.parse(
    workspace.db.sqlite.prepare('SELECT fields FROM sync_outbox ORDER BY device_seq DESC LIMIT 1').pluck().get() as string,
  ) as unknown

/** SQL that inserts a row of each audited table, and an update of it. `$…` are ids of the workspace. */
const TABLES = {
  clients: {
    insert: null,
    update: `UPDATE clients SET phone = '1' WHERE id = '$CLIENT'`,
    changed: { phone: null },
    to: { phone: '1' },
  },
  users: {
    insert: `INSERT INTO users (id, client_id, email, name, role, is_active, created_at, updated_at) VALUES ('$NEW', '$CLIENT', 'x@acme.test', 'X', 'agent', 1, 1, $NOW)`,
    update: `UPDATE users SET name = 'Bob', is_active = 0 WHERE id = '$AGENT'`,
    changed: { name: 'Ben', is_active: 1 },
    to: { name: 'Bob', is_active: 0 },
  },
  loss_reasons: {
    insert: `INSERT INTO loss_reasons (id, client_id, name, is_active, created_at, updated_at) VALUES ('$NEW', '$CLIENT', 'Else', 1, 1, $NOW)`,
    update: `UPDATE loss_reasons SET description = 'd' WHERE id = '$REASON'`,
    changed: { description: null },
    to: { description: 'd' },
  },
  calls: {
    insert: `INSERT INTO calls (id, client_id, user_id, prospect_name, call_type, status, created_at, updated_at) VALUES ('$NEW', '$CLIENT', '$AGENT', 'P', 'inbound', 'scheduled', 1, $NOW)`,
    update: `UPDATE calls SET notes = NULL, call_duration = 9 WHERE id = '$CALL'`,
    changed: { notes: 'n', call_duration: null },
    to: { notes: null, call_duration: 9 },
  },
  user_settings: {
    insert: `INSERT INTO user_settings (client_id, id, user_id, key, value) VALUES ('$CLIENT', '$AGENT:colour', '$AGENT', 'colour', '1')`,
    update: `UPDATE user_settings SET value = '2' WHERE key = 'theme'`,
    changed: { value: '1' },
    to: { value: '2' },
  },
  do_not_call: {
    insert: `INSERT INTO do_not_call (client_id, id, contact_hash, user_id, created_at) VALUES ('$CLIENT', '$NEW', '${'i'.repeat(43)}', '$AGENT', 1)`,
    update: `UPDATE do_not_call SET lifted_at = 5, lifted_by = '$AGENT' WHERE contact_hash = '${'h'.repeat(43)}'`,
    changed: { lifted_at: null, lifted_by: null },
    to: { lifted_at: 5, lifted_by: '$AGENT' },
  },
  client_settings: {
    insert: `INSERT INTO client_settings (client_id, key, value) VALUES ('$CLIENT', 'week_start', '1')`,
    update: `UPDATE client_settings SET value = '"UTC"' WHERE key = 'time_zone'`,
    changed: { value: '"Europe/Berlin"' },
    to: { value: '"UTC"' },
  },
} as const

function filled(sql: string, callId: CallId): string {
  const words: Record<string, string> = {
    CLIENT: workspace.clientId,
    AGENT: workspace.agentId,
    REASON: workspace.priceId,
    CALL: callId,
    NOW: '(SELECT now FROM local_write_context)',
    NEW: workspace.newId(),
  }
  return sql.replaceAll(/\$([A-Z]+)/g, (_, word: string) => words[word] ?? '')
}

describe.each(Object.entries(TABLES))('%s', (table, { insert, update, changed, to }) => {
  // The only insert of a client is the workspace's first insert. Another test covers it.
  test.each(insert === null ? [] : [insert])(
    '[S2] an insert writes one audit row without its nulls, and one operation',
    (sql) => {
      const before = count('audit_logs')
      workspace.write(() => exec(filled(sql, '')))
      const values = JSON.parse(lastEntry().new_values) as Record<string, unknown>
      expect(count('audit_logs')).toBe(before + 1)
      expect(count('sync_outbox')).toBe(count('audit_logs'))
      expect(lastEntry()).toMatchObject({ action: 'INSERT', old_values: null, user_id: workspace.adminId })
      expect(isId(lastEntry().id)).toBe(true)
      expect(Object.values(values)).not.toContain(null)
      expect(lastFields()).toEqual(Object.fromEntries(Object.entries(values).map(([column, value]) => [column, { new: value }])))
    },
  )

  test('[S2] an update writes the difference only, a cleared field as an explicit null, and its operation', () => {
    const call = workspace.addCall({ notes: 'n' })
    workspace.write(() => exec(filled(update, call.id)))
    const entry = lastEntry()
    expect(entry.action).toBe('UPDATE')
    expect(JSON.parse(entry.old_values)).toEqual(changed)
    const values = JSON.parse(filled(JSON.stringify(to), call.id)) as typeof to
    expect(JSON.parse(entry.new_values)).toEqual(values)
    expect(lastFields()).toEqual(
      Object.fromEntries(Object.entries(values).map(([column, value]) => [column, { new: value, base: 0 }])),
    )
  })

  test('an update that changes nothing writes nothing', () => {
    const call = workspace.addCall()
    workspace.write(() => exec(filled(update, call.id)))
    const before = count('audit_logs')
    const row = JSON.stringify(workspace.db.sqlite.prepare(`SELECT * FROM ${table}`).all())
    workspace.write(() => exec(filled(update, call.id)))
    expect(count('audit_logs')).toBe(before)
    expect(JSON.stringify(workspace.db.sqlite.prepare(`SELECT * FROM ${table}`).all())).toBe(row)
  })

  test('without an actor every statement is refused and changes nothing', () => {
    const call = workspace.addCall()
    const before = JSON.stringify(workspace.db.sqlite.prepare(`SELECT * FROM ${table}`).all())
    const statements = [insert ?? update, update, `DELETE FROM ${table}`, `DELETE FROM ${table} WHERE true`]
    for (const sql of statements) expect(() => exec(filled(sql, call.id))).toThrow(/refused: no actor/)
    expect(JSON.stringify(workspace.db.sqlite.prepare(`SELECT * FROM ${table}`).all())).toBe(before)
  })

  test('an actor of another client counts as no actor', () => {
    const call = workspace.addCall()
    const other = workspace.newId()
    expect(() => workspace.write(() => exec(filled(update, call.id)), { clientId: other })).toThrow(/no actor/)
  })

  test.each(['INSERT OR REPLACE', 'REPLACE', 'INSERT OR IGNORE', 'INSERT OR FAIL'])(
    '%s over an existing row is refused, with recursive_triggers on and off',
    (verb) => {
      workspace.addCall()
      const { sqlite } = workspace.db
      const before = JSON.stringify(sqlite.prepare(`SELECT * FROM ${table}`).all())
      for (const mode of ['ON', 'OFF']) {
        sqlite.pragma(`recursive_triggers = ${mode}`)
        // A virtual column cannot be inserted, and table_info does not list it.
        const columns = (sqlite.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name).join(', ')
        expect(() => workspace.write(() => exec(`${verb} INTO ${table} (${columns}) SELECT ${columns} FROM ${table}`))).toThrow(
          expect.objectContaining({ code: 'CONFLICT' }),
        )
      }
      expect(JSON.stringify(sqlite.prepare(`SELECT * FROM ${table}`).all())).toBe(before)
    },
  )
})

test('[S2] the first transaction audits the client before the user who creates it exists', () => {
  const { sqlite } = workspace.db
  const first = sqlite.prepare('SELECT table_name, action, user_id, record_id FROM audit_logs ORDER BY rowid LIMIT 2').all()
  expect(first).toEqual([
    { table_name: 'clients', action: 'INSERT', user_id: workspace.adminId, record_id: workspace.clientId },
    { table_name: 'users', action: 'INSERT', user_id: workspace.adminId, record_id: workspace.adminId },
  ])
})

test('DELETE without WHERE writes one audit row and one operation for each row', () => {
  for (let n = 0; n < 5; n++) workspace.addCall({ notes: `n${n}` })
  const before = count('audit_logs')
  workspace.write(() => exec('DELETE FROM calls'))
  expect(count('calls')).toBe(0)
  expect(count('audit_logs')).toBe(before + 5)
  expect(count('sync_outbox')).toBe(before + 5)
  expect(JSON.parse(lastEntry().old_values)).toMatchObject({ notes: 'n4', user_id: workspace.agentId })
  expect(lastEntry().new_values).toBeNull()
})

test('a bulk update writes one audit row for each row that it changes', () => {
  for (let n = 0; n < 4; n++) workspace.addCall(n === 0 ? { notes: 'same' } : {})
  const before = count('audit_logs')
  workspace.write(() => exec(`UPDATE calls SET notes = 'same'`))
  expect(count('audit_logs')).toBe(before + 3)
})

test('an upsert of an existing row is refused; of a new one it is an insert', () => {
  const call = workspace.addCall()
  const upsert = (
    id: string,
  ) => `INSERT INTO calls (id, client_id, user_id, prospect_name, call_type, status, created_at, updated_at)
    VALUES ('${id}', '${workspace.clientId}', '${workspace.agentId}', 'P', 'inbound', 'scheduled', 1, (SELECT now FROM local_write_context))
    ON CONFLICT (id) DO UPDATE SET notes = 'stolen'`
  expect(() => workspace.write(() => exec(upsert(call.id)))).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  workspace.write(() => exec(upsert(workspace.newId())))
  expect(lastEntry().action).toBe('INSERT')
})

test('UPDATE OR REPLACE removes no row with the same id, number or name', () => {
  const [first, second] = [workspace.addCall(), workspace.addCall()]
  workspace.db.sqlite.pragma('recursive_triggers = OFF')
  const statements = [
    `UPDATE OR REPLACE calls SET id = '${first.id}' WHERE id = '${second.id}'`,
    `UPDATE OR REPLACE calls SET rowid = 1 WHERE id = '${second.id}'`,
    `UPDATE OR REPLACE loss_reasons SET name = 'PRICE' WHERE name = 'Timing'`,
    `UPDATE OR REPLACE users SET email = 'ADA@acme.test' WHERE id = '${workspace.agentId}'`,
  ]
  for (const sql of statements) expect(() => workspace.write(() => exec(sql)), sql).toThrow(/already exists|refused/)
  expect([count('calls'), count('loss_reasons'), count('users')]).toEqual([2, 2, 2])
})

test('an insert with another row’s number is refused', () => {
  const call = workspace.addCall()
  workspace.db.sqlite.pragma('recursive_triggers = OFF')
  const sql = `INSERT OR REPLACE INTO calls (rowid, id, client_id, user_id, prospect_name, call_type, status, created_at, updated_at)
    SELECT rowid, '${workspace.newId()}', client_id, user_id, 'P', 'inbound', 'scheduled', 1, (SELECT now FROM local_write_context) FROM calls`
  expect(() => workspace.write(() => exec(sql))).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  expect(workspace.db.sqlite.prepare('SELECT id FROM calls').pluck().all()).toEqual([call.id])
})

test('a statement fails as a whole if a temporary trigger suppresses its audit row', () => {
  const call = workspace.addCall()
  exec('CREATE TEMP TRIGGER thief BEFORE INSERT ON audit_logs BEGIN SELECT RAISE(IGNORE); END')
  expect(() => workspace.write(() => exec(`UPDATE calls SET notes = 'x'`))).toThrow(/the audit row was not written/)
  expect(workspace.db.sqlite.prepare('SELECT notes FROM calls WHERE id = ?').pluck().get(call.id)).toBeNull()
})

test('a password change writes an empty UPDATE to the trail, and the hash only to the operation [S16]', () => {
  const next = PLANTED_HASH.replace('PLANTED', 'CHANGED')
  workspace.write(() => setUserPassword(workspace.db, workspace.agentId, next))
  expect(lastEntry()).toMatchObject({ action: 'UPDATE', old_values: '{}', new_values: '{}' })
  expect(lastFields()).toEqual({ password_hash: { new: next, base: 0 } })
  const trail = JSON.stringify(workspace.db.sqlite.prepare('SELECT * FROM audit_logs').all())
  expect(trail).not.toContain('SECRET')
  expect(trail).not.toContain('password_hash')
})

test('last_login needs an actor, and is neither audited nor sent', () => {
  const before = count('audit_logs')
  workspace.write(() => recordLogin(workspace.db, workspace.agentId, 7))
  expect(count('audit_logs')).toBe(before)
  expect(count('sync_outbox')).toBe(before)
  expect(() => exec('UPDATE users SET last_login = 8')).toThrow(/no actor/)
})

test('updated_at is always the transaction’s time', () => {
  const call = workspace.addCall()
  workspace.write(() => exec(`UPDATE calls SET notes = 'x'`))
  expect(workspace.db.sqlite.prepare('SELECT updated_at FROM calls WHERE id = ?').pluck().get(call.id)).toBe(workspace.now)
  expect(() => workspace.write(() => exec('UPDATE calls SET updated_at = 5'))).toThrow(/updated_at is set by the database/)
})

test('the audit trail refuses every change, with and without an actor', () => {
  const statements = [
    `UPDATE audit_logs SET new_values = '{}'`,
    'DELETE FROM audit_logs',
    'DELETE FROM audit_logs WHERE rowid = 1',
  ]
  const before = JSON.stringify(workspace.db.sqlite.prepare('SELECT * FROM audit_logs').all())
  for (const sql of statements) {
    expect(() => exec(sql)).toThrow(/refused/)
    expect(() => workspace.write(() => exec(sql))).toThrow(/refused/)
  }
  expect(JSON.stringify(workspace.db.sqlite.prepare('SELECT * FROM audit_logs').all())).toBe(before)
})

test('audit ids sort in the order of their creation, also within a transaction and after the clock was set back', () => {
  const call = workspace.addCall()
  workspace.write(() => {
    updateCall(workspace.db, call.id, { notes: 'a' })
    updateCall(workspace.db, call.id, { notes: 'b' })
  })
  workspace.now -= 3_600_000
  workspace.write(() => deleteCall(workspace.db, call.id))
  const ids = workspace.db.sqlite.prepare('SELECT id FROM audit_logs ORDER BY rowid').pluck().all() as string[]
  expect(ids).toEqual(ids.toSorted())
  expect(ids.every(isId)).toBe(true)
})

test('a JSON function’s result is stored, audited and sent as plain text', () => {
  const call = workspace.addCall()
  workspace.write(() => exec(`UPDATE calls SET notes = json_array('a"b', 1) WHERE id = '${call.id}'`))
  expect(JSON.parse(lastEntry().new_values)).toEqual({ notes: '["a\\"b",1]' })
  const { sqlite } = workspace.db
  expect(replayAudit(sqlite)).toEqual(currentState(sqlite, 'without secrets'))
  expect(replayOutbox(sqlite)).toEqual(currentState(sqlite, 'with secrets'))
})
