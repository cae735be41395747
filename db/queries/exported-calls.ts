import type { CallFilter, CallSort } from '../../core/contract/calls.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { callsByRowid, chosenCalls, type ListedCall } from './calls.ts'
import { pageRowids } from './call-list.ts'
import { CallOrder, type Key } from './call-order.ts'

/** Calls in a page. Larger pages take more memory and hardly less time. */
const PAGE = 2_000

/**
 * Returns all calls of a list in its order, page by page, so that the memory does not depend on their number. The caller holds a transaction,
 * so that all pages are of one state.
 * @param restrictUserId only that user's own calls; null: everyone's.
 */
export function* exportedCalls(
  db: ReadableDb,
  clientId: ClientId,
  { filter, sort }: { readonly filter: CallFilter; readonly sort: CallSort },
  restrictUserId: UserId | null,
): Generator<readonly ListedCall[]> {
  const order = new CallOrder(sort)
  const chosen = chosenCalls(db, clientId, filter, restrictUserId)
  for (let after: Key | null = null; ;) {
    const found: number[] = pageRowids(db, { chosen, order, after, skip: 0, limit: PAGE })
    const calls: ListedCall[] = callsByRowid(db, found, order)
    const last = calls.at(-1)
    if (last === undefined) return
    yield calls
    if (calls.length < PAGE) return
    after = { value: last.sortValue, rowid: last.rowid }
  }
}
