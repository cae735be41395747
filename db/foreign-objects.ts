import { sentence } from '../core/messages/sentence.ts'
/**
 * Views, triggers and indexes that another program made in a workspace file. Only `doctor --fix` removes what the application did not make,
 * so an update keeps them.
 *
 * A migration runs without them: they are removed before it, in its transaction, and created from their own text after it. Thus none of
 * them can fire in a migration, stop an ALTER TABLE, or be lost with a table that is made again. The price: a renamed column is not renamed
 * in their text.
 *
 * - An index is kept if it can be created.
 * - A trigger of a table is kept unless a write that compiled with it before does not compile now, because then the application could not
 *   write to that table.
 * - A view and its triggers are kept even if they name something that is gone, because no statement of the application uses them.
 *
 * A view, trigger or index of the application that another program altered is kept in the same way. If it does not fit, the application's
 * own takes its place.
 */
import { StorageError } from '../platform/files/storage-error.ts'
import type { Sqlite } from '../platform/sqlite/database.ts'
import { sqliteFailure } from '../platform/sqlite/errors.ts'

/** A row of `sqlite_schema`. */
export type FileObject = {
  readonly type: 'table' | 'view' | 'trigger' | 'index'
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** An update cannot keep an object that another program made. The update is rolled back. */
export class ForeignObjectError extends StorageError {
  override readonly name = 'ForeignObjectError'

  constructor({ type, name }: FileObject, cause?: unknown) {
    const detail =
      type === 'table' ? sentence('storage.foreign-table', { name }) : sentence('storage.foreign-object', { type, name })
    super('foreign', cause, detail)
  }
}

/** Folds a name as SQLite does: only the letters of ASCII. */
const folded = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
const keyOf = ({ type, name }: FileObject) => `${type} ${folded(name)}`
/** Triggers have names of their own; tables, views and indexes share theirs. */
const nameKeyOf = ({ type, name }: FileObject) => `${type === 'trigger' ? 'trigger' : 'other'} ${folded(name)}`
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Returns the objects of a file, without those that SQLite makes for keys. */
export function fileObjects(sqlite: Sqlite): FileObject[] {
  return sqlite
    .prepare<[], FileObject>(
      `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
    )
    .all()
}

/** Runs one statement only, whatever the text contains. */
function create(sqlite: Sqlite, { sql }: FileObject): void {
  sqlite.prepare(sql).run()
}

function drop(sqlite: Sqlite, { type, name }: FileObject): void {
  sqlite.exec(`DROP ${type} IF EXISTS ${quoted(name)}`)
}

/** Runs `work`; its changes are undone if it throws, or always if `undoes`. */
function inSavepoint<T>(sqlite: Sqlite, undoes: boolean, work: () => T): T {
  sqlite.exec('SAVEPOINT foreign_object')
  try {
    const result = work()
    if (undoes) sqlite.exec('ROLLBACK TO foreign_object')
    sqlite.exec('RELEASE foreign_object')
    return result
  } catch (error) {
    // A full disk or a damaged page has already rolled the transaction back.
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK TO foreign_object; RELEASE foreign_object')
    throw error
  }
}

/**
 * Runs `work` and returns its error if SQLite rejected the text of an object.
 * @throws every other error: a full disk is not the fault of an object.
 */
function rejection(work: () => void): Error | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    const failure = sqliteFailure(error)
    if (failure !== undefined && /^SQLITE_(?:ERROR|CONSTRAINT)/.test(failure.code)) return failure
    throw error
  }
}

/** Why an INSERT, an UPDATE and a DELETE of a trigger's table do not compile; undefined: the write compiles. */
type Compiled = readonly (Error | undefined)[]

/** Compiles a write of each kind, and with it the table's triggers. */
function compileWrites(sqlite: Sqlite, table: string): Compiled {
  const name = quoted(table)
  const columns = (sqlite.pragma(`table_info(${name})`) as { readonly name: string }[]).map((column) => quoted(column.name))
  const writes = [
    `INSERT INTO ${name} DEFAULT VALUES`,
    `UPDATE ${name} SET ${columns.map((column) => `${column} = ${column}`).join(', ')}`,
    `DELETE FROM ${name}`,
  ]
  return writes.map((sql) => rejection(() => void sqlite.prepare(sql)))
}

/** Compiles each of these triggers while no other trigger of a table exists, so that none is blamed for another. Changes nothing. */
function compileAlone(sqlite: Sqlite, triggers: readonly FileObject[], ofTable: (trigger: FileObject) => boolean): Compiled[] {
  if (triggers.length === 0) return []
  return inSavepoint(sqlite, true, () => {
    for (const object of fileObjects(sqlite)) if (object.type === 'trigger' && ofTable(object)) drop(sqlite, object)
    return triggers.map((trigger) =>
      inSavepoint(sqlite, true, () => {
        const rejected = rejection(() => create(sqlite, trigger))
        return rejected === undefined ? compileWrites(sqlite, trigger.table) : [rejected, rejected, rejected]
      }),
    )
  })
}

export type ForeignOptions = {
  /** The objects of the application before and after the migration. */
  readonly before: readonly FileObject[]
  readonly after: readonly FileObject[]
  /** Receives the label ("view mine") of an object that cannot be kept. Default: the migration fails. */
  readonly onLost?: ((label: string) => void) | undefined
}

/**
 * Runs the SQL of a migration in the caller's transaction and keeps the objects of other programs.
 * @throws ForeignObjectError if one of them cannot be kept and there is no `onLost`, or if a table has a name that the update needs.
 */
export function runKeepingForeign(sqlite: Sqlite, sql: string, { before, after, onLost }: ForeignOptions): void {
  const own = new Map(before.map((object) => [keyOf(object), object.sql]))
  const target = new Map(after.map((object) => [keyOf(object), object]))
  const names = new Set(after.map(nameKeyOf))
  const isOwn = (object: FileObject) => own.has(keyOf(object))
  const clashes = (object: FileObject) => !isOwn(object) && names.has(nameKeyOf(object))
  const found = fileObjects(sqlite)

  const table = found.find((object) => object.type === 'table' && clashes(object))
  if (table !== undefined) throw new ForeignObjectError(table)

  const ownTables = new Set(before.filter(({ type }) => type === 'table').map(({ name }) => folded(name)))
  const views = new Set(found.filter(({ type }) => type === 'view').map(({ name }) => folded(name)))
  const ofTable = (object: FileObject) => !views.has(folded(object.table))
  const removed = found.filter((object) => {
    if (object.type === 'table' || own.get(keyOf(object)) === object.sql) return false
    // A migration does not change the tables of other programs. Their indexes may need functions that only the other program has.
    return object.type !== 'index' || ownTables.has(folded(object.table)) || clashes(object)
  })
  if (removed.length === 0) {
    sqlite.exec(sql)
    return
  }
  const triggers = removed.filter((object) => object.type === 'trigger' && ofTable(object))
  const compiledBefore = compileAlone(sqlite, triggers, ofTable)
  // Triggers first, because DROP VIEW also removes the view's triggers.
  for (const object of removed) if (object.type === 'trigger') drop(sqlite, object)
  for (const object of removed) if (object.type !== 'trigger') drop(sqlite, object)

  sqlite.exec(sql)

  const present = new Set(fileObjects(sqlite).map(keyOf))
  // The migration has replaced or removed this object of the application.
  const isReplaced = (object: FileObject) => isOwn(object) && (present.has(keyOf(object)) || !target.has(keyOf(object)))
  const lose = (object: FileObject, cause?: unknown) => {
    const replacement = isOwn(object) ? target.get(keyOf(object)) : undefined
    if (replacement !== undefined) create(sqlite, replacement)
    else if (onLost === undefined) throw new ForeignObjectError(object, cause)
    else onLost(`${object.type} ${object.name}`)
  }
  const restore = (object: FileObject) => {
    if (isReplaced(object)) return
    const rejected = clashes(object)
      ? new Error('The name is one of the application')
      : rejection(() => inSavepoint(sqlite, false, () => create(sqlite, object)))
    if (rejected !== undefined) lose(object, rejected)
  }
  for (const object of removed) if (!triggers.includes(object)) restore(object)
  // With the views and their triggers, which a trigger of a table may use.
  const compiledAfter = compileAlone(sqlite, triggers, ofTable)
  triggers.forEach((trigger, index) => {
    const broken = compiledAfter[index]?.find(
      (error, write) => error !== undefined && compiledBefore[index]?.[write] === undefined,
    )
    if (broken === undefined || isReplaced(trigger)) restore(trigger)
    else lose(trigger, broken)
  })
}
