export type DraftStore<T> = {
  put: (value: T) => Promise<unknown>
  delete: () => Promise<unknown>
  /** Keeps a change until it is written; null: the draft is to be deleted. Returns the text that identifies the entry for `settle`. */
  keep: (value: T | null) => string
  settle: (kept: string) => void
}

/**
 * Writes a draft shortly after the last change, and at once on `flush`. Until then the window keeps the changes. Writes run one after the
 * other, so that an old text overwrites no newer one and does not restore a discarded draft. A failed write stays due until the next
 * `flush`.
 */
export class DraftWriter<T> {
  readonly #store: DraftStore<T>
  readonly #delay: number
  #due: { readonly value: T | null; readonly kept: string } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #last: Promise<void> = Promise.resolve()
  #holds = 0
  #held: T | null = null

  constructor(store: DraftStore<T>, delay = 250) {
    this.#store = store
    this.#delay = delay
  }

  /** @param value null: there is nothing to keep. */
  change(value: T | null): void {
    if (this.#holds > 0) {
      this.#held = value
      return
    }
    this.#due = { value, kept: this.#store.keep(value) }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush().catch(() => {}), this.#delay)
  }

  /** Changes the draft to what `read` returns, after the writes that are under way; for a form that is closed before its draft is read. */
  changeTo(read: () => Promise<T>): Promise<void> {
    const change = async () => {
      await this.flush().catch(() => {})
      const value = await read()
      // A later change belongs to the form that was opened again, and wins.
      if (this.#due === undefined) this.change(value)
    }
    this.#last = change()
    return this.flush()
  }

  /** Whether the stored draft belongs to a record that is being saved. */
  get isHeld(): boolean {
    return this.#holds > 0
  }

  /** Returns what was typed since the last `hold`; null: nothing. */
  get held(): T | null {
    return this.#held
  }

  /**
   * Leaves the stored draft as it is until `release`: it belongs to a record that is being saved, and a crash before the record is
   * saved must not lose it. Changes until then belong to the next record.
   */
  hold(): void {
    this.#holds += 1
    this.#held = null
  }

  /** Ends one `hold`. After the last one the stored draft is replaced by what was typed since. */
  release(): Promise<void> {
    this.#holds -= 1
    if (this.#holds > 0) return Promise.resolve()
    this.change(this.#held)
    this.#held = null
    return this.flush()
  }

  /** Deletes the draft, also one that is about to be written. */
  discard(): Promise<void> {
    this.change(null)
    return this.flush()
  }

  /** Resolves when everything that was typed is written; rejects if a write fails. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    const write = this.#last.catch(() => {}).then(() => this.#writeDue())
    this.#last = write
    return write
  }

  async #writeDue(): Promise<void> {
    const due = this.#due
    if (due === undefined) return
    this.#due = undefined
    try {
      await (due.value === null ? this.#store.delete() : this.#store.put(due.value))
    } catch (error) {
      this.#due ??= due
      throw error
    }
    this.#store.settle(due.kept)
  }
}
