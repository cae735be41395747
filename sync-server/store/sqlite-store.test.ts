import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openReadable, openWritable, StoreNewerError, type Sqlite } from './sqlite/open.ts'
import { MIGRATIONS } from './sqlite/schema.ts'
import { SqliteStore } from './sqlite-store.ts'
import { storeContract } from './store-contract.ts'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'propaganda-store-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true })
})

storeContract('SQLite', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'propaganda-store-')), 'server.db')
  return {
    open: async () => new SqliteStore(path, '0123456789abcdef'),
    dispose: async () => rmSync(join(path, '..'), { recursive: true, force: true }),
  }
})

test('the file is its owner’s alone', () => {
  const path = join(folder(), 'data', 'server.db')
  openWritable(path, '0'.repeat(16)).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
})

test('a file of a newer server is refused and left as it is', () => {
  const path = join(folder(), 'server.db')
  const db = openWritable(path, '0'.repeat(16))
  db.pragma('user_version = 99')
  db.close()
  expect(() => new SqliteStore(path, '1'.repeat(16))).toThrow(StoreNewerError)
  const again = openReadable(path)
  expect(again.pragma('user_version', { simple: true })).toBe(99)
  again.close()
})

test('a file of before the present rule of comparison gets its keys, also where two names have one', () => {
  const path = join(folder(), 'server.db')
  // The driver's own constructor, because only one module imports it.
  const other = openWritable(join(folder(), 'server.db'), '0'.repeat(16))
  const old = Reflect.construct(other.constructor, [path]) as Sqlite
  other.close()
  old.exec(MIGRATIONS[0] ?? '')
  old.pragma('user_version = 1')
  const place = `1, 1, NULL, 'somebody'`
  old.exec(`INSERT INTO server VALUES (1, '0123456789abcdef');
    INSERT INTO clients VALUES ('${'c'.repeat(36)}', 'Acme', NULL, NULL, NULL, 1, 1, 1, ${place});
    INSERT INTO loss_reasons VALUES ('${'1'.repeat(36)}', '${'c'.repeat(36)}', 'ÄRGER', NULL, 1, 1, 1, ${place});
    INSERT INTO loss_reasons VALUES ('${'2'.repeat(36)}', '${'c'.repeat(36)}', 'ärger', NULL, 1, 1, 1, ${place});`)
  old.close()
  const db = openWritable(path, '1'.repeat(16))
  const keys = db.prepare('SELECT name_key FROM loss_reasons ORDER BY id').pluck().all()
  expect(keys).toEqual(['ärger', 'ärger'])
  db.close()
})

test('a commit is on disk when it is acknowledged, and what is removed is overwritten', () => {
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

test('the published audit trail takes no change from anyone', () => {
  const db = openWritable(join(folder(), 'server.db'), '0'.repeat(16))
  db.pragma('foreign_keys = OFF')
  db.exec(`
    INSERT INTO client_state VALUES ('c', 0, 0, 1, 'p', 'u', 'd', 'n', 0, 0, 0, 0);
    INSERT INTO audit_logs (id, client_id, table_name, record_id, action, created_at)
      VALUES ('01999999-0000-7000-8000-000000000000', 'c', 'calls', 'r', 'INSERT', 1);`)
  expect(() => db.exec(`UPDATE audit_logs SET user_id = 'x'`)).toThrow('append-only')
  expect(() => db.exec(`DELETE FROM audit_logs`)).toThrow('append-only')
  db.close()
})

test('the queries of the feed and of a push go by index', () => {
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
  expect(plan(`SELECT id FROM audit_logs WHERE client_id = 'c' AND record_id = 'r'`)).toContain('audit_logs_of_record')
  db.close()
})
