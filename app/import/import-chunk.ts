import type { Sentence } from '../../core/messages/text.ts'
import type { ImportChange, ImportField, ListedRow, ImportMap, ImportReport } from '../../core/contract/imports.ts'
import type { CallId, ClientId, Id, UserId } from '../../core/id.ts'
import type { NewCall } from '../../core/model/call.ts'
import type { PastRequest, PastResponse } from '../../core/sync/protocol.ts'

/** Most rows of one transaction. A person's save during an import waits for at most one, a few dozen milliseconds. */
export const CHUNK_ROWS = 500
/** Most bytes of a chunk's calls as JSON. A chunk is one transaction and is sent to the server in one request. */
export const CHUNK_BYTES = 1_000_000

/** A valid row of a file as a call, but with names in place of the ids of agent and loss reason, which are in the database. */
export type ImportRow = {
  /** Line of the file at which the row begins, 1 = header. */
  readonly line: number
  /** The id of the call, derived from the key of the row (see row-identity.ts). */
  readonly id: CallId
  /** Name or e-mail address in the file; null: the person who imports. */
  readonly agent: string | null
  /** The agent's id in the workspace that exported the file, if the name is ambiguous. */
  readonly agentId?: UserId
  /** When the call was created in that workspace; default: now. ms */
  readonly createdAt?: number
  readonly lossReason: string | null
  readonly call: Omit<NewCall, 'userId' | 'lossReasonId'>
}

export type ImportChunk = {
  readonly importId: Id
  readonly rows: readonly ImportRow[]
  /** Fields that the mapping fills. Other fields of existing calls are not changed. */
  readonly fields: readonly ImportField[]
  readonly createAgents: boolean
  readonly createLossReasons: boolean
  /** Whether existing calls may be changed. If not, their rows are refused. */
  readonly overwrite: boolean
}

/**
 * The server's answers about the history of a chunk's calls, each JSON of `pastResponseSchema`. Only the database threads parse them. Empty: only
 * the device's own audit trail is available.
 */
export type ImportPast = readonly Uint8Array[]

/** The history that the answers hold. */
export type KnownPast = Pick<PastResponse, 'deleted' | 'held' | 'names'>
export const NO_PAST: KnownPast = { deleted: [], held: {}, names: [] }

/** The question for the server: calls and names whose history may be incomplete on this device, because other devices sync the client. */
export type PastQuestion = PastRequest

export type RowRefusal = Sentence & { readonly line: number; readonly field: ImportField | null }

export type ImportChunkResult = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly refused: readonly RowRefusal[]
  /** The calls that are updated, before and after. */
  readonly changes: readonly ImportChange[]
  /** Names. A dry run creates no one, so every chunk that needs a person names them again. */
  readonly createdUsers: readonly string[]
  readonly createdLossReasons: readonly string[]
  /** Rows that schedule an outbound call with a prospect who is on the do-not-call list. They are written like the others. */
  readonly doNotCall: readonly ListedRow[]
}

/** Summary of a run for the audit trail. */
export type ImportSummary = Pick<
  ImportReport,
  'importId' | 'cancelled' | 'rows' | 'created' | 'updated' | 'unchanged' | 'refused'
> & {
  readonly source: string
  /** Null: not known. */
  readonly fileName: string | null
}

export type ImportJob = {
  readonly importId: Id
  readonly fileName: string | null
  readonly clientId: ClientId
  readonly bytes: Uint8Array
  readonly map: ImportMap
  readonly dryRun: boolean
  /** Whether existing calls may be changed. */
  readonly overwrite: boolean
  /** The client's IANA zone, for times without a zone if the mapping names none. */
  readonly timeZone: string
  /** ISO 3166-1 alpha-2. Decides the order of dates such as 1/2/2026 if nothing in the file does; null: day first. */
  readonly defaultCountry: string | null
  /** Current time, ms since the epoch. A completed call more than a day later is refused. */
  readonly now: number
  /** Data rows as counted by `inspectFile`, for the progress; null: counted during the run. */
  readonly rowCount: number | null
}

/** Receives the results of a run. Every method may be a message to another thread. */
export type ImportSink = {
  /** Writes a chunk in one transaction (`applyImportChunk`). A dry run only compares (`checkImportChunk`). */
  readonly apply: (chunk: ImportChunk) => Promise<ImportChunkResult>
  /** `done` and `total` count data rows. */
  readonly progress: (done: number, total: number) => void
  /** Called once at the end of every run that may have written, even if it was cancelled or failed (`recordImport`). */
  readonly finish: (summary: ImportSummary) => Promise<void>
}
