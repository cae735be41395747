import { MessageChannel } from 'node:worker_threads'
import type { ExportChoice, ExportedFile, ExportEvent } from '../../core/contract/exports.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Clock } from '../../core/id.ts'
import { DraftFile, moveDraft, removeDraft } from '../../platform/files/draft-file.ts'
import type { ByteSink } from '../../platform/sheets/sheet.ts'
import { Thread } from '../../platform/threads/thread.ts'
import { localDay } from '../../core/time/time-range.ts'
import { EventQueue } from '../events/event-queue.ts'
import { CALLS_TITLE } from '../export/call-sheet.ts'
import type { ExportFiles, ExportPlace } from '../export/export-files.ts'
import { explainExportFailure } from '../export/sheet-writer.ts'
import { DOWNLOAD_PATH } from '../export/download-path.ts'
import type { ExportEntry } from '../operations/exports.ts'
import type { Signed } from '../session/sessions.ts'
import { THREAD_ERRORS } from '../workers/thread-errors.ts'
import type { ExportAbort, ExportProgress, ExportThreadRequest, ExportThreadResult } from '../workers/exports.ts'

/**
 * What an export contains. `title` begins the file's name, and `days` ends it (undefined: the day of the export). `entry` is its audit entry,
 * without the number of rows.
 */
export type ExportContent = {
  readonly title: string
  readonly days?: string
  readonly entry: Omit<ExportEntry, 'rows' | 'format' | 'style' | 'fileName'>
}

/** The result of writing: rows without headers, and bytes. */
type Written = { readonly rows: number; readonly bytes: number }

/**
 * Writes exports into files. A file appears when it is complete and the audit trail has its entry: the draft is written and flushed, then the
 * entry is committed, then the draft is renamed. After a failure or a cancellation no file remains.
 */
export class Exports {
  readonly files: ExportFiles
  readonly #thread: Thread
  readonly #clock: Clock
  readonly #running = new Map<string, AbortController>()
  /** Small files that are being written. */
  readonly #small = new Set<{ readonly connection: string; readonly abort: AbortController }>()

  constructor(options: { readonly entry: URL; readonly files: ExportFiles; readonly clock: Clock }) {
    this.files = options.files
    this.#clock = options.clock
    this.#thread = new Thread({ entry: options.entry, data: null, name: 'export', errors: THREAD_ERRORS, closePatienceMs: null })
  }

  /** Yields the progress, then the file. If the reader disconnects, the export is cancelled. */
  async *calls(
    connection: string,
    signed: Signed,
    input: ProcedureInput<'exports.calls'>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ExportEvent> {
    const { workspace, userId } = signed
    const { clientId, path: databasePath } = workspace
    const { filter, sort, format, style } = input
    const abort = this.#begin(connection, signal)
    const events = new EventQueue<ExportEvent>()
    const entry = { content: 'calls', filter, sort } as const
    const content = { title: CALLS_TITLE, entry }
    const written = this.#write(connection, signed, input, content, abort.signal, async ({ draft, path }) => {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', ({ done, total }: ExportProgress) => events.put({ kind: 'progress', done, total }))
      const cancel = () => port1.postMessage({ abort: true } satisfies ExportAbort)
      abort.signal.addEventListener('abort', cancel, { once: true })
      if (abort.signal.aborted) cancel()
      const calls = { filter, sort, format, style }
      const actor = { clientId, userId }
      const request: ExportThreadRequest = { databasePath, draft, path, actor, now: this.#clock(), calls, port: port2 }
      try {
        return await this.#thread.request<ExportThreadResult>(request, { move: [port2] })
      } finally {
        abort.signal.removeEventListener('abort', cancel)
        port1.close()
      }
    })
    written.then(
      (file) => (file === null ? events.fail(cancelled()) : events.end({ kind: 'done', file })),
      (error: unknown) => events.fail(error),
    )
    try {
      yield* events
    } finally {
      abort.abort()
      if (this.#running.get(connection) === abort) this.#running.delete(connection)
    }
  }

  /**
   * Writes a small file, such as a report, in this thread.
   * @param work passes the bytes to `write` and returns the number of rows.
   * @throws AppError FORBIDDEN, or the error of the work. Then no file remains.
   */
  async small(
    connection: string,
    signed: Signed,
    choice: FileChoice,
    content: ExportContent,
    work: (write: ByteSink) => number | Promise<number>,
  ): Promise<ExportedFile> {
    const running = { connection, abort: new AbortController() }
    this.#small.add(running)
    try {
      const file = await this.#write(connection, signed, choice, content, running.abort.signal, async ({ draft, path }) => {
        try {
          const opened = new DraftFile(draft)
          try {
            const rows = await work(opened.write)
            opened.complete()
            return { rows, bytes: opened.bytes }
          } catch (error) {
            opened.discard()
            throw error
          }
        } catch (error) {
          throw explainExportFailure(error, path)
        }
      })
      if (file === null) throw cancelled()
      return file
    } finally {
      this.#small.delete(running)
    }
  }

  /** Cancels the exports of a connection and removes its files. Called at sign-out. */
  forget(connection: string): void {
    this.#running.get(connection)?.abort()
    for (const small of this.#small) if (small.connection === connection) small.abort.abort()
    this.files.forget(connection)
  }

  async close(): Promise<void> {
    for (const abort of this.#running.values()) abort.abort()
    await this.#thread.close()
    this.files.close()
  }

  async #write(
    connection: string,
    { workspace, userId }: Signed,
    { format, style = 'safe', target }: FileChoice,
    { title, days, entry }: ExportContent,
    signal: AbortSignal,
    work: (place: ExportPlace) => Promise<Written | null>,
  ): Promise<ExportedFile | null> {
    const { timeZone } = await workspace.run('exports.begin', userId, null)
    const fileName = `${title.toLowerCase()}-${days ?? localDay(this.#clock(), timeZone)}.${format}`
    const place = this.files.place(connection, target)
    const { path, draft, isDownload } = place
    try {
      const written = await work(place)
      if (written === null || signal.aborted) {
        removeDraft(draft)
        return null
      }
      const { rows, bytes } = written
      await workspace.run('exports.record', userId, { ...entry, format, style: format === 'csv' ? style : null, rows, fileName })
      // Nothing is awaited from here on, so no sign-out comes between.
      if (signal.aborted) {
        removeDraft(draft)
        return null
      }
      moveDraft(draft, path)
      const download = isDownload ? `${DOWNLOAD_PATH}${this.files.keep(connection, { path, fileName })}` : null
      return { fileName, rows, bytes, download }
    } catch (error) {
      removeDraft(draft)
      throw explainExportFailure(error, path)
    }
  }

  #begin(connection: string, signal: AbortSignal | undefined): AbortController {
    if (this.#running.has(connection)) throw new AppError('CONFLICT', sentence('export.running'), {})
    const abort = new AbortController()
    this.#running.set(connection, abort)
    signal?.addEventListener('abort', () => abort.abort(), { once: true })
    if (signal?.aborted === true) abort.abort()
    return abort
  }
}

/** The format and the place of a file. */
type FileChoice = Pick<ExportChoice, 'target'> & Partial<Pick<ExportChoice, 'style'>> & { readonly format: string }

/** The error of a cancelled export. Usually no one reads it any more. */
function cancelled(): AppError<'CONFLICT'> {
  return new AppError('CONFLICT', sentence('export.cancelled'), {})
}
