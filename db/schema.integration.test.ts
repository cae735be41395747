import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { insertCall } from './commands/calls.ts'
import { insertClient } from './commands/clients.ts'
import { insertLossReason } from './commands/loss-reasons.ts'
import { insertUser } from './commands/users.ts'
import { SCHEMA_VERSION } from './migrations/migrations.ts'
import { SCHEMA_FINGERPRINT } from './migrations/schema-fingerprint.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { DatabaseDamagedError, DatabaseNewerError } from '../platform/sqlite/errors.ts'
import { openReadable, openWritable } from './open.ts'
import { expectedObjects, objectLabel, schemaFingerprint, schemaObjects } from './schema-objects.ts'
import { freshSchema } from './testing/fresh-schema.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

const REFUSED = /Nothing was saved|refused a write/
let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

/** Returns all objects of a file's schema by type and name, with normalised white space in the statements. */
function schemaOf(sqlite: Sqlite): Record<string, string> {
  return Object.fromEntries(schemaObjects(sqlite).map((each) => [objectLabel(each), (each.sql ?? '').replaceAll(/\s+/g, ' ')]))
}

/** Returns an empty database in memory, made by the driver of the open workspace. */
function emptyDatabase(): Sqlite {
  const { constructor } = workspace.db.sqlite
  return Reflect.construct(constructor, [':memory:']) as Sqlite
}

test('a migrated file has the fingerprint that is expected when a file is opened', () => {
  expect(schemaFingerprint(expectedObjects(SCHEMA_VERSION))).toBe(SCHEMA_FINGERPRINT)
  expect(schemaFingerprint(schemaObjects(workspace.db.sqlite))).toBe(SCHEMA_FINGERPRINT)
  workspace.db.sqlite.exec('DROP TRIGGER calls_text_insert')
  expect(schemaFingerprint(schemaObjects(workspace.db.sqlite))).not.toBe(SCHEMA_FINGERPRINT)
})

test('a migrated file has the schema that the code describes: tables, checks, keys, indexes, triggers', async () => {
  const fresh = emptyDatabase()
  for (const statement of await freshSchema()) fresh.exec(statement)
  expect(Object.keys(schemaOf(fresh)).length).toBeGreaterThan(40)
  expect(schemaOf(workspace.db.sqlite)).toEqual(schemaOf(fresh))
  for (const table of ['clients', 'users', 'loss_reasons', 'calls', 'audit_logs', 'client_settings', 'sync_outbox', 'sync_rows'])
    for (const pragma of ['table_xinfo', 'foreign_key_list'])
      expect(workspace.db.sqlite.pragma(`${pragma}(${table})`)).toEqual(fresh.pragma(`${pragma}(${table})`))
  const indexes = (sqlite: Sqlite) =>
    sqlite
      .prepare(
        `SELECT t.name AS "table", i.name, i."unique", i.origin, i.partial FROM sqlite_schema AS t, pragma_index_list(t.name) AS i
         WHERE t.type = 'table' ORDER BY 1, 2`,
      )
      .all()
  expect(indexes(workspace.db.sqlite)).toEqual(indexes(fresh))
  fresh.close()
})

test('a file of a newer release is refused and not changed', () => {
  workspace.db.sqlite.pragma(`user_version = ${SCHEMA_VERSION + 1}`)
  const copy = join(workspace.folder, 'newer.db')
  workspace.copyTo(copy)
  const bytes = readFileSync(copy)
  expect(() => openWritable(copy)).toThrow(DatabaseNewerError)
  expect(() => openReadable(copy)).toThrow(DatabaseNewerError)
  expect(readFileSync(copy).equals(bytes)).toBe(true)
})

test('a file that is not a workspace is refused and not changed', () => {
  const other = join(workspace.folder, 'other.db')
  writeFileSync(other, 'These bytes are not a database and must not be changed. '.repeat(100))
  const bytes = readFileSync(other)
  expect(() => openWritable(other)).toThrow(DatabaseDamagedError)
  expect(readFileSync(other).equals(bytes)).toBe(true)
})

test('an inconsistent page is reported as damage when it is read', () => {
  workspace.addCall()
  const copy = join(workspace.folder, 'damaged.db')
  workspace.copyTo(copy)
  const bytes = readFileSync(copy)
  const page = bytes.readUInt16BE(16)
  const root = must(
    workspace.db.sqlite.prepare<[], { page: number }>(`SELECT rootpage AS page FROM sqlite_schema WHERE name = 'users'`).get(),
    'users',
  ).page
  bytes.fill(0xff, (root - 1) * page, root * page)
  writeFileSync(copy, bytes)
  const db = openReadable(copy)
  expect(() => db.sqlite.prepare('SELECT count(*) FROM users WHERE name IS NOT NULL').get()).toThrow(/malformed|corrupt/)
  db.close()
  copyFileSync(workspace.path, copy)
})

const CALL = { user_id: 'agent', prospect_name: 'Jo', call_type: 'inbound', status: 'scheduled', created_at: 1 } as const
const DONE = { ...CALL, status: 'completed', outcome: 'undecided', completed_at: 5 } as const

function insertRaw(values: Readonly<Record<string, string | number | null>>): void {
  const { sqlite } = workspace.db
  const row = { ...values, id: workspace.newId(), client_id: values['client_id'] ?? workspace.clientId }
  const named: Record<string, string | number | null> = { ...row, updated_at: workspace.now + 1_000 }
  if (named['user_id'] === 'agent') named['user_id'] = workspace.agentId
  if (named['loss_reason_id'] === 'price') named['loss_reason_id'] = workspace.priceId
  const names = Object.keys(named)
  workspace.write(() =>
    sqlite.prepare(`INSERT INTO calls (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`).run(named),
  )
}

test.each([
  ['a no-show that was won', { ...CALL, status: 'no_show', outcome: 'won' }],
  ['a scheduled call that was lost', { ...CALL, outcome: 'lost' }],
  ['completed without a time', { ...DONE, completed_at: null }],
  ['completed without an outcome', { ...DONE, outcome: null }],
  ['a completion time without being completed', { ...CALL, completed_at: 5 }],
  ['a loss reason on a won call', { ...DONE, outcome: 'won', loss_reason_id: 'price' }],
  ['a loss reason on a scheduled call', { ...CALL, loss_reason_id: 'price' }],
  ['a negative duration', { ...DONE, call_duration: -1 }],
  ['an unknown status', { ...CALL, status: 'done' }],
  ['an unknown type', { ...CALL, call_type: 'sideways' }],
  ['an empty name', { ...CALL, prospect_name: '' }],
  ['a duration of half a second', { ...DONE, call_duration: 0.5 }],
])('the database refuses %s', (_, values) => {
  expect(() => insertRaw(values)).toThrow(REFUSED)
  expect(workspace.db.sqlite.prepare('SELECT count(*) AS n FROM calls').get()).toEqual({ n: 0 })
})

test.each([
  ['a scheduled call', CALL],
  ['a completed call', DONE],
  ['a lost call with its reason', { ...DONE, outcome: 'lost', loss_reason_id: 'price' }],
  ['a lost call without a reason', { ...DONE, outcome: 'lost' }],
])('the database accepts %s', (_, values) => {
  insertRaw(values)
  expect(workspace.db.sqlite.prepare('SELECT count(*) AS n FROM calls').get()).toEqual({ n: 1 })
})

test('no row can refer to another tenant’s row, even if both are in one file', () => {
  const { db, now: createdAt } = workspace
  const [foreignClient, foreignUser, foreignReason] = [workspace.newId(), workspace.newId(), workspace.newId()]
  const foreign = { clientId: foreignClient, userId: foreignUser }
  // No command creates a second client in a file. The keys must still prevent the reference.
  workspace.write(() => {
    const person = { id: foreignUser, clientId: foreignClient, email: 'bo@bolt.test', name: 'Bo', role: 'admin' as const }
    insertClient(db, { id: foreignClient, name: 'Bolt', email: null, phone: null, address: null, isActive: true, createdAt })
    insertUser(db, { ...person, passwordHash: null, isActive: true, createdAt })
    insertLossReason(db, {
      id: foreignReason,
      clientId: foreignClient,
      name: 'Price',
      description: null,
      isActive: true,
      createdAt,
    })
  }, foreign)
  expect(() => insertRaw({ ...CALL, user_id: foreignUser })).toThrow(REFUSED)
  expect(() => insertRaw({ ...DONE, outcome: 'lost', loss_reason_id: foreignReason })).toThrow(REFUSED)
  expect(() => insertRaw({ ...CALL, client_id: foreignClient })).toThrow(REFUSED)
  expect(() => workspace.write(() => undefined, { userId: foreignUser })).not.toThrow()
  expect(
    () => workspace.write(() => insertCall(db, workspace.newCall()), { userId: foreignUser }),
    'an actor of another client',
  ).toThrow(REFUSED)
})

test('an e-mail and a reason’s name are unique without regard to case', () => {
  const { sqlite } = workspace.db
  const run = (sql: string) => () =>
    workspace.write(() => sqlite.prepare(sql).run(workspace.newId(), workspace.clientId, workspace.now))
  expect(
    run(
      `INSERT INTO users (id, client_id, email, name, role, is_active, created_at, updated_at) VALUES (?, ?, 'ADA@acme.test', 'A', 'agent', 1, 1, ?)`,
    ),
  ).toThrow(REFUSED)
  expect(
    run(`INSERT INTO loss_reasons (id, client_id, name, is_active, created_at, updated_at) VALUES (?, ?, 'PRICE', 1, 1, ?)`),
  ).toThrow(REFUSED)
})
