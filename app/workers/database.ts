import { randomBytes } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { createIdGenerator, type Id } from '../../core/id.ts'
import { AppError } from '../../core/errors.ts'
import { StorageError } from '../../db/errors.ts'
import { checkpoint, dataVersion, openReadable, type ReadableDb, type WritableDb } from '../../db/open.ts'
import { openMended } from '../../db/mend.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import type { Actor, Operation } from '../operations/operation.ts'
import { operations, type OperationName } from '../operations/operations.ts'
import { notify, serve } from './serve.ts'

export type DatabaseThreadData = { readonly path: string; readonly mode: 'write' | 'read' }

/** One operation for the thread: who, what, when, and whence (for the audit trail). */
export type DatabaseRequest = {
  readonly operation: OperationName
  readonly input: unknown
  readonly actor: Actor
  readonly now: number
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

export type DatabaseNotice = {
  /** Tables that changed; null: another process wrote, so it may be any. */
  readonly changed: readonly string[] | null
  /** Whether there may be something to send. */
  readonly isOwn: boolean
}

const FOREIGN_WRITES_POLL_MS = 1_000
const { path, mode } = workerData as DatabaseThreadData

function asAppError(error: unknown): unknown {
  return error instanceof StorageError ? error.toAppError() : error
}

let now = 0
const newId: () => Id = createIdGenerator(
  () => now,
  (length) => randomBytes(length),
)

type AnyOperation = Operation<unknown, unknown>

function runRead(db: ReadableDb, request: DatabaseRequest): unknown {
  const operation = operations[request.operation] as AnyOperation
  if (operation.lane === 'write') throw new Error(`${request.operation} writes; it was sent to a reader`)
  return operation.run({ db, actor: request.actor, now: request.now, newId }, request.input)
}

function runWrite(db: WritableDb, request: DatabaseRequest): unknown {
  const operation = operations[request.operation] as AnyOperation
  if (operation.lane !== 'write') return runRead(db, request)
  const { actor, ipAddress, userAgent } = request
  const work = () => operation.run({ db, actor, now: request.now, newId }, request.input)
  if (operation.isUpkeep === true) return work()
  const context = { ...actor, ipAddress, userAgent, now: request.now, newTxId: newId(), source: operation.source }
  const value = writeTransaction(db, context, work)
  const isOwn = operation.source !== 'server'
  if (operation.changes.length > 0) notify({ changed: operation.changes, isOwn } satisfies DatabaseNotice)
  return value
}

function withTypedErrors(run: (request: DatabaseRequest) => unknown): (body: unknown) => unknown {
  return (body) => {
    const request = body as DatabaseRequest
    now = request.now
    try {
      return run(request)
    } catch (error) {
      throw asAppError(error)
    }
  }
}

function opened<T>(open: () => T): T | AppError {
  try {
    return open()
  } catch (error) {
    const typed = asAppError(error)
    if (typed instanceof AppError) return typed
    throw error
  }
}

if (mode === 'read') {
  const db = opened(() => openReadable(path))
  if (db instanceof AppError) serve(() => Promise.reject(db))
  else
    serve(
      withTypedErrors((request) => runRead(db, request)),
      () => db.close(),
    )
} else {
  const db = opened(() => openMended(path))
  if (db instanceof AppError) serve(() => Promise.reject(db))
  else {
    // The command line, or a second window, may write to the same file: SQLite tells by a counter.
    let seen = dataVersion(db)
    const poll = setInterval(() => {
      const version = dataVersion(db)
      if (version === seen) return
      seen = version
      notify({ changed: null, isOwn: true } satisfies DatabaseNotice)
    }, FOREIGN_WRITES_POLL_MS)
    serve(
      withTypedErrors((request) => runWrite(db, request)),
      () => {
        clearInterval(poll)
        checkpoint(db)
        db.close()
      },
    )
  }
}
