import type { CallFilter, CallSort } from '../../core/contract/calls.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { callsByRowid, type ListedCall } from './calls.ts'
import { pageRowids } from './call-list.ts'
import { CallOrder, LATEST_FIRST } from './call-order.ts'
import { rankedRowids, type RankedKey } from './ranked-calls.ts'
import { searchOf } from './text-search.ts'

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
  const search = searchOf(db, clientId, filter, restrictUserId)
  const order = sort.by === 'rank' ? LATEST_FIRST : new CallOrder(sort)
  for (let after: RankedKey | null = null; ;) {
    const page: { after: RankedKey | null; skip: number; limit: number } = { after, skip: 0, limit: PAGE }
    const found =
      sort.by === 'rank'
        ? rankedRowids(db, search, page)
        : pageRowids(db, { ...page, chosen: search.chosen, order }).map((rowid) => ({ rowid, tier: 0 }))
    const calls: ListedCall[] = callsByRowid(
      db,
      found.map(({ rowid }) => rowid),
      order,
    )
    const last = calls.at(-1)
    if (last === undefined) return
    yield calls
    if (calls.length < PAGE) return
    after = { tier: found.at(-1)?.tier ?? 0, value: last.sortValue, rowid: last.rowid }
  }
}
