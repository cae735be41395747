export type DraftStore<T> = {
  put: (value: T) => Promise<unknown>
  delete: () => Promise<unknown>
  /** Keeps a change on the spot, until it is written; null: the draft is to be forgotten. What it returns comes back with `settle`. */
  keep: (value: T | null) => string
  settle: (kept: string) => void
}

/**
 * Writes down what is being typed: a short while after the last change, and at once when asked; until then the window keeps it. Writes follow one another, so that an
 * old text never lands after a newer one, nor a text after the draft was discarded. What could not be written stays due and goes
 * with the next `flush`.
 */
export class DraftWriter<T> {
  readonly #store: DraftStore<T>
  readonly #delay: number
  #due: { readonly value: T | null; readonly kept: string } | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(store: DraftStore<T>, delay = 250) {
    this.#store = store
    this.#delay = delay
  }

  /** @param value null: there is nothing worth keeping. */
  change(value: T | null): void {
    this.#due = { value, kept: this.#store.keep(value) }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush().catch(() => {}), this.#delay)
  }

  /** Forgets the draft, also one that is about to be written. */
  discard(): Promise<void> {
    this.change(null)
    return this.flush()
  }

  /** Settles when all that was typed is written; rejects where it could not be. */
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
