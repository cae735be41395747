import type { ImportChange, ImportField, ImportMap, ImportReport } from '../../core/contract/imports.ts'
import type { Id } from '../../core/id.ts'
import type { NewCall } from '../../core/model/call.ts'
import type { PastRequest, PastResponse } from '../../core/sync/protocol.ts'

/** Rows that the writer takes in one transaction: few enough that a person's own save in between waits a few dozen milliseconds. */
export const CHUNK_ROWS = 500
/** The most bytes of a chunk's calls as JSON. A chunk is one transaction and is sent to the server in one request. */
export const CHUNK_BYTES = 1_000_000

/** One row of a file, mapped and valid: all of a call but the ids of its agent and loss reason, which only the database knows. */
export type ImportRow = {
  /** Line of the file at which the row begins, 1 = header. */
  readonly line: number
  /** The call's id, made of the row's own key (see row-identity.ts). */
  readonly id: Id
  /** A name or an e-mail address as it stands in the file; null: the person who imports. */
  readonly agent: string | null
  readonly lossReason: string | null
  readonly call: Omit<NewCall, 'userId' | 'lossReasonId'>
}

export type ImportChunk = {
  readonly importId: Id
  readonly rows: readonly ImportRow[]
  /** What the map fills. Other fields of a call that exists already are left alone. */
  readonly fields: readonly ImportField[]
  readonly createAgents: boolean
  readonly createLossReasons: boolean
  /** Whether calls that exist may be changed; if not, their rows are refused. */
  readonly overwrite: boolean
}

/**
 * The server's answers about the history of a chunk's rows, each JSON of `pastResponseSchema`. Only the database threads parse them. Empty: only
 * the device's own audit trail is available.
 */
export type ImportPast = readonly Uint8Array[]

/** The history that the answers hold. */
export type KnownPast = Pick<PastResponse, 'deleted' | 'held' | 'names'>
export const NO_PAST: KnownPast = { deleted: [], held: {}, names: [] }

/** The parts of a chunk whose history is not in the device's own audit trail, because other devices sync the same client. */
export type PastQuestion = PastRequest

export type RowRefusal = { readonly line: number; readonly field: ImportField | null; readonly message: string }

export type ImportChunkResult = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: readonly RowRefusal[]
  /** The calls that are updated, before and after. */
  readonly changes: readonly ImportChange[]
  /** Names; in a dry run, of those who would be created, repeated in every chunk. */
  readonly createdUsers: readonly string[]
  readonly createdLossReasons: readonly string[]
}

/** What the audit trail keeps of a run. */
export type ImportSummary = Pick<
  ImportReport,
  'importId' | 'cancelled' | 'rows' | 'created' | 'updated' | 'unchanged' | 'refused'
> & {
  readonly source: string
  /** null: not known. */
  readonly fileName: string | null
}

export type ImportJob = {
  readonly importId: Id
  readonly fileName: string | null
  readonly clientId: Id
  readonly bytes: Uint8Array
  readonly map: ImportMap
  readonly dryRun: boolean
  /** Whether calls that exist may be changed. */
  readonly overwrite: boolean
  /** The client's IANA zone, for times that carry none and where the map names no other. */
  readonly timeZone: string
  /** ISO 3166-1 alpha-2, for dates such as 1/2/2026 whose order nothing in the file decides; null: day first. */
  readonly defaultCountry: string | null
  /** The present instant, ms since the epoch: a completed call more than a day later is refused. */
  readonly now: number
  /** Data rows as `inspectFile` counted them, for the progress; null: counted on the way. */
  readonly rowCount: number | null
}

/** Where a run's results go. Every method may be a message to another thread. */
export type ImportSink = {
  /** Writes a chunk in one transaction (`applyImportChunk`), or in a dry run only compares (`checkImportChunk`). */
  readonly apply: (chunk: ImportChunk) => Promise<ImportChunkResult>
  /** `done` and `total` count data rows. */
  readonly progress: (done: number, total: number) => void
  /** Called once at the end of every run that may have written, also of a cancelled or failed one (`recordImport`). */
  readonly finish: (summary: ImportSummary) => Promise<void>
}
