import type { ClientId } from '../../core/id.ts'
import type { Client } from '../../core/model/people.ts'
import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

type ClientRow = Omit<Client, 'isActive'> & { readonly isActive: 0 | 1 }

export function getClient(db: ReadableDb, id: ClientId): Client | undefined {
  const found = row<ClientRow>(
    db,
    `SELECT id, name, email, phone, address, is_active AS isActive, created_at AS createdAt, updated_at AS updatedAt
     FROM clients WHERE id = ?`,
    id,
  )
  return found === undefined ? undefined : { ...found, isActive: found.isActive === 1 }
}
