import { parentPort } from 'node:worker_threads'
import { must } from '../../core/assert.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { movableMemory, type ThreadReply, type ThreadRequest } from './thread.ts'

const INTERNAL = 'The server failed at this request; nothing was changed. Try again later'

/** Tells the thread's owner something unasked. */
export function notify(notice: unknown): void {
  must(parentPort, 'notify runs in a worker thread').postMessage({ notice } satisfies ThreadReply)
}

/** A fault of the disk or the file system, which ends by itself or which an operator repairs. The transaction was rolled back. */
const STORE_UNAVAILABLE = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM)/

function refusal(id: number, error: unknown, ms: number): ThreadReply {
  if (error instanceof SyncError) return { id, ms, refusal: error.toBody(), stack: undefined, reason: undefined }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const reason = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const typed =
    reason !== undefined && STORE_UNAVAILABLE.test(reason)
      ? new SyncError('UNAVAILABLE', 'The server cannot write to its disk; nothing was changed. Try again later')
      : new SyncError('INTERNAL', INTERNAL)
  return { id, ms, refusal: typed.toBody(), stack, reason }
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
    const begin = performance.now()
    let reply: ThreadReply
    try {
      const value = await handle(request.body)
      reply = { id: request.id, ms: performance.now() - begin, value }
    } catch (error) {
      reply = refusal(request.id, error, performance.now() - begin)
    }
    port.postMessage(reply, 'value' in reply ? movableMemory(reply.value) : [])
    open--
    await finish()
  }
  port.on('message', (request: ThreadRequest | null) => {
    closing ||= request === null
    void (request === null ? finish() : take(request))
  })
}
