import { AppError } from '../../core/errors.ts'
import type { ClientId } from '../../core/id.ts'
import type { Client } from '../../core/model/people.ts'
import type { WritableDb } from '../open.ts'
import { getClient } from '../queries/clients.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow, patchedColumns, updateRow, written } from './changes.ts'

const COLUMNS = { name: 'name', email: 'email', phone: 'phone', address: 'address' } as const

export type NewClientRow = Omit<Client, 'updatedAt'>
export type ClientPatch = { readonly [Key in keyof typeof COLUMNS]?: Client[Key] | undefined }

/** Inserts the tenant. @throws AppError CONFLICT where the id exists. */
export function insertClient(db: WritableDb, client: NewClientRow): Client {
  insertRow(db, 'clients', {
    id: client.id,
    name: client.name,
    email: client.email,
    phone: client.phone,
    address: client.address,
    is_active: client.isActive ? 1 : 0,
    created_at: client.createdAt,
    updated_at: currentWrite(db).now,
  })
  return written(getClient(db, client.id))
}

/** @throws AppError NOT_FOUND */
export function updateClient(db: WritableDb, id: ClientId, patch: ClientPatch): Client {
  if (!updateRow(db, 'clients', id, patchedColumns(patch, COLUMNS))) throw new AppError('NOT_FOUND', 'There is no such client.')
  return written(getClient(db, id))
}
