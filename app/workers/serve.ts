import { parentPort } from 'node:worker_threads'
import { must } from '../../core/assert.ts'
import { toFailure, type ThreadReply, type ThreadRequest } from '../threads.ts'

/** Sends something unasked to the thread's owner. */
export function notify(notice: unknown): void {
  must(parentPort, 'notify runs in a worker thread').postMessage({ notice } satisfies ThreadReply)
}

/**
 * Answers requests with `handle` until the owner closes the thread; then runs `close` and ends. Requests are begun in the order
 * of their arrival; a handler without `await` is thereby atomic with respect to the others.
 */
export function serve(handle: (body: unknown) => unknown, close: () => void = () => {}): void {
  const port = must(parentPort, 'serve runs in a worker thread')
  let open = 0
  let closing = false
  const finish = () => {
    if (!closing || open > 0) return
    close()
    port.close()
  }
  const answer = async (request: ThreadRequest) => {
    open++
    let reply: ThreadReply
    try {
      const result = handle(request.body)
      reply = { id: request.id, value: result instanceof Promise ? await result : result }
    } catch (error) {
      reply = { id: request.id, failure: toFailure(error) }
    }
    port.postMessage(reply)
    open--
    finish()
  }
  port.on('message', (request: ThreadRequest | null) => {
    if (request !== null) return void answer(request)
    closing = true
    finish()
  })
}
