import type { TrailCoverage, TrailEntry } from '../../../core/model/audit.ts'

type Page = { readonly rows: readonly TrailEntry[]; readonly coverage: TrailCoverage }

/**
 * The lines of all pages, each once. A line that waited when the first page was read may be in a later page too, with its place in the
 * server's order: then it is shown there.
 */
export function linesOf(pages: readonly Page[] | undefined): TrailEntry[] {
  const lines = pages?.flatMap(({ rows }) => rows) ?? []
  const answered = new Set(lines.flatMap(({ id, isWaiting }) => (isWaiting ? [] : [id])))
  return lines.filter(({ id, isWaiting }) => !isWaiting || !answered.has(id))
}

/** Where one page is of this device alone, the list is not complete. */
export function coverageOf(pages: readonly Page[] | undefined): TrailCoverage | undefined {
  return pages?.some(({ coverage }) => coverage === 'device') === true ? 'device' : pages?.[0]?.coverage
}

const ASK_AGAIN_MS = 15_000

/** How soon an incomplete list is read again, ms; false: a complete one stays until something changes. */
export function refetchInterval(pages: readonly Page[] | undefined): number | false {
  return coverageOf(pages) === 'device' ? ASK_AGAIN_MS : false
}
