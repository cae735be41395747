import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import type { WritableDb } from '../open.ts'
import { rows } from '../statements.ts'

const folded = (text: string) => text.normalize('NFC').toLowerCase()

const WHAT = { email: 'e-mail address', name: 'name' } as const

/**
 * The database compares without regard to case as far as ASCII goes; "Ärger" and "ärger" are one name all the same. Both tables
 * are small, so all names are compared.
 * @throws AppError CONFLICT where another row of the client has the name.
 */
export function requireFreeName(
  db: WritableDb,
  table: 'users' | 'loss_reasons',
  column: 'email' | 'name',
  clientId: Id,
  value: string,
  ownId: Id,
): void {
  const others = rows<{ value: string }>(
    db,
    `SELECT ${column} AS value FROM ${table} WHERE client_id = ? AND id <> ?`,
    clientId,
    ownId,
  )
  const wanted = folded(value)
  if (!others.some((other) => folded(other.value) === wanted)) return
  throw new AppError('CONFLICT', `There is one with this ${WHAT[column]} already. Nothing was saved.`, { field: column })
}
