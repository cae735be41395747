import { and, eq, sql } from 'drizzle-orm'
import { must } from '../../../core/assert.ts'
import type { ClientId } from '../../../core/id.ts'
import { insertOf, query, statement, updateOf, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { CHAIN_START, nextChainValue } from '../chain.ts'
import type { ClientState, OrderReads, OrderWrites } from '../store.ts'
import { chain, clientState } from './schema.ts'

const stateOfClient = query((orm, { clientId }: Named<{ clientId: ClientId }>) =>
  orm
    .select({
      head: clientState.seq,
      floor: clientState.floor,
      isPublished: sql`${clientState.publishedAt} IS NOT NULL`.mapWith(Boolean),
      unsealedUntil: clientState.unsealedUntil,
    })
    .from(clientState)
    .where(eq(clientState.clientId, clientId)),
)

const chainValueAt = query((orm, { clientId, seq }: Named<{ clientId: ClientId; seq: number }>) =>
  orm
    .select({ value: chain.value })
    .from(chain)
    .where(and(eq(chain.clientId, clientId), eq(chain.seq, seq))),
)

export function orderReads(db: OrmConnection): OrderReads {
  return {
    client: async (clientId) => stateOf(db, clientId),
    chainAt: async (clientId, seq) => chainValueAt.get(db, { clientId, seq })?.value,
  }
}

function stateOf(db: OrmConnection, clientId: ClientId): ClientState | undefined {
  const state = stateOfClient.get(db, { clientId })
  if (state === undefined) return undefined
  const value = state.head === 0 ? CHAIN_START : chainValueAt.get(db, { clientId, seq: state.head })?.value
  return { ...state, chain: must(value, 'The head has a chain value') }
}

const setHead = statement((orm, { clientId, seq }: Named<{ clientId: ClientId; seq: number }>) =>
  updateOf(orm, clientState, { seq }).where(eq(clientState.clientId, clientId)),
)
const insertChainValue = insertOf(chain)

/** BEGIN IMMEDIATE makes all writers wait for each other, so `lockClient` locks nothing. */
export function orderWrites(db: OrmConnection): OrderWrites {
  return {
    lockClient: async (clientId) => stateOf(db, clientId),

    async allocate(clientId, count, content) {
      const { head, chain: previous } = must(stateOf(db, clientId), 'The client exists')
      // Lines of a published audit trail have no numbers.
      if (count === 0) return head + 1
      const seq = head + count
      setHead(db, { clientId, seq })
      insertChainValue(db, { clientId, seq, value: nextChainValue(previous, seq, content) })
      return head + 1
    },
  }
}
