import type { BulkAction, BulkEvent, BulkRefusal, BulkReport, CallSelection } from '../../core/contract/bulk.ts'
import { AppError, isAppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { asValue, type Sentence } from '../../core/messages/text.ts'
import type { CallId, ClientId, Id, UserId } from '../../core/id.ts'
import type { LineSpan } from '../../db/queries/bulk-lines.ts'
import { CALLS_A_TRANSACTION, type BulkResult } from '../operations/bulk-apply.ts'
import type { Signed } from '../session/sessions.ts'

/** Most refusals that a report lists. It counts all. */
const LISTED = 200
/** Most runs that a connection can undo. The window stores as many. */
const KEPT_BATCHES = 50

type Batch = {
  readonly id: CallId
  readonly clientId: ClientId
  readonly userId: UserId
  readonly kind: BulkAction['kind']
  /** Audit lines that can be undone: one span per transaction, the last first. */
  readonly spans: LineSpan[]
  /** The lines of the undo, which can be redone, in the same order. */
  readonly undone: LineSpan[]
}

type Reversal = {
  readonly batch: Batch
  readonly from: LineSpan[]
  readonly to: LineSpan[]
  readonly isUndo: boolean
  readonly signal: AbortSignal | undefined
}

type Job = { readonly batchId: Id; readonly abort: AbortController }

/** Counts the results of a run. */
class Tally {
  readonly #causes = new Map<string, Pick<BulkRefusal, 'code' | 'message' | 'text'> & { calls: number }>()
  readonly #refusals: BulkRefusal[] = []
  readonly #total: number
  #changed = 0
  #unchanged = 0
  #refused = 0

  constructor(total: number) {
    this.#total = total
  }

  get done(): number {
    return this.#changed + this.#unchanged + this.#refused
  }

  add({ changed, unchanged, refused }: BulkResult): void {
    this.#changed += changed
    this.#unchanged += unchanged
    this.#refused += refused.length
    this.#refusals.push(...refused.slice(0, LISTED - this.#refusals.length))
    for (const { code, message, text } of refused) {
      const cause = this.#causes.get(message) ?? { code, message, text, calls: 0 }
      cause.calls++
      this.#causes.set(message, cause)
    }
  }

  progress(): BulkEvent {
    return { kind: 'progress', done: this.done, total: this.#total }
  }

  report(batch: Pick<Batch, 'id' | 'kind'>, end: Pick<BulkReport, 'isUndo' | 'cancelled' | 'failure'>): BulkEvent {
    const counts = { total: this.#total, changed: this.#changed, unchanged: this.#unchanged, refused: this.#refused }
    const causes = [...this.#causes.values()].toSorted((a, b) => b.calls - a.calls)
    return {
      kind: 'report',
      report: { batchId: batch.id, kind: batch.kind, ...end, ...counts, causes, refusals: this.#refusals },
    }
  }
}

/** Selected ids in 16 bytes each, because a run can hold a million of them in memory. */
class PackedIds {
  readonly #bytes: Buffer
  readonly #ids: readonly CallId[]

  constructor(packed: string, ids: readonly CallId[]) {
    this.#bytes = Buffer.from(packed, 'hex')
    const listed = new Set(ids)
    this.#ids = [...listed]
  }

  get total(): number {
    return this.#bytes.length / 16 + this.#ids.length
  }

  slice(from: number, to: number): CallId[] {
    const ofList = this.#bytes.length / 16
    const ids: CallId[] = []
    for (let index = from; index < Math.min(to, this.total); index++)
      if (index < ofList) ids.push(this.#at(index))
      else ids.push(this.#ids[index - ofList] as CallId)
    return ids
  }

  #at(index: number): CallId {
    const hex = this.#bytes.toString('hex', index * 16, index * 16 + 16)
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
}

/**
 * Runs bulk actions, one per connection at a time. Each runs in transactions of a few hundred calls, so that other
 * writes run between them. A run can be undone until the person signs out.
 */
export class BulkCalls {
  readonly #newId: () => Id
  readonly #batches = new Map<string, Batch[]>()
  readonly #jobs = new Map<string, Job>()

  constructor(newId: () => Id) {
    this.#newId = newId
  }

  async *run(
    connection: string,
    { workspace, userId }: Signed,
    { selection, action }: { readonly selection: CallSelection; readonly action: BulkAction },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<BulkEvent> {
    const batch: Batch = { id: this.#newId(), clientId: workspace.clientId, userId, kind: action.kind, spans: [], undone: [] }
    const job = this.#begin(connection, batch.id, signal)
    try {
      const ids = new PackedIds(await workspace.run('calls.bulk.begin', userId, { selection, action }), selection.ids)
      const kept = [...(this.#batches.get(connection) ?? []), batch].slice(-KEPT_BATCHES)
      this.#batches.set(connection, kept)
      const parts = Math.ceil(ids.total / CALLS_A_TRANSACTION)
      yield* this.#work(batch, job, { isUndo: false, total: ids.total, parts }, async (part) => {
        const some = ids.slice(part * CALLS_A_TRANSACTION, (part + 1) * CALLS_A_TRANSACTION)
        const result = await workspace.run('calls.bulk.apply', userId, { ids: some, action })
        if (result.lines !== null) batch.spans.unshift(result.lines)
        return result
      })
    } finally {
      this.#end(connection, job)
    }
  }

  async *undo(connection: string, signed: Signed, batchId: Id, signal: AbortSignal | undefined): AsyncGenerator<BulkEvent> {
    const batch = this.#batchOf(connection, signed, batchId, 'undone')
    yield* this.#revert(connection, signed, { batch, from: batch.spans, to: batch.undone, isUndo: true, signal })
  }

  async *redo(connection: string, signed: Signed, batchId: Id, signal: AbortSignal | undefined): AsyncGenerator<BulkEvent> {
    const batch = this.#batchOf(connection, signed, batchId, 'redone')
    yield* this.#revert(connection, signed, { batch, from: batch.undone, to: batch.spans, isUndo: false, signal })
  }

  cancel(connection: string, batchId: Id): void {
    const job = this.#jobs.get(connection)
    if (job?.batchId === batchId) job.abort.abort()
  }

  /** Ends the run of a connection after the current transaction and discards its undo data. Called at sign-out. */
  forget(connection: string): void {
    this.#jobs.get(connection)?.abort.abort()
    this.#batches.delete(connection)
  }

  /** Reverts the lines of `from`, span by span, and adds the lines that this writes to `to`. */
  async *#revert(
    connection: string,
    { workspace, userId }: Signed,
    { batch, from, to, isUndo, signal }: Reversal,
  ): AsyncGenerator<BulkEvent> {
    const job = this.#begin(connection, batch.id, signal)
    try {
      const total = from.reduce((sum, { first, last }) => sum + last - first + 1, 0)
      const { kind } = batch
      yield* this.#work(batch, job, { isUndo, total, parts: from.length }, async () => {
        const lines = from[0] as LineSpan
        const result = await workspace.run('calls.bulk.undoPart', userId, { kind, lines })
        // After a failure, the next attempt starts with this part again.
        from.shift()
        if (result.lines !== null) to.unshift(result.lines)
        return result
      })
    } finally {
      this.#end(connection, job)
    }
  }

  #batchOf(connection: string, { workspace, userId }: Signed, batchId: Id, verb: 'undone' | 'redone'): Batch {
    const batch = this.#batches.get(connection)?.find(({ id }) => id === batchId)
    if (batch !== undefined && batch.clientId === workspace.clientId && batch.userId === userId) return batch
    throw new AppError('NOT_FOUND', sentence(verb === 'undone' ? 'bulk.no-undo' : 'bulk.no-redo'))
  }

  async *#work(
    batch: Batch,
    { abort }: Job,
    { isUndo, total, parts }: { readonly isUndo: boolean; readonly total: number; readonly parts: number },
    step: (part: number) => Promise<BulkResult>,
  ): AsyncGenerator<BulkEvent> {
    const tally = new Tally(total)
    yield { kind: 'started', batchId: batch.id, total }
    let failure: Sentence | null = null
    for (let part = 0; part < parts && !abort.signal.aborted && failure === null; part++) {
      try {
        tally.add(await step(part))
      } catch (error) {
        if (tally.done === 0 || !(error instanceof AppError)) throw error
        failure = failureText(error)
      }
      yield tally.progress()
    }
    yield tally.report(batch, { isUndo, cancelled: abort.signal.aborted && tally.done < total, failure })
  }

  #begin(connection: string, batchId: Id, signal: AbortSignal | undefined): Job {
    if (this.#jobs.has(connection)) throw new AppError('CONFLICT', sentence('bulk.running'), {})
    const job: Job = { batchId, abort: new AbortController() }
    this.#jobs.set(connection, job)
    const leave = () => job.abort.abort()
    signal?.addEventListener('abort', leave, { once: true })
    if (signal?.aborted === true) leave()
    return job
  }

  #end(connection: string, job: Job): void {
    if (this.#jobs.get(connection) === job) this.#jobs.delete(connection)
  }
}

/**
 * Returns only what happened. The error's own message says that nothing was saved, but earlier transactions are committed.
 */
function failureText(error: AppError): Sentence {
  if (isAppError(error, 'STORAGE')) return sentence(error.data.reason === 'full' ? 'bulk.disk-full' : 'bulk.unwritable')
  if (isAppError(error, 'FORBIDDEN')) return sentence('bulk.forbidden')
  if (isAppError(error, 'SESSION_EXPIRED')) return sentence('bulk.inactive')
  const cause = isAppError(error, 'INVALID') ? error.data.issues[0] : undefined
  return cause === undefined ? sentence('bulk.stopped') : sentence('bulk.rule', { rule: asValue(cause) })
}
