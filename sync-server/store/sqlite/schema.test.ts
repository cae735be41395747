import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isSyncTable } from '../../../core/sync/tables.ts'
import { openWritable } from './open.ts'
import * as schema from './schema.ts'

type StoredColumn = { readonly name: string; readonly type: string; readonly isRequired: 0 | 1 }

/** Returns the columns of every table of a new file. */
function storedColumns(): Map<string, StoredColumn[]> {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-store-'))
  const db = openWritable(join(folder, 'server.db'), '0'.repeat(16))
  const tables = db.prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()
  const columns = db.prepare<[string], StoredColumn>(
    // The columns of a key are required, although they are not declared so.
    `SELECT name, lower(type) AS type, iif("notnull" OR pk > 0, 1, 0) AS isRequired FROM pragma_table_info(?) ORDER BY name`,
  )
  const found = new Map(tables.map(({ name }) => [name, columns.all(name)]))
  db.close()
  rmSync(folder, { recursive: true, force: true })
  return found
}

test('typed queries see the columns of the file', () => {
  const stored = storedColumns()
  for (const table of Object.values(schema).filter((each) => is(each, SQLiteTable))) {
    const { name, columns } = getTableConfig(table)
    const typed = columns
      .map((column) => ({ name: column.name, type: column.getSQLType(), isRequired: column.notNull ? 1 : 0 }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const present = stored.get(name) ?? []
    // Of a synced table only the columns that typed queries name.
    const expected = isSyncTable(name) ? present.filter((each) => typed.some((column) => column.name === each.name)) : present
    expect([name, typed]).toEqual([name, expected])
    stored.delete(name)
  }
  expect([...stored.keys()].toSorted()).toEqual(['client_settings', 'do_not_call', 'loss_reasons', 'user_settings'])
})
