import { and, between, eq } from 'drizzle-orm'
import type { ClientId } from '../../core/id.ts'
import { parseTargetKey, targetValueSchema, type Month, type Target } from '../../core/model/targets.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { clientSettings } from '../schema.ts'

const settingsBetween = query((orm, { clientId, first, last }: Named<{ clientId: ClientId; first: string; last: string }>) =>
  orm
    .select({ key: clientSettings.key, value: clientSettings.value })
    .from(clientSettings)
    .where(and(eq(clientSettings.clientId, clientId), between(clientSettings.key, first, last))),
)

/** Returns the targets of the months from `from` to `to`, both included. A value that this release does not accept is left out. */
export function listTargets(db: ReadableDb, clientId: ClientId, { from, to }: { from: Month; to: Month }): Target[] {
  // A semicolon follows the colon that ends the month.
  const found = settingsBetween.all(db, { clientId, first: `target:${from}:`, last: `target:${to};` })
  return found.flatMap(({ key, value }) => {
    const place = parseTargetKey(key)
    const parsed = place === undefined ? undefined : targetValueSchema(place.metric).safeParse(JSON.parse(value))
    return place !== undefined && parsed?.success === true ? [{ ...place, value: parsed.data }] : []
  })
}
