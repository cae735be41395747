import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { UndoEvent } from '../../core/contract/import-undo.ts'
import type {
  ImportColumns,
  ImportEvent,
  ImportIssue,
  ImportPreview,
  ImportReading,
  ImportReport,
} from '../../core/contract/imports.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError, explainedError, isAppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import { EventQueue } from '../events/event-queue.ts'
import type { FilePreview } from '../import/inspect-csv.ts'
import type { ImportChunk, ImportPast, PastQuestion } from '../import/import-chunk.ts'
import { decideKey, type KeyExamination } from '../import/key-evidence.ts'
import type { ReadingContext } from '../import/read-columns.ts'
import type { UndoStep } from '../import/undo-import.ts'
import type { Log } from '../../platform/log/log.ts'
import type { Signed } from '../session/sessions.ts'
import { answerRequest } from '../../platform/threads/requests.ts'
import { Thread } from '../../platform/threads/thread.ts'
import { THREAD_ERRORS } from '../workers/thread-errors.ts'
import type { ImportThreadRequest, Inspection, SinkAnswer, SinkMessage, SinkRequest } from '../workers/imports.ts'

type RunInput = ProcedureInput<'imports.run'>
type ColumnsInput = ProcedureInput<'imports.columns'>
type UndoInput = ProcedureInput<'imports.undo'>

type Staged = {
  readonly importId: Id
  readonly clientId: ClientId
  readonly userId: UserId
  readonly fileName: string
  readonly bytes: Uint8Array
  readonly rowCount: number
}

/** Requests the history of a chunk's calls from the server. @throws if the server does not answer. */
export type AskPast = (signed: Signed, question: PastQuestion) => Promise<ImportPast>

/** Issue in the report of an import if the server could not be reached. */
const NOT_ASKED: ImportIssue = {
  line: 1,
  column: null,
  ...sentence('import.not-asked'),
}

/** Requests histories from the server during one import. After the first failure it sends no more requests, and `isComplete` is false. */
class Past {
  readonly #signed: Signed
  readonly #ask: AskPast
  readonly #log: Log
  #isComplete = true

  constructor(signed: Signed, ask: AskPast, log: Log) {
    this.#signed = signed
    this.#ask = ask
    this.#log = log
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  async of(chunk: ImportChunk): Promise<ImportPast> {
    if (!this.#isComplete) return []
    const question = await this.#signed.workspace.run('imports.question', this.#signed.userId, chunk)
    if (question === null) return []
    try {
      return await this.#ask(this.#signed, question)
    } catch (error) {
      this.#isComplete = false
      this.#log({ level: 'warn', event: 'import.past', error: error instanceof Error ? error.name : 'unknown' })
      return []
    }
  }
}

/** Returns a refusal without its statement that nothing was changed, because earlier parts of the import are kept. */
function ofPart(error: unknown): unknown {
  if (!isAppError(error, 'FORBIDDEN')) return error
  const { permission } = error.data
  return explainedError('FORBIDDEN', sentence('role.forbidden-now'), sentence('role.ask'), { permission }, error)
}

/**
 * Inspects and imports files. Each connection has at most one file. It is only in memory, because a temporary folder is no place for
 * customers' data, and is removed at the next file or at sign-out.
 */
export class Imports {
  readonly #thread: Thread
  readonly #newId: () => Id
  readonly #askPast: AskPast
  readonly #log: Log
  readonly #staged = new Map<string, Staged>()

  constructor(options: { readonly entry: URL; readonly newId: () => Id; readonly askPast: AskPast; readonly log: Log }) {
    this.#thread = new Thread({ entry: options.entry, data: null, name: 'import', errors: THREAD_ERRORS })
    this.#newId = options.newId
    this.#askPast = options.askPast
    this.#log = options.log
  }

  async inspect(connection: string, signed: Signed, file: File, reading: ImportReading): Promise<ImportPreview> {
    const { workspace, userId } = signed
    const { clientId } = workspace
    const context = await this.#begin(signed)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const read = { importId: this.#newId(), clientId, bytes, fileName: file.name }
    const inspection = await this.#thread.request<Inspection>({ do: 'inspect', ...read, context, reading })
    this.#staged.set(connection, { ...read, userId, rowCount: inspection.preview.rowCount })
    return this.#preview(signed, bytes, inspection, context)
  }

  /** Adds data of the workspace to the preview of a file: the check of the suggested key, and saved mappings for the same columns. */
  async #preview(signed: Signed, bytes: Uint8Array, inspection: Inspection, context: ReadingContext): Promise<ImportPreview> {
    const { preview, key } = inspection
    const columns = preview.columns.map(({ name }) => name)
    const savedMaps = await signed.workspace.run('imports.mapsFor', signed.userId, { columns })
    return { ...(key === null ? preview : await this.#withProvenKey(signed, preview, key, bytes, context)), savedMaps }
  }

  /** Keeps the suggested key only if the calls with the same keys do not contradict it. */
  async #withProvenKey(
    signed: Signed,
    preview: FilePreview,
    key: KeyExamination,
    bytes: Uint8Array,
    context: ReadingContext,
  ): Promise<FilePreview> {
    const { workspace, userId } = signed
    const { rows } = key
    let findings = await workspace.run('imports.compareKey', userId, { rows, past: null })
    if (findings.unknown.length > 0)
      try {
        const past = await this.#askPast(signed, { ids: [...findings.unknown], names: false })
        findings = await workspace.run('imports.compareKey', userId, { rows, past })
      } catch (error) {
        this.#log({ level: 'warn', event: 'import.past', error: error instanceof Error ? error.name : 'unknown' })
      }
    const { map, warning } = decideKey(preview.suggestedMap, key, findings)
    if (warning === null) return preview
    const request: ImportThreadRequest = { do: 'columns', bytes, map, context, isSuggested: true }
    const usages = await this.#thread.request<ImportColumns>(request)
    return { ...preview, suggestedMap: map, usages, warnings: [...preview.warnings, warning] }
  }

  /** Reads the file of the connection again with another encoding, delimiter, header line or sheet. */
  async reread(connection: string, signed: Signed, importId: Id, reading: ImportReading): Promise<ImportPreview> {
    const context = await this.#begin(signed)
    const staged = this.#stagedFor(connection, signed, importId)
    const { clientId, bytes, fileName } = staged
    const request: ImportThreadRequest = { do: 'inspect', importId, clientId, bytes, fileName, context, reading }
    const inspection = await this.#thread.request<Inspection>(request)
    const { rowCount } = inspection.preview
    // Another file may have been chosen while this one was read.
    if (this.#staged.get(connection) === staged) this.#staged.set(connection, { ...staged, rowCount })
    return this.#preview(signed, bytes, inspection, context)
  }

  /** Returns how a mapping would use the columns of the inspected file. */
  async columns(connection: string, signed: Signed, input: ColumnsInput): Promise<ImportColumns> {
    const context = await this.#begin(signed)
    const { bytes } = this.#stagedFor(connection, signed, input.importId)
    const request: ImportThreadRequest = { do: 'columns', bytes, map: input.map, context }
    return this.#thread.request<ImportColumns>(request)
  }

  /** Yields the progress, then the report. If the reader disconnects, the run ends after the chunks at the writer. */
  async *run(connection: string, signed: Signed, input: RunInput, signal: AbortSignal | undefined): AsyncGenerator<ImportEvent> {
    const { timeZone, defaultCountry, now } = await this.#begin(signed)
    const staged = this.#stagedFor(connection, signed, input.importId)
    const { importId, clientId, bytes, fileName, rowCount } = staged
    const { map, dryRun, overwrite } = input
    const job = { importId, fileName, clientId, bytes, map, dryRun, overwrite, timeZone, defaultCountry, now, rowCount }
    const { port1, port2 } = new MessageChannel()
    const events = new EventQueue<ImportEvent>()
    const past = new Past(signed, this.#askPast, this.#log)
    this.#answer(port1, signed, input.dryRun, past, events)
    const abort = () => port1.postMessage({ abort: true } satisfies SinkAnswer)
    signal?.addEventListener('abort', abort, { once: true })
    // An aborted signal emits no further event.
    if (signal?.aborted === true) abort()
    const request: ImportThreadRequest = { do: 'run', job, port: port2 }
    const report = this.#thread.request<ImportReport>(request, { move: [port2] })
    // The port stays open after the reader has left: the rows under way are answered, and the run is recorded.
    report
      .then(
        (done) =>
          events.end({
            kind: 'report',
            report: past.isComplete ? done : { ...done, issues: [NOT_ASKED, ...done.issues], notes: [NOT_ASKED, ...done.notes] },
          }),
        (error: unknown) => events.fail(error),
      )
      .finally(() => port1.close())
    try {
      yield* events
    } finally {
      signal?.removeEventListener('abort', abort)
      abort()
    }
  }

  /** Checks that the person may import. Returns the context for reading a file. */
  #begin({ workspace, userId }: Signed): Promise<ReadingContext> {
    return workspace.run('imports.begin', userId, null)
  }

  /** @throws AppError NOT_FOUND if the connection has another file, or the file of another person. */
  #stagedFor(connection: string, { workspace, userId }: Signed, importId: Id): Staged {
    const staged = this.#staged.get(connection)
    if (staged?.importId !== importId || staged.clientId !== workspace.clientId || staged.userId !== userId)
      throw new AppError('NOT_FOUND', sentence('import.file-gone'))
    return staged
  }

  /** Undoes an import in steps, so that other writes wait for at most one step. Ends when the reader disconnects. */
  async *undo(
    { workspace, userId }: Signed,
    { importId, dryRun }: UndoInput,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<UndoEvent> {
    const { lines: total } = await workspace.run('imports.undoable', userId, { importId })
    const counts = { removed: 0, restored: 0, kept: 0 }
    let done = 0
    let after: number | null = 0
    try {
      while (after !== null && signal?.aborted !== true) {
        const step: UndoStep = await workspace.run(dryRun ? 'imports.checkUndo' : 'imports.undoPart', userId, { importId, after })
        for (const kind of ['removed', 'restored', 'kept'] as const) counts[kind] += step[kind]
        done += step.lines
        after = step.next
        yield { kind: 'progress', done: Math.min(done, total), total }
      }
    } catch (error) {
      throw done === 0 ? error : ofPart(error)
    } finally {
      // This also runs if the reader disconnected, so that the audit trail records the undone part. Without a step there is none.
      if (!dryRun && (done > 0 || after === null))
        await workspace
          .run('imports.finishUndo', userId, { importId, counts, cancelled: after !== null })
          .catch((error: unknown) => {
            throw ofPart(error)
          })
    }
    yield { kind: 'done', counts, cancelled: after !== null }
  }

  forget(connection: string): void {
    this.#staged.delete(connection)
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  /** Answers the requests of the run to its sink. */
  #answer(port: MessagePort, { workspace, userId }: Signed, dryRun: boolean, past: Past, events: EventQueue<ImportEvent>): void {
    const carryOut = async (request: SinkRequest): Promise<unknown> => {
      if (request.method === 'finish') return workspace.run('imports.record', userId, request.args[0])
      const [chunk] = request.args
      const input = { chunk, past: await past.of(chunk) }
      return workspace.run(dryRun ? 'imports.check' : 'imports.apply', userId, input).catch((error: unknown) => {
        throw ofPart(error)
      })
    }
    port.on('message', (message: SinkMessage) => {
      if ('progress' in message) events.put({ kind: 'progress', done: message.progress[0], total: message.progress[1] })
      else
        void answerRequest(
          message,
          (body) => carryOut(body as SinkRequest),
          (answer, move) => port.postMessage(answer satisfies SinkAnswer, [...move]),
        )
    })
  }
}
