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

/** Returns `device` if at least one page has only the lines of this device: the list is then incomplete. */
export function coverageOf(pages: readonly Page[] | undefined): TrailCoverage | undefined {
  return pages?.some(({ coverage }) => coverage === 'device') === true ? 'device' : pages?.[0]?.coverage
}

const MINUTE_MS = 60_000

/**
 * Returns the ids of lines that the server received after lines with a later time, because the device was offline. The list is in the
 * order in which the server received the lines, newest first, so their times are out of order. Times are shown in minutes, so smaller
 * differences do not count.
 */
export function sentLater(lines: readonly TrailEntry[]): ReadonlySet<string> {
  const found = new Set<string>()
  let latest = Number.NEGATIVE_INFINITY
  for (const { id, createdAt, isWaiting } of lines.toReversed()) {
    if (isWaiting) continue
    const minute = Math.floor(createdAt / MINUTE_MS)
    if (minute < latest) found.add(id)
    latest = Math.max(latest, minute)
  }
  return found
}

const ASK_AGAIN_MS = 15_000

/** Returns the ms after which an incomplete list is read again; false for a complete one, which is read again after a change. */
export function refetchInterval(pages: readonly Page[] | undefined): number | false {
  return coverageOf(pages) === 'device' ? ASK_AGAIN_MS : false
}
