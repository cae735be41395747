import { and, count, desc, eq, gte, isNotNull, lt } from 'drizzle-orm'
import type { ClientId, LossReasonId, UserId } from '../../core/id.ts'
import { languageOfCountry, sortedByName } from '../../core/text/name-key.ts'
import type { LossReason } from '../../core/model/people.ts'
import type { TimeRange } from '../../core/time/time-range.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { calls, lossReasons } from '../schema.ts'

const reasonById = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: LossReasonId }>) =>
  orm
    .select()
    .from(lossReasons)
    .where(and(eq(lossReasons.clientId, clientId), eq(lossReasons.id, id))),
)

const reasonsOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm.select().from(lossReasons).where(eq(lossReasons.clientId, clientId)).orderBy(lossReasons.id),
)

type Used = Named<{ clientId: ClientId; userId: UserId; from: number; to: number }>

const usedReasons = query((orm, { clientId, userId, from, to }: Used) =>
  orm
    .select({ id: calls.lossReasonId })
    .from(calls)
    .where(
      and(
        eq(calls.clientId, clientId),
        eq(calls.userId, userId),
        gte(calls.eventAt, from),
        lt(calls.eventAt, to),
        isNotNull(calls.lossReasonId),
      ),
    )
    .groupBy(calls.lossReasonId)
    .orderBy(desc(count()), calls.lossReasonId),
)

export function getLossReason(db: ReadableDb, clientId: ClientId, id: LossReasonId): LossReason | undefined {
  return reasonById.get(db, { clientId, id })
}

/** Returns all loss reasons by name, also the deactivated ones. */
export function listLossReasons(db: ReadableDb, clientId: ClientId): LossReason[] {
  return sortedByName(reasonsOfClient.all(db, { clientId }), languageOfCountry(defaultCountry(db, clientId)))
}

/** Returns the reasons of a person's lost calls in a period, the most used first. */
export function lossReasonsByUse(db: ReadableDb, clientId: ClientId, userId: UserId, range: TimeRange): LossReasonId[] {
  return usedReasons.all(db, { clientId, userId, ...range }).flatMap(({ id }) => id ?? [])
}
