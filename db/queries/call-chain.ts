import { and, eq } from 'drizzle-orm'
import type { CallId, ClientId } from '../../core/id.ts'
import type { Call } from '../../core/model/call.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { calls } from '../schema.ts'
import { snapshot } from '../statements.ts'
import { callColumns } from './call-columns.ts'
import { getCall } from './calls.ts'

/** The most calls of a chain, and the most of them before the given call. */
export const MOST_OF_CHAIN = 200
const MOST_BEFORE = 100

const followersOf = query((orm, { clientId, id }: Named<{ clientId: ClientId; id: CallId }>) =>
  orm
    .select(callColumns)
    .from(calls)
    .where(and(eq(calls.followsCallId, id), eq(calls.clientId, clientId)))
    .orderBy(calls.createdAt, calls.id)
    .limit(MOST_OF_CHAIN),
)

/**
 * Returns the chain of `call`: the calls that it continues, itself, and the calls that continue any of these, each after the call that it
 * continues. The chain ends at a call that is not visible or not on this device. Two calls may continue the same one. Rows of other programs
 * may form a cycle, so no call is listed twice.
 */
export function callChain(db: ReadableDb, call: Call, isVisible: (call: Call) => boolean): Call[] {
  return snapshot(db, () => {
    const chain = [firstOf(db, call, isVisible)]
    const listed = new Set(chain.map(({ id }) => id))
    for (const { clientId, id } of chain)
      for (const next of followersOf.all(db, { clientId, id })) {
        if (chain.length === MOST_OF_CHAIN) return chain
        if (listed.has(next.id) || !isVisible(next)) continue
        listed.add(next.id)
        chain.push(next)
      }
    return chain
  })
}

function firstOf(db: ReadableDb, call: Call, isVisible: (call: Call) => boolean): Call {
  const met = new Set([call.id])
  let first = call
  while (first.followsCallId !== null && met.size < MOST_BEFORE && !met.has(first.followsCallId)) {
    const before = getCall(db, first.clientId, first.followsCallId)
    if (before === undefined || !isVisible(before)) break
    met.add(before.id)
    first = before
  }
  return first
}
