import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { must } from '../../../core/assert.ts'
import { MIGRATIONS } from './migrations.ts'
import { LAST_FOREIGN, TRAIL_BOUNDS, trailStatement } from './trail.ts'
import { toBytes } from './uuid-bytes.ts'
import type { TrailQuery } from '../store.ts'
import type { Sqlite } from '../../../platform/sqlite/database.ts'
import type { BoundValue } from '../../../platform/sqlite/statements.ts'
import { openReadable, openWritable, StoreNewerError } from './open.ts'
import { SqliteStore } from './sqlite-store.ts'
import { storeContract } from '../contract/store-contract.ts'
import { trailContract } from '../contract/trail-contract.ts'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'propaganda-store-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

const sqliteFixture = async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'propaganda-store-')), 'server.db')
  return {
    open: async () => new SqliteStore(path, '0123456789abcdef'),
    dispose: async () => rmSync(join(path, '..'), { recursive: true, force: true }),
  }
}
storeContract('SQLite', sqliteFixture)
trailContract('SQLite', sqliteFixture)

test('only the owner of the file can read it', () => {
  const path = join(folder(), 'data', 'server.db')
  openWritable(path, '0'.repeat(16)).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
})

test('a file of a newer server is refused and not changed', () => {
  const path = join(folder(), 'server.db')
  const db = openWritable(path, '0'.repeat(16))
  db.pragma('user_version = 99')
  db.close()
  expect(() => new SqliteStore(path, '1'.repeat(16))).toThrow(
    new StoreNewerError(
      `The server's database has version 99; this server supports up to ${MIGRATIONS.length}. The file was not changed.`,
    ),
  )
  const again = openReadable(path)
  expect(again.pragma('user_version', { simple: true })).toBe(99)
  again.close()
})

/** A file of the server's first version. */
function firstVersion(path: string, clients: string): void {
  const db = openWritable(path, '0123456789abcdef', 1)
  db.exec(`INSERT INTO client_state VALUES ${clients}`)
  db.close()
}

test('a file of the first version opens: it gets a key, and its chain starts at its head [S6]', async () => {
  const path = join(folder(), 'server.db')
  firstVersion(path, `('acme', 41, 7, 1, 'p', 'u', 'd', 'n', 0, 0, 0, 7), ('begun', 0, 0, NULL, 'p', 'u', 'd', 'n', 0, 0, 0, 0)`)
  const store = new SqliteStore(path, 'f'.repeat(16))
  const state = await store.read((tx) => tx.client('acme'))
  expect(state).toMatchObject({ head: 41, floor: 7, isPublished: true })
  expect(await store.read((tx) => tx.chainAt('acme', 41))).toEqual(state?.chain)
  expect(await store.read((tx) => tx.client('begun'))).toMatchObject({ head: 0 })
  expect(await store.read((tx) => tx.publication('acme'))).toMatchObject({ publicationId: 'p', finishedAt: 1, secretHash: null })
  expect([...(await store.read((tx) => tx.deletedCalls('acme', ['r'])))]).toEqual([])
  const first = await store.write((tx) => tx.allocate('acme', 2, new Uint8Array([1])))
  expect([first, (await store.read((tx) => tx.client('acme')))?.head]).toEqual([42, 43])
  const [{ epoch, cursorKey }, fresh] = [store, new SqliteStore(join(folder(), 'server.db'), 'f'.repeat(16))]
  expect(epoch).toBe('0123456789abcdef')
  expect(cursorKey).toHaveLength(32)
  expect(Buffer.compare(cursorKey, fresh.cursorKey)).not.toBe(0)
  await store.check()
  await store.close()
  await fresh.close()
})

test('a file from before keys were compared gets its keys, even if two names share one', () => {
  const path = join(folder(), 'server.db')
  firstVersion(path, `('${'c'.repeat(36)}', 0, 0, 1, 'p', 'u', 'd', 'n', 0, 0, 0, 0)`)
  const old = openWritable(path, '', 1)
  const place = `1, 1, NULL, 'somebody'`
  old.exec(`INSERT INTO clients VALUES ('${'c'.repeat(36)}', 'Acme', NULL, NULL, NULL, 1, 1, 1, ${place});
    INSERT INTO loss_reasons VALUES ('${'1'.repeat(36)}', '${'c'.repeat(36)}', 'ÄRGER', NULL, 1, 1, 1, ${place});
    INSERT INTO loss_reasons VALUES ('${'2'.repeat(36)}', '${'c'.repeat(36)}', 'ärger', NULL, 1, 1, 1, ${place});`)
  old.close()
  const db = openWritable(path, '1'.repeat(16))
  const keys = db.prepare('SELECT name_key FROM loss_reasons ORDER BY id').pluck().all()
  expect(keys).toEqual(['ärger', 'ärger'])
  db.close()
})

test('a file from before the totals of the team notes the days of its calls', async () => {
  const path = join(folder(), 'server.db')
  const before = MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE team_changed_days'))
  const old = openWritable(path, '0'.repeat(16), before)
  const day = 86_400_000
  old.pragma('foreign_keys = OFF')
  const call = (id: string, status: string, outcome: string | null, ...times: (number | null)[]) =>
    old
      .prepare(
        `INSERT INTO calls (id, client_id, user_id, prospect_name, call_type, status, outcome, completed_at, scheduled_at, created_at,
           updated_at, version, base, changed_by) VALUES (?, 'acme', 'u', 'Jo', 'inbound', ?, ?, ?, ?, ?, 1, 1, 1, 'u')`,
      )
      .run(id.repeat(36), status, outcome, ...times)
  call('1', 'completed', 'won', 5 * day, 4 * day, 3 * day)
  call('2', 'no_show', null, null, 9 * day - 1, 3 * day)
  call('3', 'scheduled', null, null, null, 3 * day)
  call('4', 'scheduled', null, null, null, 3 * day + 1)
  old.close()
  const store = new SqliteStore(path, 'f'.repeat(16))
  expect(await store.read((tx) => tx.changedDays('acme', 100, 10))).toEqual([8, 5, 3])
  expect(await store.read((tx) => tx.countPeople('acme', { from: 9 * day - 1, to: 9 * day }))).toMatchObject([
    { userId: 'u', counts: { noShow: 1, completed: 0 } },
  ])
  await store.close()
})

/** The version of files before `user_settings`. */
const BEFORE_USER_SETTINGS = 9

test('a file from before personal settings keeps its rows and accepts such settings, with one person’s read at a time', async () => {
  const path = join(folder(), 'server.db')
  const [acme, ben, cid] = [10, 20, 30].map((n) => `01999999-0000-7000-8000-0000000000${n}`) as [string, string, string]
  const old = openWritable(path, '0'.repeat(16), BEFORE_USER_SETTINGS)
  const place = `1, 1, NULL, '${ben}'`
  old.exec(`INSERT INTO client_state (client_id, seq, floor, published_at, publication_id, publication_user, publication_device,
      publication_device_name, publication_device_seq, publication_started_at, publication_next_chunk, publication_last_seq)
      VALUES ('${acme}', 1, 0, 1, 'p', '${ben}', 'd', 'n', 0, 0, 0, 0);
    INSERT INTO clients VALUES ('${acme}', 'Acme', NULL, NULL, NULL, 1, 1, 1, ${place});
    INSERT INTO client_settings (id, client_id, value, version, base, changed_by) VALUES ('week_start', '${acme}', '1', 1, 1, '${ben}');`)
  for (const id of [ben, cid])
    old.exec(`INSERT INTO users (id, client_id, name, role, is_active, email, created_at, updated_at, version, base, changed_by)
      VALUES ('${id}', '${acme}', 'B', 'agent', 1, '${id}@x', 1, 1, 1, 1, '${ben}')`)
  old.close()
  const db = openWritable(path, '0'.repeat(16))
  for (const id of [ben, cid])
    db.exec(`INSERT INTO user_settings (id, client_id, user_id, key, value, version, base, changed_by)
      VALUES ('${id}:theme', '${acme}', '${id}', 'theme', '1', 2, 2, '${id}')`)
  expect(() =>
    db.exec(`INSERT INTO user_settings (id, client_id, user_id, key, value, version, base, changed_by)
      VALUES ('${ben}:other', '${acme}', '${cid}', 'other', '1', 3, 3, '${ben}')`),
  ).toThrow('CHECK')
  db.close()
  const store = new SqliteStore(path, '')
  const request = { columns: ['id'], after: 0, upTo: 9, limit: 9 }
  const feed = (table: 'user_settings' | 'client_settings', owner: { only: string } | null) =>
    store.read((tx) => tx.feed(acme, { ...request, table, owner }))
  expect(await feed('user_settings', { only: ben })).toEqual([[2, `${ben}:theme`]])
  expect(await feed('client_settings', null)).toEqual([[1, 'week_start']])
  await expect(feed('user_settings', null)).rejects.toThrow('one person at a time')
  await store.close()
})

test('a commit is on disk when it is acknowledged, and deleted data is overwritten', () => {
  const db = openWritable(join(folder(), 'server.db'), '0'.repeat(16))
  const pragma = (name: string) => db.pragma(name, { simple: true })
  // 2 = FULL
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('secure_delete')]).toEqual([
    'wal',
    2,
    1,
    1,
  ])
  db.close()
})

test('a line of the audit trail can be neither changed nor deleted', () => {
  const db = openWritable(join(folder(), 'server.db'), '0'.repeat(16))
  db.pragma('foreign_keys = OFF')
  db.exec(`
    INSERT INTO client_state VALUES ('c', 0, 0, 1, 'p', 'u', 'd', 'n', 0, 0, 0, 0, NULL, 0);
    INSERT INTO audit_logs (line, id, client_id, table_name, record_id, action, created_at)
      VALUES (1, '01999999-0000-7000-8000-000000000000', 'c', 'calls', 'r', 'INSERT', 1);`)
  expect(() => db.exec(`UPDATE audit_logs SET user_id = 'x'`)).toThrow('append-only')
  expect(() => db.exec(`DELETE FROM audit_logs`)).toThrow('append-only')
  db.close()
})

test('the queries of the feed and of a push use an index', () => {
  const db = openWritable(join(folder(), 'server.db'), '0'.repeat(16))
  const plan = (sql: string) =>
    db
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .join('; ')
  const feed = `SELECT version, id, notes FROM calls WHERE client_id = 'c' AND version > 1 AND version <= 9`
  expect(plan(`${feed} ORDER BY version LIMIT 5`)).toBe(
    'SEARCH calls USING INDEX calls_feed (client_id=? AND version>? AND version<?)',
  )
  expect(plan(`${feed} AND user_id = 'u' ORDER BY version LIMIT 5`)).toBe(
    'SEARCH calls USING INDEX calls_feed (client_id=? AND version>? AND version<?)',
  )
  expect(plan(`SELECT notes FROM calls WHERE client_id = 'c' AND id IN (SELECT value FROM json_each('[]'))`)).toContain(
    'USING INDEX calls_id (client_id=? AND id=?)',
  )
  expect(plan(`SELECT seq FROM operations WHERE device_key = 1 AND device_seq BETWEEN 1 AND 2 ORDER BY device_seq`)).toContain(
    'operations_of_device',
  )
  db.close()
})

test('every filter of the audit trail uses an index in the order of the answer', () => {
  const db = openWritable(join(folder(), 'server.db'), '0'.repeat(16))
  const details = (text: string, values: Readonly<Record<string, BoundValue>>) =>
    db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
      .all(values)
      .map(({ detail }) => detail)
  const planOf = (filter: Partial<TrailQuery>): string[] => {
    const query = { before: null, limit: 100, bytes: 1, ownedBy: null, ...filter }
    const { text, values } = trailStatement('c', query, 0, 1_000)
    return details(text, { ...values, most: 100 })
  }
  const range = (index: string, column: string) =>
    `SEARCH a USING INDEX ${index} (client_id=?${column === '' ? '' : ` AND ${column}=?`} AND line>? AND line<?)`
  const walk = 'SEARCH a USING PRIMARY KEY (client_id=? AND line>? AND line<?)'
  for (const [filter, first] of [
    [{}, walk],
    [{ table: 'calls' }, walk],
    [{ actions: ['UPDATE'] }, walk],
    [{ from: 1, to: 2 }, walk],
    [{ recordId: 'r', table: 'calls', userId: 'u' }, range('audit_logs_of_record', 'record_id')],
    [{ userId: 'u', from: 1 }, range('audit_logs_of_user', 'user_id')],
    [{ table: 'users' }, range('audit_logs_rare', '')],
    [{ actions: ['DELETE', 'LOGIN'] }, range('audit_logs_rare', '')],
    [{ ownedBy: 'u' }, range('audit_logs_of_owner', 'owner')],
    [{ ownedBy: 'u', recordId: 'r' }, range('audit_logs_of_record', 'record_id')],
  ] as const) {
    const plan = planOf(filter)
    expect([filter, plan[0]]).toEqual([filter, first])
    expect([filter, plan.filter((line) => line.includes('B-TREE') || /^SCAN (a|h|c|calls)\b/.test(line))]).toEqual([filter, []])
  }
  const lastForeign = details(LAST_FOREIGN, { clientId: 'c', recordId: 'r', owner: 'u' }).filter((line) =>
    line.startsWith('SEARCH'),
  )
  expect(lastForeign).toEqual([
    'SEARCH h USING COVERING INDEX audit_logs_of_record (client_id=? AND record_id=?)',
    expect.stringMatching(/^SEARCH h USING (COVERING )?INDEX audit_logs_handovers \(client_id=\? AND record_id=\?\)$/),
  ])
  expect(details(TRAIL_BOUNDS, { clientId: 'c', from: 1, to: 2 })).toEqual([
    'SEARCH audit_logs USING COVERING INDEX audit_logs_of_time (client_id=? AND created_at>? AND created_at<?)',
  ])
  db.close()
})

test('a file of the first version opens: its lines get the order of the operations and the owners of their records', async () => {
  const path = join(folder(), 'server.db')
  const other = openWritable(join(folder(), 'other.db'), '0'.repeat(16))
  const db = Reflect.construct(other.constructor, [path]) as Sqlite
  other.close()
  const [acme, ben, cid] = [10, 20, 30].map((n) => `01999999-0000-7000-8000-0000000000${n}`) as [string, string, string]
  db.exec(must(MIGRATIONS[0], 'The first version'))
  db.exec(`INSERT INTO server (singleton, epoch) VALUES (1, 'e'); PRAGMA user_version = 1; INSERT INTO clients VALUES ('${acme}', 'Acme', NULL, NULL, NULL, 1, 1, 1, 1, 1, NULL, 'x');
    INSERT INTO users SELECT value, '${acme}', 'Ben', 'agent', 1, value || '@x', NULL, 1, 1, NULL, 1, 1, NULL, 'x' FROM json_each('["${ben}", "${cid}"]');
    INSERT INTO client_state VALUES ('${acme}', 9, 0, 1000, 'p', 'u', 'd', 'n', 0, 0, 0, 0);
    INSERT INTO devices (device_key, client_id, device_id, name) VALUES (1, '${acme}', 'd', 'n')`)
  const id = (n: number) => `01999999-0000-7000-8000-00000000000${n}`
  const audit =
    db.prepare(`INSERT INTO audit_logs (id, client_id, user_id, table_name, record_id, action, old_values, new_values, created_at)
    VALUES (?, '${acme}', '${ben}', ?, ?, ?, ?, ?, ?)`)
  const operation =
    db.prepare(`INSERT INTO operations VALUES ('${acme}', ?, ?, x'00', 1, ?, '${ben}', 1, 'calls', 'call', 'UPDATE', 'h', 1, 'h', ?, ?, ?,
    x'00', ?, ?)`)
  const judged = (n: number, seq: number, before: string | null, after: string | null, verdict = 'accepted') =>
    operation.run(seq, toBytes(id(n)), seq, 2_000 + seq, before, after, verdict, verdict === 'rejected' ? '{}' : null)
  // Published, edited by Ben, given to Cid by a device with a slow clock, then a late edit by Ben is refused.
  audit.run(id(1), 'calls', 'call', 'INSERT', null, `{"user_id":"${ben}"}`, 10)
  audit.run(id(2), 'calls', 'call', 'UPDATE', '{}', '{"notes":"published"}', 20)
  audit.run(id(6), 'calls', 'call', 'UPDATE', '{}', '{"notes":"of Ben"}', 2_000)
  audit.run(id(5), 'calls', 'call', 'UPDATE', `{"user_id":"${ben}"}`, `{"user_id":"${cid}"}`, 900)
  audit.run(id(3), 'calls', 'call', 'SYNC_REJECTED', null, '{"notes":"late"}', 950)
  audit.run(id(4), 'users', ben, 'LOGIN', null, null, 5_000)
  judged(6, 1, ben, ben)
  judged(5, 2, ben, cid)
  judged(3, 3, null, null, 'rejected')
  db.close()

  const store = new SqliteStore(path, 'e')
  const ids = async (ownedBy: string | null) => {
    const query = { before: null, limit: 9, bytes: 9_999, ownedBy }
    return (await store.read((tx) => tx.trail(acme, query))).lines.map((line) => line.id)
  }
  expect(await ids(null)).toEqual([4, 3, 5, 6, 2, 1].map(id))
  expect(await ids(cid)).toEqual([id(5)])
  expect(await ids(ben)).toEqual([id(4)])
  await store.close()
})
