import type { TrailCoverage, TrailEntry } from '../../../core/model/audit.ts'

type Page = { readonly rows: readonly TrailEntry[]; readonly coverage: TrailCoverage }

/**
 * Returns the lines of all pages, each once. A line that waited when the first page was read may also be in a later page, at its place in
 * the server's order; it is then shown only there.
 */
export function linesOf(pages: readonly Page[] | undefined): TrailEntry[] {
  const lines = pages?.flatMap(({ rows }) => rows) ?? []
  const answered = new Set(lines.flatMap(({ id, isWaiting }) => (isWaiting ? [] : [id])))
  return lines.filter(({ id, isWaiting }) => !isWaiting || !answered.has(id))
}

/** Returns `device` if at least one page holds only what this device recorded: the list is then incomplete. */
export function coverageOf(pages: readonly Page[] | undefined): TrailCoverage | undefined {
  return pages?.some(({ coverage }) => coverage === 'device') === true ? 'device' : pages?.[0]?.coverage
}

const ASK_AGAIN_MS = 15_000

/** Returns after how many ms an incomplete list is read again; false for a complete one, which is read again on a change. */
export function refetchInterval(pages: readonly Page[] | undefined): number | false {
  return coverageOf(pages) === 'device' ? ASK_AGAIN_MS : false
}
