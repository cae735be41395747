import { expect, test } from 'vitest'
import type { SchemaObject } from '../../db/schema-objects.ts'
import { migrationSql } from './migration-sql.ts'

const object = (type: SchemaObject['type'], name: string, sql: string | null): SchemaObject => ({
  type,
  name,
  table: 'calls',
  sql,
})
const table = (name: string, ...parts: readonly string[]) =>
  object('table', name, `CREATE TABLE "${name}" (\n\t${parts.join(',\n\t')}\n) STRICT`)
const trigger = (body: string) =>
  object('trigger', 'calls_text', `CREATE TRIGGER calls_text AFTER INSERT ON calls BEGIN ${body}; END`)
const index = object('index', 'calls_by_time', 'CREATE INDEX calls_by_time ON calls (id)')

const ID = '"id" text PRIMARY KEY NOT NULL'
const NOTES = '"notes" text'
const CALLS = table('calls', ID, NOTES)

test('equal schemas need no migration, also if their white space differs', () => {
  const spaced = { ...CALLS, sql: CALLS.sql?.replaceAll('\n\t', '  ') ?? null }
  expect(migrationSql([CALLS, index], [spaced, index])).toEqual({ sql: '', subjects: [] })
})

test('a new table is created', () => {
  const users = table('users', ID)
  const { sql, subjects } = migrationSql([CALLS], [CALLS, users])
  expect(sql).toBe(`${users.sql};`)
  expect(subjects).toEqual(['Adds the table users.'])
})

test('new columns are added at the end of the table', () => {
  const { sql, subjects } = migrationSql([CALLS], [table('calls', ID, NOTES, '"code" text', '"rank" integer DEFAULT 0 NOT NULL')])
  expect(sql).toBe(
    'ALTER TABLE "calls" ADD COLUMN "code" text;\n\nALTER TABLE "calls" ADD COLUMN "rank" integer DEFAULT 0 NOT NULL;',
  )
  expect(subjects).toEqual(['Adds the column calls.code.', 'Adds the column calls.rank.'])
})

test('a changed trigger is removed and created again', () => {
  const [before, after] = [trigger('SELECT 1'), trigger('SELECT 2')]
  const { sql, subjects } = migrationSql([CALLS, before], [CALLS, after])
  expect(sql).toBe(`DROP TRIGGER IF EXISTS "calls_text";\n\n${after.sql};`)
  expect(subjects).toEqual(['Changes trigger calls_text.'])
})

test('a removed index is removed', () => {
  const { sql, subjects } = migrationSql([CALLS, index], [CALLS])
  expect(sql).toBe('DROP INDEX IF EXISTS "calls_by_time";')
  expect(subjects).toEqual(['Removes index calls_by_time.'])
})

test('a table that FTS5 creates itself is ignored', () => {
  const inner = object('table', 'calls_text_data', null)
  expect(migrationSql([CALLS, inner], [CALLS])).toEqual({ sql: '', subjects: [] })
  expect(migrationSql([CALLS], [CALLS, inner])).toEqual({ sql: '', subjects: [] })
})

test('removed tables are refused by name, because their rows would be lost', () => {
  const before = [CALLS, table('users', ID), table('reasons', ID)]
  expect(() => migrationSql(before, [CALLS])).toThrow(
    'No longer in the schema: the tables users, reasons. Write this migration by hand.',
  )
})

test.each([
  ['a renamed column', [ID, '"remark" text']],
  ['a column of another type', [ID, '"notes" integer']],
  ['a removed column', [ID]],
  ['a new constraint', [ID, NOTES, 'CONSTRAINT "short" CHECK(length("notes") < 9)']],
])('a table with %s is refused', (_, parts) => {
  expect(() => migrationSql([CALLS], [table('calls', ...parts)])).toThrow(
    'The table calls differs in more than new columns. Write this migration by hand.',
  )
})

test('a check with commas, parentheses and quotes is one part', () => {
  const check = `CONSTRAINT "known" CHECK("notes" IN ('a, b', 'it''s (', '"') AND length("notes") < 9)`
  const { sql } = migrationSql([table('calls', ID, NOTES, check)], [table('calls', ID, NOTES, '"code" text', check)])
  expect(sql).toBe('ALTER TABLE "calls" ADD COLUMN "code" text;')
})
