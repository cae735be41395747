import Database from 'better-sqlite3'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { openReadable, openWritable, StoreNewerError } from './sqlite/open.ts'
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

/** A file as the first version of the server made it. */
function firstVersion(path: string, clients: string): void {
  const db = new Database(path)
  db.exec(must(MIGRATIONS[0], 'a first version'))
  db.exec(`INSERT INTO server (singleton, epoch) VALUES (1, '0123456789abcdef'); INSERT INTO client_state VALUES ${clients}`)
  db.pragma('user_version = 1')
  db.close()
}

test('a file of the first version opens: it gets a key, and its chain begins at its head [S6]', async () => {
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
    INSERT INTO client_state VALUES ('c', 0, 0, 1, 'p', 'u', 'd', 'n', 0, 0, 0, 0, NULL);
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
