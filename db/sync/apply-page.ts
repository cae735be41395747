import type { UserId } from '../../core/id.ts'
import { columnarLength, type Columnar } from '../../core/sync/columnar.ts'
import type { Page } from '../../core/sync/protocol.ts'
import type { WritableDb } from '../open.ts'
import { applyRows, requireKnown } from './apply-rows.ts'
import { saveConflict } from './conflicts.ts'
import { markScrubPending, setCursor } from './device-state.ts'
import { forgetScope, removeRows } from './remove-rows.ts'
import { forgetTeam } from '../team-cells.ts'

/** The most rows of one transaction. A write of the person waits for one transaction at most. */
const CHUNK_ROWS = 1_000

/** A part of a page that one transaction writes. */
type Part = { readonly page: Columnar; readonly from: number; readonly to: number }

/**
 * Writes a page in parts, so that the person's own writes run in between. The cursor is committed with the last part, so it is never ahead
 * of the rows (S5). An interrupted page is fetched again: writing a row twice changes nothing.
 */
export class PageApplier {
  readonly #page: Page
  readonly #userId: UserId
  readonly #parts: readonly (readonly Part[])[]
  #next = 0

  /** @throws UnknownColumnError, RangeError before anything is written. */
  constructor(page: Page, userId: UserId) {
    for (const rows of page.rows) requireKnown(rows)
    this.#page = page
    this.#userId = userId
    this.#parts = split(page.rows)
  }

  /** Writes the next part in the caller's transaction. Returns whether it was the last. */
  write(db: WritableDb): boolean {
    const { scope, forget, removed, conflicts, cursor, complete } = this.#page
    if (this.#next === 0) {
      if (this.#hasDepartures) markScrubPending(db, true)
      for (const what of forget) forgetScope(db, what, this.#userId)
      // A person with all calls counts them on the device.
      if (scope.calls === 'all') forgetTeam(db)
      removeRows(db, removed)
    }
    for (const { page, from, to } of this.#parts[this.#next] ?? []) applyRows(db, page, from, to, true)
    this.#next++
    if (this.#next < this.#parts.length) return false
    for (const conflict of conflicts) saveConflict(db, conflict)
    setCursor(db, cursor, complete)
    return true
  }

  /** Whether rows leave that have to be erased from the disk too (S15). */
  get #hasDepartures(): boolean {
    return this.#page.forget.length > 0 || this.#page.removed.some(({ reason }) => reason === 'moved')
  }
}

function split(pages: readonly Columnar[]): Part[][] {
  const parts: Part[][] = [[]]
  let room = CHUNK_ROWS
  for (const page of pages) {
    const length = columnarLength(page)
    for (let from = 0; from < length;) {
      if (room === 0) {
        parts.push([])
        room = CHUNK_ROWS
      }
      const to = Math.min(length, from + room)
      parts.at(-1)?.push({ page, from, to })
      room -= to - from
      from = to
    }
  }
  return parts
}
