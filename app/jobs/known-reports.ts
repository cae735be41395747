import { AppError, isAppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { Corrections, KnownPage, KnownProgress } from '../../core/contract/known.ts'
import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { ReportFilter } from '../../core/contract/reports.ts'
import type { ClientId, Id, UserId } from '../../core/id.ts'
import type { RankedBy } from '../../core/figures/report-parts.ts'
import type { ReportSource } from '../../core/reports/report-facts.ts'
import { decodeCursor, encodeCursor } from '../../db/cursor.ts'
import { Watch } from '../../platform/threads/watch.ts'
import { cancelled, type KnownInput } from '../operations/known-changes.ts'
import type { FoundCorrections } from '../operations/known-corrections.ts'
import type { Signed } from '../session/sessions.ts'
import { removeFile, ServerLines, type Temporary, type TrailSource } from './server-lines.ts'

type PageInput = ProcedureInput<'reports.known.page'>
type CorrectionsInput = ProcedureInput<'reports.known.corrections'>

/** The limits of a connection: the number of days whose server lines it stores, and the number of lists of corrections that it stores. */
const KEPT = 3
const LIST = 'known.corrections'

/** A report or a list of corrections that is being computed. */
type Job = { readonly watch: Watch; readonly progress: { stage: 'fetch' | 'compute'; total: number | null } }

type Owner = { readonly clientId: ClientId; readonly userId: UserId }
type Kept = Owner & { readonly since: number; readonly lines: ServerLines }
type Stored = Owner & { readonly id: Id; readonly found: FoundCorrections }

/** The files of one connection. */
class Connection {
  readonly jobs = new Set<Job>()
  readonly lines: Kept[] = []
  readonly stored: Stored[] = []

  forget(): void {
    for (const { watch } of this.jobs) watch.cancel()
    for (const { lines } of this.lines.splice(0)) lines.drop()
    for (const each of this.stored.splice(0)) removeStored(each)
  }
}

function removeStored({ found: { file } }: Stored): void {
  if (file !== null) removeFile(file.path)
}

const belongsTo =
  ({ workspace, userId }: Signed) =>
  (each: Owner) =>
    each.clientId === workspace.clientId && each.userId === userId

function expired(): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', sentence('report.list-expired'))
}

/** Reports as they were known on an earlier day. An aborted request ends its work. */
export class KnownReports {
  readonly #sync: TrailSource | undefined
  readonly #temporary: Temporary
  readonly #newId: () => Id
  readonly #connections = new Map<string, Connection>()

  constructor(options: { readonly sync: TrailSource | undefined; readonly temporary: Temporary; readonly newId: () => Id }) {
    this.#sync = options.sync
    this.#temporary = options.temporary
    this.#newId = options.newId
  }

  page(connection: string, signed: Signed, request: PageInput, signal: AbortSignal | undefined): Promise<KnownPage> {
    return this.#run(connection, signed, request, signal, (input) =>
      signed.workspace.run('known.computePage', signed.userId, { request, ...input }),
    )
  }

  /** Returns the data for a report file. */
  source(
    connection: string,
    signed: Signed,
    asked: { readonly request: PageInput; readonly rankedBy: RankedBy },
    signal: AbortSignal | undefined,
  ): Promise<ReportSource> {
    return this.#run(connection, signed, asked.request, signal, (input) =>
      signed.workspace.run('known.computeSource', signed.userId, { ...asked, ...input }),
    )
  }

  /** Returns a page of corrections. The first request writes all of them to a file, from which later pages are read. */
  async corrections(
    connection: string,
    signed: Signed,
    { after, ...request }: CorrectionsInput,
    signal: AbortSignal | undefined,
  ): Promise<Corrections> {
    if (after !== null) return this.#later(connection, signed, after, request.limit)
    const path = this.#pathOfList()
    const found = await this.#run(connection, signed, request, signal, (input) =>
      signed.workspace.run('known.findCorrections', signed.userId, { request, path, ...input }),
    )
    if (found.file === null) return { ...found.found, next: null }
    const id = this.#newId()
    const { workspace, userId } = signed
    const { stored } = this.#of(connection)
    stored.unshift({ id, clientId: workspace.clientId, userId, found })
    for (const old of stored.splice(KEPT)) removeStored(old)
    return { ...found.found, next: encodeCursor(LIST, [id, found.found.rows.length]) }
  }

  /** Returns the progress of the latest work that runs for the connection; null: no work runs. */
  progress(connection: string): KnownProgress {
    const job = [...(this.#connections.get(connection)?.jobs ?? [])].at(-1)
    return job === undefined ? null : { ...job.progress, done: job.watch.done }
  }

  /** Cancels the work of a connection and removes its files. Called at sign-out. */
  forget(connection: string): void {
    this.#connections.get(connection)?.forget()
    this.#connections.delete(connection)
  }

  close(): void {
    for (const connection of this.#connections.keys()) this.forget(connection)
  }

  async #later(
    connection: string,
    signed: Signed,
    after: NonNullable<CorrectionsInput['after']>,
    limit: number,
  ): Promise<Corrections> {
    const [id, from] = decodeCursor(LIST, after, [['string'], ['number']])
    const place = Number(from)
    const { workspace, userId } = signed
    const stored = this.#of(connection)
      .stored.filter(belongsTo(signed))
      .find((each) => each.id === id)
    if (stored === undefined) throw expired()
    const { file, reach, found } = stored.found
    if (file === null || !Number.isInteger(place) || place < 0 || place >= file.rows) throw expired()
    const rows = await workspace.run('known.readCorrections', userId, { file, reach, from: place, limit })
    if (rows === null) throw expired()
    const next = place + rows.length
    return { ...found, rows, next: next < file.rows ? encodeCursor(LIST, [stored.id, next]) : null }
  }

  /** Returns a path for the file of a list; null: no file can be written, for example on a read-only disk. The first page needs no file. */
  #pathOfList(): string | null {
    try {
      return this.#temporary()
    } catch (error) {
      if (isAppError(error, 'STORAGE')) return null
      throw error
    }
  }

  #of(connection: string): Connection {
    let found = this.#connections.get(connection)
    if (found === undefined) this.#connections.set(connection, (found = new Connection()))
    return found
  }

  /** Returns the server's lines since an instant; undefined: the audit trail on this device is complete. */
  async #linesOf(connection: string, signed: Signed, since: number): Promise<ServerLines | undefined> {
    const { workspace, userId } = signed
    const { serverUrl } = await workspace.run('engine.deviceState', userId, null)
    if (serverUrl === null) return undefined
    const { lines } = this.#of(connection)
    const kept = lines.filter(belongsTo(signed)).find((each) => each.since === since)
    if (kept !== undefined) return kept.lines
    const sync = this.#sync ?? { settle: () => Promise.resolve(), trail: () => Promise.resolve(null) }
    const found = new ServerLines(sync, signed, since, this.#temporary)
    lines.unshift({ clientId: workspace.clientId, userId, since, lines: found })
    for (const old of lines.splice(KEPT)) old.lines.drop()
    return found
  }

  async #run<T>(
    connection: string,
    signed: Signed,
    request: ReportFilter & { readonly knownAt: number },
    signal: AbortSignal | undefined,
    compute: (input: KnownInput) => Promise<T>,
  ): Promise<T> {
    const job: Job = { watch: new Watch(), progress: { stage: 'compute', total: null } }
    const { watch, progress } = job
    const { jobs } = this.#of(connection)
    const cancel = () => watch.cancel()
    jobs.add(job)
    signal?.addEventListener('abort', cancel, { once: true })
    if (signal?.aborted === true) cancel()
    try {
      await signed.workspace.run('known.begin', signed.userId, request)
      const server = await this.#linesOf(connection, signed, request.knownAt)
      if (server === undefined) return await compute({ lines: null, watch: watch.memory })
      progress.stage = 'fetch'
      const onLines = (lines: number) => {
        if (watch.isCancelled) throw cancelled()
        watch.done += lines
      }
      return await server.use(onLines, (lines, total) => {
        Object.assign(progress, { stage: 'compute', total })
        watch.done = 0
        return compute({ lines, watch: watch.memory })
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
      jobs.delete(job)
    }
  }
}
