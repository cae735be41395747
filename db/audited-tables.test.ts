import { expect, test } from 'vitest'
import { SYNC_TABLE_NAMES, syncTable } from '../core/sync/tables.ts'
import { triggersSql } from './triggers.ts'

const triggers = triggersSql()

/** Returns the statements of a table's triggers that insert into `target`. */
function insertsOf(table: string, target: string): string[] {
  const own = triggers.filter((sql) => sql.startsWith(`CREATE TRIGGER ${table}_audit_`))
  return own.flatMap((sql) => sql.match(new RegExp(`INSERT INTO ${target} [^;]+;`, 'g')) ?? [])
}

test('every synced table has audit triggers, and no other table', () => {
  const audited = triggers.flatMap((sql) => /^CREATE TRIGGER \w+_audit_insert AFTER INSERT ON (\w+)/.exec(sql)?.[1] ?? [])
  expect(audited.toSorted()).toEqual(SYNC_TABLE_NAMES.toSorted())
})

test.each(SYNC_TABLE_NAMES)('[S16] the audit lines of %s have no column that only its owner may receive', (table) => {
  const lines = insertsOf(table, 'audit_logs').join('\n')
  const operations = insertsOf(table, 'sync_outbox').join('\n')
  expect(lines.match(/'(?:INSERT|UPDATE|DELETE)'/g)).toEqual([`'INSERT'`, `'UPDATE'`, `'DELETE'`])
  for (const { name, audience, writer } of syncTable(table).columns) {
    if (writer === 'server') continue
    expect(operations, name).toContain(`"${name}"`)
    expect(lines.includes(`"${name}"`), name).toBe(audience !== 'self')
  }
})
