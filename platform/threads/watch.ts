/**
 * The progress of long work in another thread, and its cancellation. Both are in shared memory, because a thread reads no message until its
 * work ends.
 */
export class Watch {
  /** Sent to the thread, which creates its own `Watch` with it. */
  readonly memory: SharedArrayBuffer
  readonly #cells: Int32Array

  constructor(memory = new SharedArrayBuffer(8)) {
    this.memory = memory
    this.#cells = new Int32Array(memory)
  }

  /** The number of steps that are done. */
  get done(): number {
    return Atomics.load(this.#cells, 0)
  }

  set done(steps: number) {
    Atomics.store(this.#cells, 0, steps)
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#cells, 1) === 1
  }

  cancel(): void {
    Atomics.store(this.#cells, 1, 1)
  }
}
