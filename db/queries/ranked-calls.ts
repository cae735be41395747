import { sql, type SQL } from 'drizzle-orm'
import type { Cursor } from '../../core/contract/calls.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { ReadableDb } from '../open.ts'
import { calls } from '../schema.ts'
import { pageRowids } from './call-list.ts'
import { LATEST_FIRST, type Key } from './call-order.ts'
import { PLAN_LIMITS, type PlanLimits } from './call-walks.ts'
import { ofMatch } from './text-match.ts'
import type { TextSearch } from './text-search.ts'

/** The place of a call in a ranked list: its tier, then its place in it. A list without a text has one tier. */
export type RankedKey = Key & { readonly tier: number }
export type RankedRowid = { readonly rowid: number; readonly tier: number }

const LIST = 'calls.rank'

export function encodeRanked({ tier, value, rowid }: RankedKey): Cursor {
  return encodeCursor(LIST, [tier, value, rowid])
}

export function decodeRanked(cursor: string): RankedKey {
  const [tier, value = null, rowid] = decodeCursor(LIST, cursor, [['number'], ['number'], ['number']])
  return { tier: Number(tier), value, rowid: Number(rowid) }
}

type RankedPage = { readonly after: RankedKey | null; readonly skip: number; readonly limit: number }

/** Finds one page of the calls of a search, the best matches first. */
export function rankedRowids(
  db: ReadableDb,
  { chosen, tiers }: TextSearch,
  { after, skip, limit }: RankedPage,
  limits: PlanLimits = PLAN_LIMITS,
): RankedRowid[] {
  const found: RankedRowid[] = []
  let left = skip
  for (const [tier, search] of (tiers.length === 0 ? [() => chosen.match] : tiers).entries()) {
    if (after !== null && tier < after.tier) continue
    const page = { chosen: { ...chosen, match: search() }, order: LATEST_FIRST, after: after?.tier === tier ? after : null }
    const some = pageRowids(db, { ...page, skip: left, limit: limit - found.length }, limits)
    found.push(...some.map((rowid) => ({ rowid, tier })))
    if (found.length >= limit) return found
    // If rows were found, the skip ended in this tier. Otherwise the tier's calls are subtracted from it.
    if (left > 0) left = some.length > 0 ? 0 : left - pageRowids(db, { ...page, skip: 0, limit: left }, limits).length
  }
  return found
}

/** The tier of a call of a search, as an expression. */
export function tierOf({ tiers }: TextSearch): SQL<number> {
  if (tiers.length < 2) return sql<number>`0`
  // A call of a later tier is in none of the earlier ones.
  const cases = tiers.slice(0, -1).map((search, tier) => sql`WHEN ${calls.rowid} ${ofMatch(search())} THEN ${tier}`)
  return sql<number>`CASE ${sql.join(cases, sql` `)} ELSE ${tiers.length - 1} END`
}
