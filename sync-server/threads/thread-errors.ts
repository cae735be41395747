import { SyncError } from '../../core/sync/errors.ts'
import type { ThreadErrors } from '../../platform/threads/failure.ts'

/** A fault inside a thread, for the log: the error's code, for example `SQLITE_FULL`. */
export class ThreadFault extends Error {
  override readonly name = 'ThreadFault'
  readonly reason: string | null

  constructor(reason: string | null, stack: string) {
    super('A thread failed at a request')
    this.reason = reason
    this.stack = stack
  }
}

/** A fault of the disk or the file system, which ends by itself or which an operator repairs. The transaction was rolled back. */
const STORE_UNAVAILABLE = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM)/

function stopped(cause?: unknown): SyncError<'UNAVAILABLE'> {
  const message = 'The server is stopping or starting; what it acknowledged is kept. Try again'
  return new SyncError('UNAVAILABLE', message, undefined, cause)
}

/** The errors of the server's threads. The device gets no details of a fault. */
export const THREAD_ERRORS: ThreadErrors = {
  fromFacts: (facts) => SyncError.fromFacts(facts),
  fromFault: ({ reason, stack }) => {
    const cause = new ThreadFault(reason, stack)
    if (reason !== null && STORE_UNAVAILABLE.test(reason)) {
      const message = 'The server cannot write to its disk; nothing was changed. Try again later'
      return new SyncError('UNAVAILABLE', message, undefined, cause)
    }
    return new SyncError('INTERNAL', 'The server failed at this request; nothing was changed. Try again later', undefined, cause)
  },
  lost: (_, cause) => stopped(cause),
  closing: () => stopped(),
}
