import { AppError } from '../../core/errors.ts'
import type { ClientId, Id } from '../../core/id.ts'
import { uniqueKey } from '../../core/unique-key.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { rows } from '../statements.ts'

const WHAT = { email: 'e-mail address', name: 'name' } as const

/**
 * The table's own index ignores the case of ASCII letters only, but "Ärger" and "ärger" are one name, here and on the server. Both tables
 * are small, so all names are compared.
 * @throws AppError CONFLICT where another row of the client has the name.
 */
export function requireFreeName(
  db: WritableDb,
  table: 'users' | 'loss_reasons',
  column: 'email' | 'name',
  clientId: ClientId,
  value: string,
  ownId: Id,
): void {
  if (holderOf(db, table, column, clientId, value, ownId) === undefined) return
  throw new AppError('CONFLICT', `This ${WHAT[column]} already exists. Nothing was saved.`, { field: column })
}

/** Returns the row other than `ownId` that has this name or address. */
export function holderOf(
  db: ReadableDb,
  table: 'users' | 'loss_reasons',
  column: 'email' | 'name',
  clientId: ClientId,
  value: string,
  ownId: Id,
): Id | undefined {
  const others = rows<{ id: Id; value: string }>(
    db,
    `SELECT id, ${column} AS value FROM ${table} WHERE client_id = ? AND id <> ?`,
    clientId,
    ownId,
  )
  const wanted = uniqueKey(value)
  return others.find((other) => uniqueKey(other.value) === wanted)?.id
}
