/**
 * Views, triggers and indexes that another program made in a workspace file. An update keeps them, because only `doctor --fix` removes
 * what the application did not make. Two things in an update endanger them:
 *
 * - ALTER TABLE … RENAME compiles all views and triggers of the file, and fails if one of them names a table that is missing. Such an
 *   object is removed for the duration of the migration.
 * - DROP TABLE removes the table's triggers and indexes. They are created again if the new table allows it.
 */
import { StorageError } from '../platform/files/storage-error.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { sqliteFailure } from '../platform/sqlite/errors.ts'

type ForeignObject = {
  readonly type: 'view' | 'trigger' | 'index'
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** An update cannot keep an object that another program made. The update is rolled back. */
export class ForeignObjectError extends StorageError {
  override readonly name = 'ForeignObjectError'

  constructor(label: string, cause: unknown) {
    super('foreign', cause, `The file contains the ${label}, which prevents the update.`)
  }
}

const labelOf = ({ type, name }: Pick<ForeignObject, 'type' | 'name'>) => `${type} ${name}`
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Returns the views, triggers and indexes of a file, without the indexes that SQLite makes for keys. */
function objectsOf(sqlite: Sqlite): ForeignObject[] {
  return sqlite
    .prepare<[], ForeignObject>(
      `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema
       WHERE type IN ('view', 'trigger', 'index') AND sql IS NOT NULL ORDER BY rowid`,
    )
    .all()
}

/** Returns the object that SQLite names in its error, for example "error in view mine: no such table: main.nowhere". */
function namedIn(error: unknown, objects: readonly ForeignObject[]): ForeignObject | undefined {
  const message = sqliteFailure(error)?.message ?? ''
  return objects
    .filter((object) => message.startsWith(`error in ${labelOf(object)}`))
    .toSorted((a, b) => b.name.length - a.name.length)[0]
}

/** Compiles a write of each kind, and with it the table's triggers. @throws if a trigger does not compile. */
function compileWrites(sqlite: Sqlite, table: string): void {
  const columns = (sqlite.pragma(`table_info(${quoted(table)})`) as { readonly name: string }[]).map(({ name }) => quoted(name))
  const name = quoted(table)
  sqlite.prepare(`INSERT INTO ${name} DEFAULT VALUES`)
  sqlite.prepare(`UPDATE ${name} SET ${columns.map((column) => `${column} = ${column}`).join(', ')}`)
  sqlite.prepare(`DELETE FROM ${name}`)
}

export type ForeignOptions = {
  /** Returns the labels ("trigger calls_text_insert") of the application's objects before the migration. */
  readonly own: () => ReadonlySet<string>
  /** Receives an object that cannot be kept. Default: the migration fails. */
  readonly onLost?: (label: string) => void
}

/** Returns the objects that can have caused the failure of a migration. */
function suspectsOf(error: unknown, objects: readonly ForeignObject[], own: ForeignOptions['own']): readonly ForeignObject[] {
  const named = namedIn(error, objects)
  if (named !== undefined) return [named]
  if (!/^SQLITE_(?:ERROR|CONSTRAINT)/.test(sqliteFailure(error)?.code ?? '')) return []
  // A trigger that fails when a statement fires it is not named.
  return objects.filter((object) => object.type === 'trigger' && !own().has(labelOf(object)))
}

/**
 * Runs the SQL of a migration in the caller's transaction and keeps all objects of other programs.
 * @throws ForeignObjectError if one of them cannot be kept and there is no `onLost`.
 */
export function runKeepingForeign(sqlite: Sqlite, sql: string, options: ForeignOptions): void {
  const before = objectsOf(sqlite)
  const removed = new Map<string, ForeignObject>()
  for (;;) {
    sqlite.exec('SAVEPOINT migration')
    // DROP VIEW also removes the view's triggers.
    for (const { type, name } of removed.values()) sqlite.exec(`DROP ${type} IF EXISTS ${quoted(name)}`)
    try {
      sqlite.exec(sql)
      break
    } catch (error) {
      const rest = before.filter((object) => !removed.has(labelOf(object)))
      const suspects = suspectsOf(error, rest, options.own)
      if (suspects.length === 0) throw error
      sqlite.exec('ROLLBACK TO migration; RELEASE migration')
      for (const object of suspects) removed.set(labelOf(object), object)
    }
  }
  sqlite.exec('RELEASE migration')
  restore(sqlite, before, removed, options)
}

function restore(
  sqlite: Sqlite,
  before: readonly ForeignObject[],
  removed: ReadonlyMap<string, ForeignObject>,
  { own, onLost }: ForeignOptions,
): void {
  const present = new Set(objectsOf(sqlite).map(labelOf))
  for (const object of before) {
    const label = labelOf(object)
    // The object is still there, or the migration has created its own object of this name. The application's objects are not created again.
    if (present.has(label) || (!removed.has(label) && own().has(label))) continue
    // A trigger that may have been broken before the migration is not checked.
    const isSound = !removed.has(label) && !removed.has(`view ${object.table}`)
    try {
      sqlite.exec(object.sql)
      if (object.type === 'trigger' && isSound) compileWrites(sqlite, object.table)
    } catch (error) {
      if (onLost === undefined) throw new ForeignObjectError(label, error)
      sqlite.exec(`DROP ${object.type} IF EXISTS ${quoted(object.name)}`)
      onLost(label)
    }
  }
}
