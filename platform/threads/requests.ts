import type { Transferable } from 'node:worker_threads'
import { movableMemory } from './movable-memory.ts'
import { fromFailure, toFailure, type Failure, type Rebuild } from './failure.ts'

export type Request = { readonly id: number; readonly body: unknown }

/** `ms`: the time that the other side worked on the request, without waiting. */
export type Answer =
  | { readonly id: number; readonly ms: number; readonly value: unknown }
  | { readonly id: number; readonly ms: number; readonly failure: Failure }

type Open = {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly onWorked: ((ms: number) => void) | undefined
}

/** The requests that this side has sent and that are not answered yet. They are answered in any order. */
export class OpenRequests {
  readonly #errors: Rebuild
  readonly #open = new Map<number, Open>()
  #lastId = 0

  constructor(errors: Rebuild) {
    this.#errors = errors
  }

  get size(): number {
    return this.#open.size
  }

  /** Sends a request with `post`. Settles with its answer, when `post` throws, or when `fail` is called. */
  send<T>(body: unknown, post: (request: Request) => void, onWorked?: (ms: number) => void): Promise<T> {
    const id = ++this.#lastId
    return new Promise<T>((resolve, reject) => {
      this.#open.set(id, { resolve: resolve as (value: unknown) => void, reject, onWorked })
      try {
        post({ id, body })
      } catch (error) {
        this.#open.delete(id)
        throw error
      }
    })
  }

  settle(answer: Answer): void {
    const open = this.#open.get(answer.id)
    if (open === undefined) return
    this.#open.delete(answer.id)
    open.onWorked?.(answer.ms)
    if ('value' in answer) open.resolve(answer.value)
    else open.reject(fromFailure(answer.failure, this.#errors))
  }

  /** Refuses every open request, so that none waits forever. */
  fail(error: () => Error): void {
    const lost = [...this.#open.values()]
    this.#open.clear()
    for (const { reject } of lost) reject(error())
  }
}

/** Answers a request with `handle`. A handler without `await` runs at once. An answer that cannot be cloned becomes a failure. */
export async function answerRequest(
  { id, body }: Request,
  handle: (body: unknown) => unknown,
  post: (answer: Answer, move: readonly Transferable[]) => void,
): Promise<void> {
  const begin = performance.now()
  try {
    const result = handle(body)
    const value = result instanceof Promise ? ((await result) as unknown) : result
    post({ id, ms: performance.now() - begin, value }, movableMemory(value))
  } catch (error) {
    post({ id, ms: performance.now() - begin, failure: toFailure(error) }, [])
  }
}
