import { parentPort } from 'node:worker_threads'
import { must } from '../../core/assert.ts'
import { SyncError } from '../../core/sync/errors.ts'
import type { ThreadReply, ThreadRequest } from './thread.ts'

const INTERNAL = 'The server failed at this request; nothing was changed. Ask again later'

/** Tells the thread's owner something unasked. */
export function notify(notice: unknown): void {
  must(parentPort, 'notify runs in a worker thread').postMessage({ notice } satisfies ThreadReply)
}

function refusal(id: number, error: unknown): ThreadReply {
  if (error instanceof SyncError) return { id, refusal: error.toBody(), stack: undefined }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { id, refusal: new SyncError('INTERNAL', INTERNAL).toBody(), stack }
}

/** Answers requests until the owner closes the thread; then waits for those under way, runs `close`, and ends. */
export function serve(handle: (body: unknown) => unknown, close: () => Promise<void> = async () => {}): void {
  const port = must(parentPort, 'serve runs in a worker thread')
  let open = 0
  let closing = false
  const finish = async () => {
    if (!closing || open > 0) return
    await close()
    port.close()
  }
  const take = async (request: ThreadRequest) => {
    open++
    let reply: ThreadReply
    try {
      reply = { id: request.id, value: await handle(request.body) }
    } catch (error) {
      reply = refusal(request.id, error)
    }
    port.postMessage(reply)
    open--
    await finish()
  }
  port.on('message', (request: ThreadRequest | null) => {
    closing ||= request === null
    void (request === null ? finish() : take(request))
  })
}
