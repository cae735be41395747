import { parentPort } from 'node:worker_threads'
import { must } from '../../core/assert.ts'
import { answerRequest, type Request } from './requests.ts'
import type { ThreadMessage } from './thread.ts'

/** Sends a notice to the owner of the thread. */
export function notify(notice: unknown): void {
  must(parentPort, 'notify runs in a worker thread').postMessage({ notice } satisfies ThreadMessage)
}

/**
 * Answers requests with `handle` until the owner closes the thread. Then waits for the open ones, runs `close`, and ends. Requests begin
 * in the order of their arrival, so a handler without `await` is atomic.
 */
export function serve(handle: (body: unknown) => unknown, close: () => void | Promise<void> = () => {}): void {
  const port = must(parentPort, 'serve runs in a worker thread')
  let open = 0
  let isClosing = false
  const finish = async () => {
    if (!isClosing || open > 0) return
    await close()
    port.close()
  }
  const take = async (request: Request) => {
    open++
    await answerRequest(request, handle, (answer, move) => port.postMessage(answer satisfies ThreadMessage, [...move]))
    open--
    await finish()
  }
  port.on('message', (request: Request | null) => {
    if (request === null) isClosing = true
    void (request === null ? finish() : take(request))
  })
}
