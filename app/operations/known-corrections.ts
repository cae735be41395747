import { must } from '../../core/assert.ts'
import { MOST_CORRECTIONS, type Correction, type Corrections } from '../../core/contract/known.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { Reach } from '../../core/roles.ts'
import { callIdSchema } from '../../core/id.ts'
import { countCall, eventTime, type CountedCall } from '../../core/metrics/counted-call.ts'
import { NO_CALLS } from '../../core/metrics/metrics.ts'
import { figureParts } from '../../core/metrics/proof.ts'
import { ReportEffects } from '../../core/metrics/report-effects.ts'
import { elapsed } from '../../core/time/report-periods.ts'
import type { ReadableDb } from '../../db/open.ts'
import { deletedRow } from '../../db/queries/audit.ts'
import { countsOfPeriod } from '../../db/queries/report-counts.ts'
import { namesById, type UndoneChange } from '../../db/queries/undone-changes.ts'
import { snapshot } from '../../db/statements.ts'
import { LineWriter, readLines } from '../../platform/files/line-file.ts'
import { StorageError } from '../../platform/files/storage-error.ts'
import { query, type PermittedContext } from '../declaration/operation.ts'
import { changesOf, coverageOf, pastOf, type KnownInput } from './known-changes.ts'
import { reportOf } from './reports.ts'

type Context = PermittedContext<ReadableDb>
type Request = Pick<ProcedureInput<'reports.known.corrections'>, 'range' | 'userIds' | 'callTypes' | 'knownAt' | 'key' | 'limit'>
type Change = UndoneChange & Pick<Correction, 'effect'>

/** The number of changes whose calls are read at a time. */
const CHUNK = 500
/** The number of rows between two marks of a file of corrections. A page is read from the last mark at or before its first row. */
const STEP = 100

/** A file of corrections. `marks` are the offsets of every hundredth row, from the first one. */
export type CorrectionFile = { readonly path: string; readonly marks: readonly number[]; readonly rows: number }

function stateOf(call: CountedCall | null): Correction['before'] {
  if (call === null) return null
  const { userId, callType, status, outcome, lossReasonId, callDuration } = call
  return { userId, callType, status, outcome, lossReasonId, callDuration, eventAt: eventTime(call) }
}

/** Returns the changes as corrections, without the changes to calls that the person may not read. */
function readable({ db, actor, reach }: Context, changes: readonly Change[]): Correction[] {
  const present = namesById(
    db,
    actor.clientId,
    changes.map(({ recordId }) => recordId),
  )
  return changes.flatMap(({ id, recordId, userId, createdAt, before, after, effect }): Correction[] => {
    const callId = callIdSchema.parse(recordId)
    const call = present.get(callId)
    const last = call === undefined ? deletedRow(db, actor.clientId, 'calls', recordId) : undefined
    if (reach === 'own' && (call?.userId ?? last?.['user_id']) !== actor.userId) return []
    const lastName = last?.['prospect_name']
    const prospectName = call?.prospectName ?? (typeof lastName === 'string' ? lastName : null)
    const states = { before: stateOf(before), after: stateOf(after) }
    return [{ id, callId, prospectName, exists: call !== undefined, userId, at: createdAt, ...states, effect }]
  })
}

/** Counts the corrections, keeps the first page, and writes all rows to a file if there are more. */
class CorrectionList {
  count = 0
  hidden = 0
  readonly first: Correction[] = []
  readonly #context: Context
  readonly #path: string | null
  readonly #limit: number
  readonly #marks: number[] = []
  #pending: Change[] = []
  #rows = 0
  #file: LineWriter | null | undefined

  constructor(context: Context, path: string | null, limit: number) {
    this.#context = context
    this.#path = path
    this.#limit = limit
  }

  add(change: Change): void {
    this.count++
    // After the last listed row only the numbers are needed. `hidden` needs the owner of each call, unless the person may read all calls.
    if ((this.#limit === 0 || this.#rows >= MOST_CORRECTIONS) && this.#context.reach === 'all') return
    this.#pending.push(change)
    if (this.#pending.length === CHUNK) this.#take()
  }

  /** Returns the file; null: the first page has all rows, or the file could not be written. */
  end(): CorrectionFile | null {
    this.#take()
    this.#file?.close()
    const isWritten = this.#file !== undefined && this.#file !== null && this.#path !== null
    return isWritten ? { path: this.#path, marks: this.#marks, rows: this.#rows } : null
  }

  discard(): void {
    this.#file?.discard()
  }

  #take(): void {
    const found = readable(this.#context, this.#pending)
    this.hidden += this.#pending.length - found.length
    this.#pending = []
    const rows = found.slice(0, MOST_CORRECTIONS - this.#rows)
    const missing = this.#limit - this.first.length
    const isMore = rows.length > missing || (missing === 0 && rows.length > 0)
    if (this.#file === undefined && isMore && this.#limit > 0) this.#open()
    this.first.push(...rows.slice(0, missing))
    this.#write(rows)
  }

  /** Opens the file. It begins with the rows of the first page, so that a row has the same place in the file and in the list. */
  #open(): void {
    try {
      this.#file = this.#path === null ? null : new LineWriter(this.#path)
    } catch (error) {
      this.#fail(error)
    }
    const first = [...this.first]
    this.#rows = 0
    this.#write(first)
  }

  #write(rows: readonly Correction[]): void {
    if (this.#file !== undefined && this.#file !== null)
      try {
        // The rows are written up to the next mark at a time, because the offset of each mark is needed.
        for (let at = 0; at < rows.length;) {
          const place = this.#rows + at
          if (place % STEP === 0) this.#marks.push(this.#file.bytes)
          const end = at + STEP - (place % STEP)
          this.#file.add(rows.slice(at, end))
          at = end
        }
      } catch (error) {
        this.#fail(error)
      }
    this.#rows += rows.length
  }

  /** Continues without a file, for example on a full disk. The first page and the numbers need no file. */
  #fail(error: unknown): void {
    if (!(error instanceof StorageError)) throw error
    this.#file?.discard()
    this.#file = null
  }
}

/** The first page of corrections, and the file with all of them. */
export type FoundCorrections = {
  readonly found: Omit<Corrections, 'next'>
  readonly file: CorrectionFile | null
  readonly reach: Reach
}

export const knownCorrectionsOperations = {
  /**
   * Finds the changes since the instant that affected one figure.
   * @param path where the file with all of them is written; null: only the first page is kept
   */
  'known.findCorrections': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: (
      context,
      { request, path, ...input }: { readonly request: Request; readonly path: string | null } & KnownInput,
    ): FoundCorrections =>
      snapshot(context.db, () => {
        const { db, reach } = context
        const { key } = request
        const { knownAt, past: then } = pastOf(context, request)
        const { clock, selection } = reportOf(then, request)
        const range = elapsed(request.range, knownAt)
        const { userIds, callTypes } = selection
        const plan = { userIds, callTypes, zone: clock.zone, range, compared: null, buckets: [], formerBuckets: [] }
        const effects = new ReportEffects(plan)
        const known = countsOfPeriod(db, selection, range)
        const past = { ...known }
        const list = new CorrectionList(context, path, request.limit)
        try {
          for (const change of changesOf(context, knownAt, input)) {
            const difference = { ...NO_CALLS }
            for (const [call, sign] of [
              [change.after, 1],
              [change.before, -1],
            ] as const)
              if (call !== null && effects.counts(call)) {
                countCall(difference, call, sign)
                countCall(past, call, sign === 1 ? -1 : 1)
              }
            const effect = figureParts(key, difference)
            if (effect.numerator !== 0 || (effect.denominator ?? 0) !== 0) list.add({ ...change, effect })
          }
        } catch (error) {
          list.discard()
          throw error
        }
        const file = list.end()
        const { count, hidden, first: rows } = list
        const parts = { past: figureParts(key, past), present: figureParts(key, known) }
        return { found: { knownAt, range, ...parts, count, hidden, rows, coverage: coverageOf(context, input) }, file, reach }
      }),
  }),
  /** Returns a later page of corrections; null: this person's access has changed since they were found. */
  'known.readCorrections': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'list',
    run: (
      { reach },
      {
        file: { path, marks },
        reach: foundBy,
        from,
        limit,
      }: { readonly file: CorrectionFile; readonly reach: Reach; readonly from: number; readonly limit: number },
    ): Correction[] | null => {
      if (reach !== foundBy) return null
      const step = Math.floor(from / STEP)
      const rows: Correction[] = []
      let place = step * STEP
      for (const row of readLines(path, must(marks[step], 'A mark'))) {
        // This application wrote the file, so the row is not validated.
        if (place++ >= from) rows.push(row as Correction)
        if (rows.length === limit) break
      }
      return rows
    },
  }),
}
