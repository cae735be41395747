import { sql } from 'drizzle-orm'
import type { ReadableDb } from '../open.ts'
import { readRows } from '../prepared.ts'
import { calls } from '../schema.ts'
import type { SqlValue } from '../statements.ts'
import { all, listedIn, type ScopedFilter } from './call-filter.ts'
import { LATEST_FIRST } from './call-order.ts'
import {
  bestWalk,
  countUpTo,
  entryRowids,
  fewest,
  gather,
  PLAN_LIMITS,
  rowids,
  walkSegment,
  type CallPageQuery,
  type PlanLimits,
} from './call-walks.ts'
import { callsMatching, callsOf, holding, holdingWords, matching, type TextMatch } from './text-match.ts'

const { rowid } = calls

/**
 * Few matches are read and sorted. If there are many, a walk of the order soon finds a page of them. The walk is tried first, because FTS5
 * counts slowly. If the bounded walk will not fill the page, it ends, and the part of the filter with few calls is read or, if there is none,
 * all matches. If those are too many, the walk continues without the bound.
 */
export function textPage(db: ReadableDb, query: CallPageQuery, match: TextMatch, limits: PlanLimits): number[] {
  const few = match.holds === null ? limits.few : limits.fewToRead
  const fewMatches = { from: callsMatching(match), where: holding(match) }
  if (match.rowids !== null && match.rowids.length <= few) return gather(db, query, fewMatches)
  if (query.skip === 0) {
    const found = walkMatches(db, query, match, { ...limits, walked: limits.firstLook })
    if (found !== null) return found
  }
  if (countMatches(db, match, few) <= few) return gather(db, query, fewMatches)
  const narrower = fewest(db, query.chosen, { ...limits, fewEntries: limits.few })
  if (narrower !== null) {
    const candidates = rowids(db, sql`FROM ${narrower.from} WHERE ${all(narrower.where)}`)
    return gather(db, query, { from: callsOf([...matchesAmong(db, match, candidates)]), where: [] })
  }
  if (countMatches(db, match, limits.fewToJump) <= limits.fewToJump) return gather(db, query, fewMatches)
  return walkMatches(db, query, match, { ...limits, walked: Infinity }) ?? []
}

/** Counts the calls that the index finds for a search, up to `most + 1`. Calls to leave out are counted too. */
export function countMatches(db: ReadableDb, match: TextMatch, most: number): number {
  if (match.rowids !== null) return Math.min(match.rowids.length, most + 1)
  return countUpTo(db, { from: sql.identifier(match.index).getSQL(), where: [matching(match)] }, most)
}

/** Returns the search with the rowids that it finds, if those are few. Then the index is searched no more. */
export function withRowids(db: ReadableDb, match: TextMatch, { fewToKeep }: PlanLimits = PLAN_LIMITS): TextMatch {
  const found = entryRowids(db, sql`FROM ${sql.identifier(match.index)} WHERE ${matching(match)} LIMIT ${fewToKeep + 1}`)
  if (found.length > fewToKeep) return match
  const tests = holdingWords(match.holds)
  return {
    ...match,
    holds: null,
    rowids: tests.length === 0 ? found : rowids(db, sql`FROM ${callsOf(found)} WHERE ${all(tests)}`),
  }
}

/**
 * Walks the order's index in growing chunks and intersects each with the matches. Returns null as soon as it is probable that `walked` entries
 * do not fill the page.
 */
function walkMatches(
  db: ReadableDb,
  query: CallPageQuery,
  match: TextMatch,
  limits: PlanLimits & { readonly walked: number },
): number[] | null {
  const { limit, order } = query
  const walk = bestWalk(query)
  const found: number[] = []
  let { skip } = query
  let size = Math.min(Math.max(limits.leastChunk, limits.firstChunk * (skip + limit)), limits.largestChunk)
  let walked = 0
  for (let [segment, ...rest] = order.segments(query.after); segment !== undefined;) {
    if (walked >= limits.walked) return null
    const where = all([...walk.range, ...walk.tests, ...segment.within])
    const chunk = readRows(
      db,
      { rowid, value: sql<SqlValue>`${order.column}` },
      sql`FROM calls INDEXED BY ${sql.identifier(walk.index)} WHERE ${where} ORDER BY ${segment.order} LIMIT ${size}`,
    )
    const matched = matchesAmong(
      db,
      match,
      chunk.map((entry) => entry.rowid),
    )
    for (const entry of chunk) {
      if (!matched.has(entry.rowid)) continue
      if (skip > 0) skip--
      else if (found.push(entry.rowid) === limit) return found
    }
    const last = chunk.at(-1)
    if (chunk.length === size && last !== undefined) [segment, ...rest] = order.segments(last)
    else [segment, ...rest] = rest
    walked += size
    const wanted = skip + limit - found.length
    const needed = (1.25 * wanted * chunk.length) / (matched.size + 1)
    if (segment !== undefined && walked + needed > 2 * limits.walked) return null
    size = Math.ceil(Math.min(Math.max(limits.leastChunk, needed), size * 4, limits.largestChunk))
  }
  return found
}

/**
 * Counts the calls that a search finds and the filter lets pass, among the latest `entries` entries of the filter's index. `isWhole`: the index
 * has no others.
 */
export function countLatestMatches(
  db: ReadableDb,
  chosen: ScopedFilter,
  match: TextMatch,
  entries: number,
): { readonly total: number; readonly isWhole: boolean } {
  const walk = bestWalk({ chosen, order: LATEST_FIRST })
  const [latest] = LATEST_FIRST.segments(null)
  const passing = latest === undefined ? [] : walkSegment(db, walk, latest, entries, 0, { chosen, most: entries })
  const source = { from: sql`calls INDEXED BY ${sql.identifier(walk.index)}`, where: walk.range }
  return { total: matchesAmong(db, match, passing).size, isWhole: countUpTo(db, source, entries) <= entries }
}

/**
 * Returns those of `candidates` that match. FTS5 searches the range of their rowids once. Without the unary plus it would search once for each
 * of them, which takes a thousand times longer. The driver binds numbers as floating point, for which FTS5 would read all matches.
 */
function matchesAmong(db: ReadableDb, match: TextMatch, candidates: readonly number[]): Set<number> {
  if (candidates.length === 0) return new Set()
  let [least, most] = [Infinity, -Infinity]
  for (const candidate of candidates) [least, most] = [Math.min(least, candidate), Math.max(most, candidate)]
  const among = (some: Pick<TextMatch, 'index' | 'query' | 'rowids'>) =>
    some.rowids ??
    entryRowids(
      db,
      sql`FROM ${sql.identifier(some.index)} WHERE ${matching(some)}
        AND rowid BETWEEN CAST(${least} AS INTEGER) AND CAST(${most} AS INTEGER) AND +rowid ${listedIn(candidates)}`,
    )
  const matched = new Set(among(match))
  const found = match.rowids === null ? matched : new Set(candidates.filter((candidate) => matched.has(candidate)))
  for (const other of match.without) for (const left of among(other)) found.delete(left)
  const tests = holdingWords(match.holds)
  return tests.length === 0 ? found : new Set(rowids(db, sql`FROM ${callsOf([...found])} WHERE ${all(tests)}`))
}
