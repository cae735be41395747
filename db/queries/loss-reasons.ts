import { and, eq } from 'drizzle-orm'
import type { ClientId, LossReasonId } from '../../core/id.ts'
import { languageOfCountry, sortedByName } from '../../core/text/name-key.ts'
import type { LossReason } from '../../core/model/people.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { lossReasons } from '../schema.ts'

const reasonById = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: LossReasonId }>) =>
  orm
    .select()
    .from(lossReasons)
    .where(and(eq(lossReasons.clientId, clientId), eq(lossReasons.id, id))),
)

const reasonsOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm.select().from(lossReasons).where(eq(lossReasons.clientId, clientId)).orderBy(lossReasons.id),
)

export function getLossReason(db: ReadableDb, clientId: ClientId, id: LossReasonId): LossReason | undefined {
  return reasonById.get(db, { clientId, id })
}

/** Returns all loss reasons by name, also the deactivated ones. */
export function listLossReasons(db: ReadableDb, clientId: ClientId): LossReason[] {
  return sortedByName(reasonsOfClient.all(db, { clientId }), languageOfCountry(defaultCountry(db, clientId)))
}
