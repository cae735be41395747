import { createHash } from 'node:crypto'
import { TEXT_INDEXES } from './derived.ts'
import { REPORT_TOTALS } from './report-totals.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { openMigrated, openSchemaVersion, type ReadableDb } from './open.ts'
import { SCHEMA_FINGERPRINT } from './migrations/schema-fingerprint.ts'
import { SCHEMA_VERSION } from './migrations/migrations.ts'
import { row } from './statements.ts'

export type SchemaObject = {
  readonly type: 'table' | 'index' | 'trigger' | 'view'
  readonly name: string
  /** The table of the object. */
  readonly table: string
  /** The statement that creates it; null for a table that FTS5 creates for the text index. */
  readonly sql: string | null
}

/** "trigger calls_text_insert" */
export function objectLabel({ type, name }: SchemaObject): string {
  return `${type} ${name}`
}

export const isTable = ({ type }: SchemaObject): boolean => type === 'table'
/** A table that FTS5 creates and removes with the text index. */
export const isInnerTable = ({ type, sql }: SchemaObject): boolean => type === 'table' && sql === null

/** Tables whose content is derived only from the calls. */
export const DERIVED_TABLES: ReadonlySet<string> = new Set([
  'local_call_totals',
  'local_report_zone',
  'local_zone_offsets',
  'local_no_shows',
  ...REPORT_TOTALS.map(({ table }) => table),
  ...TEXT_INDEXES.flatMap(({ name, words }) => (words === undefined ? [name] : [name, words])),
])

/** Whether the object cannot be recreated, because it is a table with its own data. */
export function isUnmendable(object: SchemaObject): boolean {
  return isTable(object) && !isInnerTable(object) && !DERIVED_TABLES.has(object.name)
}

/**
 * SQL text, because Drizzle does not define SQLite's own tables. SQLite creates tables and indexes with reserved names, but no triggers. So a
 * trigger with such a name comes from a program that edited the schema by hand, and it runs.
 */
const OBJECTS = `SELECT o.type, o.name, o.tbl_name AS "table", CASE WHEN l.type IS 'shadow' THEN NULL ELSE o.sql END AS sql
  FROM sqlite_schema AS o LEFT JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = o.name AND o.type = 'table'
  WHERE o.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR o.type = 'trigger' ORDER BY o.rowid`

/**
 * Returns all objects of a file's schema in the order of their creation. FTS5's own tables are recognised by SQLite's type for them
 * (`shadow`), never by name, because the index's triggers have similar names.
 */
export function schemaObjects(sqlite: Sqlite): SchemaObject[] {
  return sqlite.prepare<[], SchemaObject>(OBJECTS).all()
}

const made = new Map<number, readonly SchemaObject[]>()

/**
 * Returns all objects of a fresh file at a schema version, in an order in which they can be created. The bulk load, the repair of a file,
 * the doctor and the tests use this list.
 */
export function expectedObjects(version: number): readonly SchemaObject[] {
  let objects = made.get(version)
  if (objects === undefined) {
    const sqlite = openMigrated(version)
    try {
      made.set(version, (objects = schemaObjects(sqlite)))
    } finally {
      sqlite.close()
    }
  }
  return objects
}

/** The differences between a file's schema and that of a fresh file of the same version. */
export type SchemaDifferences = {
  readonly missing: readonly SchemaObject[]
  /** Objects of the file with another statement than in a fresh file. */
  readonly altered: readonly SchemaObject[]
  /** Objects of the file that no fresh file has. */
  readonly added: readonly SchemaObject[]
}

/** Returns a hash over the objects, hex. Their order has no effect. */
export function schemaFingerprint(objects: readonly SchemaObject[]): string {
  const lines = objects.map((each) => `${objectLabel(each)}\0${each.table}\0${each.sql ?? ''}\0`)
  return createHash('sha256').update(lines.toSorted().join('')).digest('hex')
}

export function schemaDifferences(db: ReadableDb): SchemaDifferences {
  const version = openSchemaVersion(db)
  const objects = schemaObjects(db.sqlite)
  // Almost every file is sound. A fresh file to compare with takes a tenth of a second.
  if (version === SCHEMA_VERSION && schemaFingerprint(objects) === SCHEMA_FINGERPRINT)
    return { missing: [], altered: [], added: [] }
  const expected = new Map(expectedObjects(version).map((each) => [objectLabel(each), each]))
  const found = new Map(objects.map((each) => [objectLabel(each), each]))
  const all = [...found]
  return {
    missing: [...expected].filter(([label]) => !found.has(label)).map(([, each]) => each),
    altered: all.filter(([label, { sql }]) => expected.has(label) && expected.get(label)?.sql !== sql).map(([, each]) => each),
    added: all.filter(([label]) => !expected.has(label)).map(([, each]) => each),
  }
}

/**
 * A table that exists only during a bulk load. It marks that indexes and triggers are missing on purpose. A finished workspace never has
 * it.
 */
export const BULK_LOAD_MARKER = 'local_bulk_load'

/** SQL text, because Drizzle does not define SQLite's own tables. */
const BULK_LOAD = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name = :marker`

export function isBulkLoading(db: ReadableDb): boolean {
  return row(db, BULK_LOAD, { marker: BULK_LOAD_MARKER }) !== undefined
}
