/**
 * Passes events from a callback to one asynchronous reader. A new event replaces an unread one, which suits progress. The last event is
 * never dropped.
 */
export class EventQueue<T> {
  #waiting: T | undefined
  #last: { readonly event: T } | { readonly error: unknown } | undefined
  #wake = () => {}

  put(event: T): void {
    this.#waiting = event
    this.#wake()
  }

  end(event: T): void {
    this.#last = { event }
    this.#wake()
  }

  fail(error: unknown): void {
    this.#last = { error }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      if (this.#waiting !== undefined) {
        const event = this.#waiting
        this.#waiting = undefined
        yield event
      } else if (this.#last !== undefined) {
        if ('error' in this.#last) throw this.#last.error
        yield this.#last.event
        return
      } else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
