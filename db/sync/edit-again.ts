import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Values } from '../../core/sync/merge.ts'
import { UNIQUE_COLUMN } from '../../core/sync/same-name.ts'
import { fieldVersion } from '../../core/sync/field-versions.ts'
import { columnOf, isMergedTable, unitOf, versionKey, type SyncTableName } from '../../core/sync/tables.ts'
import type { WritableDb } from '../open.ts'
import { insertColumns, row, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { requireFreeName } from '../commands/unique-names.ts'
import { deleteText, identityOf, selectText, updateText } from '../device-rows.ts'
import { fieldVersions, saveVersions, versionsOf } from './versions.ts'

/*
 * Edits that a person repeats after the server decided otherwise: "use mine" and "retry". They are audited and sent like any other write.
 * The values have the columns' names because they come from an operation.
 */

function editable(table: SyncTableName, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => columnOf(table, name)?.writer === 'operation'))
}

function gone(): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', sentence('gone.edited'))
}

/** @throws AppError CONFLICT if the name or address is taken. */
function requireFree(db: WritableDb, table: SyncTableName, id: string, values: Values): void {
  if (!isMergedTable(table)) return
  const column = UNIQUE_COLUMN[table]
  const value = values[column]
  if (typeof value === 'string') requireFreeName(db, table, currentWrite(db).clientId, value, id)
}

/**
 * Makes an edit. With `bases` it counts as made on those versions, by column. A later value by another person then becomes a conflict,
 * instead of being replaced as if the author had seen it (S8, S10).
 * @throws AppError NOT_FOUND; CONFLICT or INVALID if the values break a rule.
 */
export function updateSyncedRow(
  db: WritableDb,
  table: SyncTableName,
  id: string,
  values: Values,
  bases?: Readonly<Record<string, number>>,
): void {
  const wanted = editable(table, values)
  if (bases !== undefined) useBases(db, table, id, wanted, bases)
  requireFree(db, table, id, values)
  const written = { ...wanted, ...identityOf(table, id, currentWrite(db).clientId) }
  if (run(db, updateText(table, Object.keys(wanted)), written) === 0) throw gone()
}

/** Sets the versions of the fields that the edit changes back to the edit's bases; the triggers read them. */
function useBases(
  db: WritableDb,
  table: SyncTableName,
  id: string,
  wanted: Values,
  bases: Readonly<Record<string, number>>,
): void {
  const version = versionsOf(db, table, [id]).get(id)
  const names = Object.keys(wanted)
  const current = row<Values>(db, selectText(table, names), identityOf(table, id, currentWrite(db).clientId))
  if (version === undefined || current === undefined) return
  const before = fieldVersions(version)
  const overrides = { ...before.overrides }
  // An unchanged unit makes no operation, so its version must not change.
  for (const name of names.filter((each) => wanted[each] !== current[each])) {
    const base = Math.min(...unitOf(table, name).map((column) => bases[column] ?? 0))
    overrides[versionKey(table, name)] = Math.min(base, fieldVersion(before, table, name))
  }
  saveVersions(db, table, new Map([[id, { ...version, fields: JSON.stringify(overrides) }]]))
}

/** @throws AppError CONFLICT if the row exists; INVALID. */
export function insertSyncedRow(db: WritableDb, table: SyncTableName, id: string, values: Values): void {
  const { clientId, now } = currentWrite(db)
  const known = Object.fromEntries(Object.entries(values).filter(([name]) => columnOf(table, name) !== undefined))
  requireFree(db, table, id, values)
  const stamped = columnOf(table, 'updated_at') === undefined ? {} : { updated_at: now }
  insertColumns(db, table, { ...identityOf(table, id, clientId), ...known, ...stamped })
}

/** @throws AppError NOT_FOUND */
export function removeSyncedRow(db: WritableDb, table: SyncTableName, id: string): void {
  if (run(db, deleteText(table), identityOf(table, id, currentWrite(db).clientId)) === 0) throw gone()
}
