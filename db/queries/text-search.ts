import { sql } from 'drizzle-orm'
import type { CallFilter } from '../../core/contract/calls.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import { searchWords, type SearchWord } from '../../core/text/search-words.ts'
import { NAMES, WORDS } from '../derived.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { query } from '../prepared.ts'
import { clients } from '../schema.ts'
import { hasTests, scopedFilter, type ScopedFilter } from './call-filter.ts'
import { pageRowids } from './call-list.ts'
import { countMatches, withRowids } from './call-text-pages.ts'
import { LATEST_FIRST } from './call-order.ts'
import { matchParts, matchWholeWords, matchWords, type TextMatch } from './text-match.ts'
import { nearWords } from './typing-errors.ts'
import { weekHoursOf } from './week-hours.ts'
import { longBeginnings } from './word-list.ts'

/**
 * A filter with the search of its text. The tiers divide the calls that it finds, best matches first; none without a text:
 *
 * 1. calls whose name has all words of the text,
 * 2. calls whose name has words that begin like them,
 * 3. all other calls with words that begin like them,
 * 4. calls whose name has the words with a typing error, if the first three are few,
 * 5. all other calls with such words.
 *
 * If no call has words that begin like those of the text, calls with the words inside other words are the only tier.
 */
export type TextSearch = { readonly chosen: ScopedFilter; readonly tiers: readonly Tier[] }

/** Searches when it is first called: a page needs only some of the tiers, and a count or another order needs none. */
type Tier = () => TextMatch

function once(search: Tier): Tier {
  let found: TextMatch | undefined
  return () => (found ??= search())
}

/** Fewest calls with which a search does not look for typing errors. */
export const ENOUGH = 5

export function searchOf(db: ReadableDb, clientId: ClientId, filter: CallFilter, restrictUserId: UserId | null): TextSearch {
  const base = scopedFilter(clientId, filter, restrictUserId, weekHoursOf(db, clientId, filter))
  const words = filter.text === undefined ? null : searchWords(filter.text, defaultCountry(db, clientId))
  return words === null ? { chosen: base, tiers: [] } : searchOfWords(db, base, words)
}

function searchOfWords(db: ReadableDb, base: ScopedFilter, words: readonly SearchWord[]): TextSearch {
  const searchFor = (match: TextMatch, tiers: readonly Tier[]) => ({ chosen: { ...base, match }, tiers })
  const beginnings = longBeginnings(db)
  const begun = withRowids(db, matchWords(WORDS, words, beginnings))
  const found = countUpToEnough(db, { ...base, match: begun })
  if (found === 0) {
    const parts = matchParts(words)
    const inside = parts === null ? null : withRowids(db, parts)
    if (inside !== null && countUpToEnough(db, { ...base, match: inside }) > 0) return searchFor(inside, [() => inside])
  }
  const inName = once(() => withinWords(db, begun, () => matchWords(NAMES, words, beginnings)))
  const wholeInName = once(() => withinWords(db, begun, () => matchWholeWords(NAMES, words)))
  const tiers = [wholeInName, once(() => leavingOut(inName(), wholeInName())), once(() => leavingOut(begun, inName()))]
  if (found >= ENOUGH) return searchFor(begun, tiers)
  const near = nearWords(db, words)
  if (near === null) return searchFor(begun, tiers)
  const nearName = once(() => withRowids(db, matchWords(NAMES, words, beginnings, near)))
  const nearAny = withRowids(db, matchWords(WORDS, words, beginnings, near))
  return searchFor(nearAny, [
    ...tiers,
    once(() => leavingOut(nearName(), begun)),
    once(() => leavingOut(nearAny, begun, nearName())),
  ])
}

/** As `withRowids`, for a search that finds only calls that another one finds. */
function withinWords(db: ReadableDb, wider: TextMatch, match: () => TextMatch): TextMatch {
  return wider.rowids?.length === 0 ? wider : withRowids(db, match())
}

/** A search that leaves out the calls of others. */
function leavingOut(match: TextMatch, ...others: readonly TextMatch[]): TextMatch {
  const left = new Set(others.flatMap(({ rowids }) => rowids ?? []))
  return {
    ...match,
    rowids: match.rowids?.filter((rowid) => !left.has(rowid)) ?? null,
    without: others.filter(({ rowids }) => match.rowids === null || rowids === null),
  }
}

/** Counts the calls that a search finds, at most `ENOUGH`. */
function countUpToEnough(db: ReadableDb, chosen: ScopedFilter & { readonly match: TextMatch }): number {
  const matches = countMatches(db, chosen.match, ENOUGH - 1)
  if (matches === 0 || isOnlyMatch(db, chosen)) return matches
  return pageRowids(db, { chosen, order: LATEST_FIRST, after: null, skip: 0, limit: ENOUGH }).length
}

const clientCount = query((orm) => orm.select({ clients: sql<number>`count(*)` }).from(clients))

/** Whether the index alone decides which calls pass. It has no client, so the file must have one client. */
export function isOnlyMatch(db: ReadableDb, chosen: ScopedFilter & { readonly match: TextMatch }): boolean {
  const { holds, without } = chosen.match
  return holds === null && without.length === 0 && !hasTests(chosen) && clientCount.get(db)?.clients === 1
}
