import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SYNC_TABLE_NAMES, syncTable, type SyncTableName } from '../../../core/sync/tables.ts'
import { openWritable } from './open.ts'
import { MIGRATIONS } from './migrations.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'propaganda-open-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a migration computes the keys of names again by the present rule', () => {
  const path = join(folder, 'server.db')
  const rekeying = MIGRATIONS.findIndex((sql) => sql.includes('UPDATE loss_reasons SET name_key') && !sql.includes('ALTER TABLE'))
  const old = openWritable(path, 'a'.repeat(16), rekeying)
  const id = (digit: string) => `00000000-0000-7000-8000-00000000000${digit}`
  old.pragma('foreign_keys = OFF')
  old.exec(`INSERT INTO loss_reasons (id, client_id, name, name_key, is_active, created_at, updated_at, version, base, changed_by)
    VALUES ('${id('1')}', '${id('c')}', 'FİYAT\u200b', 'of an earlier rule', 1, 1, 1, 1, 1, '${id('a')}')`)
  old.close()
  const db = openWritable(path, 'a'.repeat(16))
  expect(db.prepare('SELECT name, name_key AS key FROM loss_reasons').all()).toEqual([{ name: 'FİYAT\u200b', key: 'fiyat' }])
  db.close()
})

/** Columns of the server alone: identity, versions, and keys of unique columns. */
const SERVER_COLUMNS = ['id', 'client_id', 'version', 'base', 'fields', 'changed_by']
const KEYS: Partial<Record<SyncTableName, readonly string[]>> = {
  users: ['email_key'],
  loss_reasons: ['name_key'],
  calls: ['rowid'],
}

test.each(SYNC_TABLE_NAMES)('%s has the columns that core describes, and the same ones can be null', (table) => {
  const db = openWritable(join(folder, 'server.db'), 'a'.repeat(16))
  const columns = db.pragma(`table_info(${table})`) as { readonly name: string; readonly notnull: 0 | 1 }[]
  db.close()
  const own = new Set([...SERVER_COLUMNS, ...(KEYS[table] ?? [])])
  const nullable = columns.filter(({ name }) => !own.has(name)).map(({ name, notnull }) => [name, notnull === 0] as const)
  const described = syncTable(table).columns.map(({ name, schema }) => [name, schema.safeParse(null).success] as const)
  expect(Object.fromEntries(nullable)).toEqual(Object.fromEntries(described))
})
