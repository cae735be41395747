import type { CallCount, CallPage, Cursor } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'

export const PAGE_SIZE = 100
/** The number of pages in memory. The pages farthest from the view are removed first. */
const KEPT_PAGES = 60

export type PageRequest = { readonly after: Cursor | null; readonly skip: number; readonly limit: number }
export type LoadPage = (request: PageRequest, signal: AbortSignal) => Promise<CallPage>

type Page = { readonly rows: readonly Call[]; readonly generation: number }

/**
 * The rows of one sorted, filtered list by position, loaded in pages where they are shown. A page is requested after the nearest earlier
 * page whose end is known, with the rows in between skipped, so that a jump costs one request.
 *
 * A new count starts a new generation. Positions and cursors of generations are not mixed, because rows may have moved. Old rows stay
 * visible until the new page is loaded, so that the list never becomes blank.
 *
 * If the count is not exact, the list grows with each page behind which there are more rows, and ends with the page behind which there are none.
 *
 * One request is under way at a time. After its answer the rows that are in view at that moment are loaded next, so that dragging the
 * scroll bar across a million rows costs a few requests.
 */
export class CallPages {
  #load: LoadPage
  readonly #pages = new Map<number, Page>()
  /** The cursors at which pages of the current generation begin. */
  readonly #starts = new Map<number, Cursor>()
  readonly #listeners = new Set<() => void>()
  #abort = new AbortController()
  #total: number | undefined
  #isExact = true
  #generation = 0
  #version = 0
  #busy = false
  /** The data changed after pages were requested, and the rows were not counted since. */
  #isOutdated = false
  #wanted: { first: number; last: number } = { first: 0, last: -1 }
  #error: unknown

  constructor(load: LoadPage) {
    this.#load = load
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Returns a number that changes with the rows, the generation and the error. */
  getVersion = (): number => this.#version

  get error(): unknown {
    return this.#error
  }

  rowAt(index: number): Call | undefined {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.rows[index % PAGE_SIZE]
  }

  /** Returns whether the row at `index` belongs to the current generation; otherwise it is about to be replaced. */
  isFresh(index: number): boolean {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.generation === this.#generation
  }

  /** Returns the position of a row in the current generation; undefined if it is not loaded. */
  indexOf(id: string): number | undefined {
    for (const [page, { rows, generation }] of this.#pages) {
      if (generation !== this.#generation) continue
      const index = rows.findIndex((row) => row.id === id)
      if (index !== -1) return page * PAGE_SIZE + index
    }
    return undefined
  }

  /** Sets the rows in view, first and last included, and loads them. */
  show(first: number, last: number): void {
    this.#wanted = { first, last }
    void this.#work()
  }

  /** Increases whenever the rows are counted again because the data changed. */
  get generation(): number {
    return this.#generation
  }

  /** Whether `total` is the exact number of rows. If not, there are at least `total` rows. */
  get isExact(): boolean {
    return this.#isExact
  }

  /** The number of rows that are known; undefined until counted. */
  get total(): number | undefined {
    return this.#total
  }

  /** Whether this list can replace another one: its first rows are loaded, it is empty, or it has failed. */
  get isReady(): boolean {
    return this.#error !== undefined || this.#total === 0 || (this.#total !== undefined && this.#pages.size > 0)
  }

  /**
   * Sets the number of rows. A second count means that the data changed, so the rows in view are loaded again. The rows that were loaded behind
   * an inexact count remain, so that the list does not become shorter under the pointer.
   * @param load loads the counted rows; absent: as before.
   */
  setCount({ total, exact }: CallCount, load: LoadPage = this.#load): void {
    this.#load = load
    if (this.#total !== undefined || this.#isOutdated) {
      this.#isOutdated = false
      this.#generation++
      this.#starts.clear()
    }
    this.#total = exact ? total : Math.max(total, this.#total ?? 0)
    this.#isExact = exact
    this.#error = undefined
    this.#changed()
    void this.#work()
  }

  /** The data changed. A first count that arrives after this does not fit the pages that are being loaded. */
  outdate(): void {
    this.#isOutdated = true
  }

  /** Sets the error of a failed count. */
  setError(error: unknown): void {
    this.#error = error
    this.#changed()
  }

  retry(): void {
    this.#error = undefined
    this.#changed()
    void this.#work()
  }

  /** Stops loading until the next `show`. */
  stop(): void {
    this.#wanted = { first: 0, last: -1 }
    this.#abort.abort()
  }

  #changed() {
    this.#version++
    for (const listener of this.#listeners) listener()
  }

  #nextMissing(): number | undefined {
    const { first, last } = this.#wanted
    if (last < first) return undefined
    for (let page = Math.floor(first / PAGE_SIZE); page <= Math.floor(last / PAGE_SIZE); page++)
      if (this.#pages.get(page)?.generation !== this.#generation) return page
    return undefined
  }

  /** Returns the cheapest request for `page`: after the nearest known earlier page, with the rows in between skipped. */
  #request(page: number): PageRequest {
    for (let known = page; known > 0; known--) {
      const after = this.#starts.get(known)
      if (after !== undefined) return { after, skip: (page - known) * PAGE_SIZE, limit: PAGE_SIZE }
    }
    return { after: null, skip: page * PAGE_SIZE, limit: PAGE_SIZE }
  }

  async #work(): Promise<void> {
    if (this.#busy || this.#error !== undefined) return
    this.#busy = true
    try {
      for (let page = this.#nextMissing(); page !== undefined; page = this.#nextMissing()) {
        const generation = this.#generation
        if (this.#abort.signal.aborted) this.#abort = new AbortController()
        const { rows, next } = await this.#load(this.#request(page), this.#abort.signal)
        if (generation !== this.#generation) continue
        this.#pages.set(page, { rows, generation })
        if (next !== null) this.#starts.set(page + 1, next)
        if (!this.#isExact) this.#grow(page, rows.length, next !== null)
        this.#dropFarPages(page)
        this.#changed()
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        this.#error = error
        this.#changed()
      }
    } finally {
      this.#busy = false
    }
    // `show` was called while the aborted request ended.
    if (this.#error === undefined && this.#nextMissing() !== undefined) void this.#work()
  }

  /** Corrects an inexact count by a loaded page. @param hasMore whether there are rows behind it */
  #grow(page: number, length: number, hasMore: boolean): void {
    const end = page * PAGE_SIZE + length
    if (hasMore) this.#total = Math.max(this.#total ?? 0, end + 1)
    // If rows were removed, a page can be behind the end. The pages before it show where the list ends.
    else this.#total = length > 0 ? end : Math.min(this.#total ?? end, end)
    this.#isExact = !hasMore && (length > 0 || page === 0 || this.#isFull(page - 1))
  }

  #isFull(page: number): boolean {
    const loaded = this.#pages.get(page)
    return loaded?.generation === this.#generation && loaded.rows.length === PAGE_SIZE
  }

  #dropFarPages(near: number) {
    if (this.#pages.size <= KEPT_PAGES) return
    const byDistance = [...this.#pages.keys()].toSorted((a, b) => Math.abs(b - near) - Math.abs(a - near))
    for (const page of byDistance.slice(0, this.#pages.size - KEPT_PAGES)) this.#pages.delete(page)
  }
}
