import { sentence } from '../../core/messages/sentence.ts'
import type { Sentence } from '../../core/messages/text.ts'
import { randomBytes } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { createIdGenerator, type Id } from '../../core/id.ts'
import { deriveStep } from '../../db/derive-calls.ts'
import { fromStorageFailure } from '../../db/errors.ts'
import { countReportsIfDue } from '../../db/report-zone.ts'
import { openMended } from '../../db/mend.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { openAnyReadable, type AnyReader } from '../../db/open-unwritable.ts'
import { writeTransaction } from '../../db/write-transaction.ts'
import { checkpoint, dataVersion } from '../../platform/sqlite/database.ts'
import type { Actor, Operation, ThreadState } from '../declaration/operation.ts'
import { operationNamed, type OperationName } from '../operations/operations.ts'
import { runOperation } from '../operations/run-operation.ts'
import { notify, serve } from '../../platform/threads/serve.ts'

export type DatabaseThreadData = { readonly path: string; readonly mode: 'write' | 'read' }

/** One operation for the thread: actor, operation, time, and origin (for the audit trail). */
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

const FOREIGN_WRITES_POLL_MS = 500
const { path, mode } = workerData as DatabaseThreadData

/** The ids' clock is that of the operation that runs. */
const clock = { now: 0 }
const newId: () => Id = createIdGenerator(
  () => clock.now,
  (length) => randomBytes(length),
)
const thread: ThreadState = { incomingPage: undefined }

function runRead(db: ReadableDb, request: DatabaseRequest): unknown {
  const operation = operationNamed(request.operation)
  if (operation.thread === 'write') throw new Error(`${request.operation} writes; it was sent to a reader`)
  return runOperation(request.operation, { db, actor: request.actor, now: request.now, newId, thread }, request.input as never)
}

function runWrite(db: WritableDb, request: DatabaseRequest): unknown {
  const operation = operationNamed(request.operation)
  if (operation.thread !== 'write') return runRead(db, request)
  const { actor, ipAddress, userAgent, now: at } = request
  const work = () => runOperation(request.operation, { db, actor, now: at, newId, thread }, request.input as never)
  if (operation.isUpkeep === true) return work()
  const source = operation.source ?? 'device'
  const value = writeTransaction(db, { ...actor, ipAddress, userAgent, now: at, newTxId: newId(), source }, work)
  if (operation.changes.length > 0) notify({ changed: operation.changes, isOwn: source === 'device' } satisfies DatabaseNotice)
  return value
}

/**
 * Returns what the message of a disk error may state as kept; null for a read, and for a step of a longer operation, because its earlier
 * steps are saved.
 */
function keptBy(operation: Operation): Sentence | null {
  return operation.thread === 'write' && operation.isPart !== true && operation.source !== 'server'
    ? sentence('storage.unsaved')
    : null
}

function withTypedErrors(run: (request: DatabaseRequest) => unknown): (body: unknown) => unknown {
  return (body) => {
    const request = body as DatabaseRequest
    clock.now = request.now
    try {
      return run(request)
    } catch (error) {
      throw fromStorageFailure(error, path, keptBy(operationNamed(request.operation)))
    }
  }
}

/**
 * Opens the file with the first request that needs it. If that fails (a full disk, a lock), the next request tries again, so that the
 * thread recovers without a restart.
 */
class LazyFile<Db extends ReadableDb> {
  readonly #open: () => Db
  #db: Db | undefined

  constructor(open: () => Db) {
    this.#open = open
  }

  get current(): Db | undefined {
    return this.#db
  }

  get(): Db {
    return (this.#db ??= this.#open())
  }
}

/** A file that is open for reading. It is opened again if that is needed to see later commits. */
class ReaderFile {
  #reader: AnyReader | undefined

  get(): ReadableDb {
    if (this.#reader?.isOutdated() === true) this.close()
    return (this.#reader ??= openAnyReadable(path)).db
  }

  close(): void {
    this.#reader?.db.close()
    this.#reader = undefined
  }
}

function mayChangeSettings(name: OperationName): boolean {
  const operation = operationNamed(name)
  return operation.thread === 'write' && operation.changes.includes('client_settings')
}

/**
 * Counts the totals of reports again after a change of the time zone, and derives the calls again after a change of the default country. A
 * million calls take a minute to derive, so it runs in steps, and requests are answered between them. A failure (a full disk, a lock) stops it
 * until the next start; the file stores how far it came.
 */
class Derivation {
  readonly #file: LazyFile<WritableDb>
  #next: NodeJS.Immediate | undefined
  #hasChanged = false

  constructor(file: LazyFile<WritableDb>) {
    this.#file = file
  }

  start(): void {
    this.#next ??= setImmediate(() => this.#step())
  }

  stop(): void {
    clearImmediate(this.#next)
  }

  #step(): void {
    this.#next = undefined
    const db = this.#file.current
    if (db === undefined) return
    try {
      // The figures are the same before and after their totals are counted, so no event is needed.
      const isCounted = countReportsIfDue(db)
      const isDerived = !isCounted && deriveStep(db)
      this.#hasChanged ||= isDerived
      if (isCounted || isDerived) this.start()
      else if (this.#hasChanged) {
        this.#hasChanged = false
        notify({ changed: ['calls'], isOwn: false } satisfies DatabaseNotice)
      }
    } catch {
      // The next start tries again.
    }
  }
}

/** Opens the file early, so that the first request does not wait. If that fails, the first request reports it. */
function openEarly(file: { readonly get: () => ReadableDb }): void {
  try {
    file.get()
  } catch {
    // The first request reports the same failure.
  }
}

if (mode === 'read') {
  const file = new ReaderFile()
  openEarly(file)
  serve(
    withTypedErrors((request) => runRead(file.get(), request)),
    () => file.close(),
  )
} else {
  const file = new LazyFile(() => openMended(path))
  openEarly(file)
  const derivation = new Derivation(file)
  derivation.start()
  // The command line or a second window may write to the same file; SQLite's data version shows it.
  let seen = file.current === undefined ? null : dataVersion(file.current.sqlite)
  const poll = setInterval(() => {
    const version = currentVersion(file)
    if (version === null || version === seen) return
    seen = version
    derivation.start()
    notify({ changed: null, isOwn: true } satisfies DatabaseNotice)
  }, FOREIGN_WRITES_POLL_MS)
  serve(
    withTypedErrors((request) => {
      const value = runWrite(file.get(), request)
      if (mayChangeSettings(request.operation)) derivation.start()
      return value
    }),
    () => {
      clearInterval(poll)
      derivation.stop()
      const db = file.current
      if (db === undefined) return
      try {
        checkpoint(db.sqlite)
      } catch {
        // A full disk: the write-ahead log stays, and the next start replays it.
      }
      db.close()
    },
  )
}

/** Returns null if the file cannot be read at the moment; the next request reports why. */
function currentVersion(file: LazyFile<WritableDb>): number | null {
  try {
    return file.current === undefined ? null : dataVersion(file.current.sqlite)
  } catch {
    return null
  }
}
