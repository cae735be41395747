import type { CallPage, Cursor } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'

export const PAGE_SIZE = 100
/** Pages whose rows are kept in memory; the farthest from what is shown go first. */
const KEPT_PAGES = 60

export type PageRequest = { readonly after: Cursor | null; readonly skip: number; readonly limit: number }
export type LoadPage = (request: PageRequest, signal: AbortSignal) => Promise<CallPage>

type Page = { readonly rows: readonly Call[]; readonly generation: number }

/**
 * Rows of one sorted, filtered list by their position, loaded in pages where they are looked at. A page is asked for after the
 * nearest earlier page whose end is known, passing over the rows between, so that a jump costs one request.
 *
 * A new count begins a new generation: positions and cursors of the old one are not mixed with the new (a cursor would count on rows
 * that have moved), but old rows stay shown until the new page is there, so that nothing goes blank.
 *
 * One request is under way at a time; when it is answered, what is wanted *then* comes next. Dragging the scroll bar across a
 * million rows so costs a few requests, not thousands.
 */
export class CallPages {
  readonly #load: LoadPage
  readonly #pages = new Map<number, Page>()
  /** Where a page of the running generation begins. */
  readonly #starts = new Map<number, Cursor>()
  readonly #listeners = new Set<() => void>()
  #abort = new AbortController()
  #total: number | undefined
  #generation = 0
  #version = 0
  #busy = false
  #wanted: { first: number; last: number } = { first: 0, last: -1 }
  #error: unknown

  constructor(load: LoadPage) {
    this.#load = load
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes whenever a row, the generation or the error does. */
  getVersion = (): number => this.#version

  get error(): unknown {
    return this.#error
  }

  rowAt(index: number): Call | undefined {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.rows[index % PAGE_SIZE]
  }

  /** Whether the row at `index` is of the running generation, and not one that is about to be replaced. */
  isFresh(index: number): boolean {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.generation === this.#generation
  }

  /** The position of a row among the fresh pages; undefined where it is not loaded. */
  indexOf(id: string): number | undefined {
    for (const [page, { rows, generation }] of this.#pages) {
      if (generation !== this.#generation) continue
      const index = rows.findIndex((row) => row.id === id)
      if (index !== -1) return page * PAGE_SIZE + index
    }
    return undefined
  }

  /** These rows are on the screen, first and last included. */
  show(first: number, last: number): void {
    this.#wanted = { first, last }
    void this.#work()
  }

  /** Increases whenever the rows are counted again because the data changed. */
  get generation(): number {
    return this.#generation
  }

  /** Rows in all; undefined until counted. */
  get total(): number | undefined {
    return this.#total
  }

  /** Whether there is something to show in place of another list: the first rows, their absence, or why they did not come. */
  get isReady(): boolean {
    return this.#error !== undefined || this.#total === 0 || (this.#total !== undefined && this.#pages.size > 0)
  }

  /** The rows were counted, for the first time or because the data changed: then what is shown is loaded again. */
  counted(total: number): void {
    if (this.#total !== undefined) {
      this.#generation++
      this.#starts.clear()
    }
    this.#total = total
    this.#error = undefined
    this.#changed()
    void this.#work()
  }

  /** The rows could not be counted. */
  failed(error: unknown): void {
    this.#error = error
    this.#changed()
  }

  retry(): void {
    this.#error = undefined
    this.#changed()
    void this.#work()
  }

  /** Nobody looks any more. `show` goes on. */
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

  /** The cheapest way to `page`: after the nearest earlier page that is known, passing over what lies between. */
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
        this.#forgetFar(page)
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
    // Looked at again while the aborted request ended.
    if (this.#error === undefined && this.#nextMissing() !== undefined) void this.#work()
  }

  #forgetFar(near: number) {
    if (this.#pages.size <= KEPT_PAGES) return
    const byDistance = [...this.#pages.keys()].toSorted((a, b) => Math.abs(b - near) - Math.abs(a - near))
    for (const page of byDistance.slice(0, this.#pages.size - KEPT_PAGES)) this.#pages.delete(page)
  }
}
