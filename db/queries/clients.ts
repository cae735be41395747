import { eq } from 'drizzle-orm'
import type { ClientId } from '../../core/id.ts'
import type { Client } from '../../core/model/people.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { clients } from '../schema.ts'

const clientById = query((orm, { id }: Named<{ id: ClientId }>) => orm.select().from(clients).where(eq(clients.id, id)))

export function getClient(db: ReadableDb, id: ClientId): Client | undefined {
  return clientById.get(db, { id })
}
