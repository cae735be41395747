import type { ImportChange, ImportField, ImportIssue, ImportReport, ListedRow } from '../../core/contract/imports.ts'
import { AppError, withKept } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { asValue, type TextValue } from '../../core/messages/text.ts'
import { uniqueKey } from '../../core/text/unique-key.ts'
import { writesMonthFirst } from '../../core/import/detect-format.ts'
import { ColumnUsages } from './column-usage.ts'
import { findFormats } from './find-formats.ts'
import {
  CHUNK_BYTES,
  CHUNK_ROWS,
  type ImportChunk,
  type ImportChunkResult,
  type ImportJob,
  type ImportRow,
  type ImportSink,
} from './import-chunk.ts'
import { columnsOf, invalidMapping, type RowIssue } from './map-rule.ts'
import { compileMapping, type RowMapper } from './map-row.ts'
import { openImportFile } from './open-import-file.ts'
import type { CsvFile, CsvRow } from './read-csv.ts'
import { RefusedRows } from './refused-rows.ts'
import { RowIdentity } from './row-identity.ts'

/** Chunks at the writer: one that is written and one that waits, so that the writer is never idle. */
const MAX_CHUNKS_IN_FLIGHT = 2

/** Most changed calls in the report. */
const SHOWN_CHANGES = 100
/** Most rows in the report whose prospects are on the do-not-call list. */
const SHOWN_LISTED = 100
/** Most characters of a value in the report of refused rows. */
const SHOWN_VALUE = 100

type Pending = { readonly rows: readonly ImportRow[]; readonly raw: readonly CsvRow[] }

/** Whether an error ends the run. Errors of the workspace or the session do; errors of the data of a row do not. */
function endsRun(error: unknown): boolean {
  return error instanceof AppError && error.code !== 'INVALID' && error.code !== 'CONFLICT'
}

function whyOf(error: unknown): TextValue {
  const [first] = error instanceof AppError ? error.said.happened : []
  return first === undefined ? (error instanceof Error ? error.message : String(error)) : asValue(first)
}

/** Counters and refused rows of one run. */
class Run {
  readonly #job: ImportJob
  readonly #sink: ImportSink
  readonly #file: CsvFile
  readonly #refused: RefusedRows
  readonly #usages: ColumnUsages
  readonly #users = new Map<string, string>()
  readonly #reasons = new Map<string, string>()
  /** Chunks at the writer, oldest first. */
  readonly #inFlight: Promise<void>[] = []
  #rows = 0
  #done = 0
  #created = 0
  #updated = 0
  #unchanged = 0
  readonly #changes: ImportChange[] = []
  #otherCalls = 0
  #doNotCall = 0
  readonly #doNotCallRows: ListedRow[] = []
  #failure: { readonly error: unknown } | undefined

  constructor(job: ImportJob, sink: ImportSink, file: CsvFile, usages: ColumnUsages) {
    this.#job = job
    this.#sink = sink
    this.#file = file
    this.#refused = new RefusedRows(file.columns, file.delimiter || ',')
    this.#usages = usages
  }

  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** Returns true if the whole file was read, false if the run was aborted or failed. */
  async read(map: RowMapper, signal: AbortSignal): Promise<boolean> {
    let rows: ImportRow[] = []
    let raw: CsvRow[] = []
    let bytes = 0
    this.#progress()
    for await (const batch of this.#file.batches())
      for (const row of batch) {
        if (signal.aborted || this.#failure !== undefined) return false
        this.#rows++
        const mapped = map(row)
        this.#usages.add(row, mapped)
        if ('issues' in mapped) {
          this.#refuse(row, mapped.issues)
          this.#done++
          continue
        }
        const size = Buffer.byteLength(JSON.stringify(mapped.row.call))
        if (rows.length === CHUNK_ROWS || (rows.length > 0 && bytes + size > CHUNK_BYTES)) {
          await this.#send({ rows, raw })
          rows = []
          raw = []
          bytes = 0
        }
        rows.push(mapped.row)
        raw.push(row)
        bytes += size
      }
    if (rows.length > 0) await this.#send({ rows, raw })
    return true
  }

  /** Resolves after the last chunk is written. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight)
    if (this.#failure === undefined) this.#progress()
  }

  report(cancelled: boolean, issues: readonly ImportIssue[]): ImportReport {
    return {
      importId: this.#job.importId,
      dryRun: this.#job.dryRun,
      cancelled,
      rows: this.#created + this.#updated + this.#unchanged + this.#refused.count,
      created: this.#created,
      updated: this.#updated,
      unchanged: this.#unchanged,
      refused: this.#refused.count,
      changes: this.#changes.toSorted((a, b) => a.line - b.line),
      otherCalls: this.#otherCalls,
      doNotCall: this.#doNotCall,
      doNotCallRows: this.#doNotCallRows.toSorted((a, b) => a.line - b.line),
      createdUsers: [...this.#users.values()],
      createdLossReasons: [...this.#reasons.values()],
      lineAccount: cancelled ? null : this.#file.account,
      readingWarnings: [...this.#file.warnings],
      columns: this.#usages.all(),
      issues: [...issues, ...this.#refused.issues],
      notes: [...issues],
      groups: this.#refused.groups,
      refusedCsv: this.#refused.toCsv(),
    }
  }

  #progress(): void {
    this.#sink.progress(this.#done, Math.max(this.#job.rowCount ?? 0, this.#rows))
  }

  #refuse(row: CsvRow, issues: readonly RowIssue[]): void {
    const named = issues.map(({ field, message, text }) => {
      const column = this.#columnOf(field)
      return { line: row.line, column, message, text, value: this.#valueOf(row, column) }
    })
    this.#refused.add(row, named)
  }

  #valueOf({ cells }: CsvRow, column: string | null): string | null {
    const value = column === null ? '' : (cells[this.#file.columns.indexOf(column)] ?? '').trim()
    if (value === '') return null
    return value.length > SHOWN_VALUE ? `${value.slice(0, SHOWN_VALUE)}…` : value
  }

  #columnOf(field: ImportField | null): string | null {
    const rule = field === null ? undefined : this.#job.map.fields[field]
    return rule === undefined ? null : (columnsOf(rule)[0] ?? null)
  }

  async #send(pending: Pending): Promise<void> {
    const sent = this.#attempt(pending)
    this.#inFlight.push(sent)
    if (this.#inFlight.length >= MAX_CHUNKS_IN_FLIGHT) await this.#inFlight.shift()
  }

  async #attempt(pending: Pending): Promise<void> {
    try {
      await this.#apply(pending)
      this.#done += pending.rows.length
      this.#progress()
    } catch (error) {
      this.#failure ??= { error }
    }
  }

  /**
   * Applies a chunk. If the database refuses it, halves it until the bad row is alone, so that an error that no check foresaw costs one
   * row and not the run.
   */
  async #apply({ rows, raw }: Pending): Promise<void> {
    const { importId, map, overwrite } = this.#job
    const fields = Object.keys(map.fields) as ImportField[]
    const { createAgents, createLossReasons } = map
    const chunk: ImportChunk = { importId, rows, fields, createAgents, createLossReasons, overwrite }
    let result: ImportChunkResult
    try {
      result = await this.#sink.apply(chunk)
    } catch (error) {
      if (endsRun(error)) throw error
      const [row] = raw
      if (rows.length === 1 && row !== undefined) {
        this.#refuse(row, [{ field: null, ...sentence('import.unstorable', { why: whyOf(error) }) }])
        return
      }
      const half = rows.length >> 1
      await this.#apply({ rows: rows.slice(0, half), raw: raw.slice(0, half) })
      await this.#apply({ rows: rows.slice(half), raw: raw.slice(half) })
      return
    }
    this.#created += result.created
    this.#updated += result.updated
    this.#unchanged += result.unchanged
    for (const change of result.changes) {
      if (change.isAnotherCall) this.#otherCalls++
      if (this.#changes.length < SHOWN_CHANGES) this.#changes.push(change)
    }
    this.#doNotCall += result.doNotCall.length
    this.#doNotCallRows.push(...result.doNotCall.slice(0, SHOWN_LISTED - this.#doNotCallRows.length))
    for (const name of result.createdUsers) this.#users.set(uniqueKey(name), name)
    for (const name of result.createdLossReasons) this.#reasons.set(uniqueKey(name), name)
    if (result.refused.length === 0) return
    const byLine = new Map(raw.map((row) => [row.line, row]))
    for (const { line, field, message, text } of result.refused) {
      const row = byLine.get(line)
      if (row !== undefined) this.#refuse(row, [{ field, message, text }])
    }
  }
}

/**
 * Reads, maps and checks a file row by row, and passes chunks of valid rows to the sink. It prepares the next chunk while the last one is
 * written. A bad row is refused and reported and never stops the run. An abort ends the run after the chunks at the writer; the report is
 * marked as cancelled.
 * @throws AppError INVALID if the mapping does not fit the file; an error of the sink if the workspace or the session fails.
 */
export async function runImport(job: ImportJob, sink: ImportSink, signal: AbortSignal): Promise<ImportReport> {
  const { map, clientId } = job
  const file = await openImportFile(job.bytes, map)
  const { formats, issues, questions } = await findFormats(file, map, writesMonthFirst(job.defaultCountry))
  const [question] = questions
  if (question !== undefined) throw invalidMapping(question.option, question)
  const mapper = compileMapping({
    map,
    columns: file.columns,
    formats,
    timeZone: job.timeZone,
    identity: new RowIdentity(clientId, map.source),
    now: job.now,
  })
  const run = new Run(job, sink, file, new ColumnUsages(map, file.columns, formats))
  const complete = await run.read(mapper, signal)
  await run.settle()
  const report = run.report(!complete, issues)
  if (run.failure !== undefined) {
    await recordFailed(job, sink, report)
    throw explained(run.failure.error, report)
  }
  if (job.dryRun) return report
  try {
    await sink.finish({ ...summaryOf(report), source: map.source, fileName: job.fileName })
  } catch (error) {
    throw explained(error, report)
  }
  return report
}

function summaryOf({ importId, cancelled, rows, created, updated, unchanged, refused }: ImportReport) {
  return { importId, cancelled, rows, created, updated, unchanged, refused }
}

/** Records the rows that were imported before a failure in the audit trail. */
async function recordFailed(job: ImportJob, sink: ImportSink, report: ImportReport): Promise<void> {
  if (job.dryRun || report.created + report.updated === 0) return
  try {
    await sink.finish({ ...summaryOf(report), source: job.map.source, fileName: job.fileName })
  } catch {
    // Best effort: the written rows have their own lines in the trail, and the error that ended the run is reported.
  }
}

function explained(error: unknown, { dryRun, created, updated }: ImportReport): unknown {
  if (!(error instanceof AppError) || dryRun) return error
  const rows = created + updated
  return withKept(error, rows === 0 ? sentence('import.nothing') : sentence('import.partial', { rows }))
}
