import { eq } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ClientId } from '../../core/id.ts'
import type { Client } from '../../core/model/people.ts'
import type { WritableDb } from '../open.ts'
import { changeRows } from '../prepared.ts'
import { getClient } from '../queries/clients.ts'
import { clients } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow, isEmpty, written } from './changes.ts'

export type NewClientRow = Omit<Client, 'updatedAt'>
export type ClientPatch = { readonly [Key in 'name' | 'email' | 'phone' | 'address']?: Client[Key] | undefined }

/** Inserts the tenant. @throws AppError CONFLICT if the id exists. */
export function insertClient(db: WritableDb, client: NewClientRow): Client {
  insertRow(db, clients, { ...client, updatedAt: currentWrite(db).now })
  return written(getClient(db, client.id))
}

/** @throws AppError NOT_FOUND */
export function updateClient(db: WritableDb, id: ClientId, { name, email, phone, address }: ClientPatch): Client {
  const patch = { name, email, phone, address }
  if (id !== currentWrite(db).clientId || getClient(db, id) === undefined)
    throw new AppError('NOT_FOUND', sentence('gone.client'))
  if (!isEmpty(patch)) changeRows(db, db.orm.update(clients).set(patch).where(eq(clients.id, id)))
  return written(getClient(db, id))
}
