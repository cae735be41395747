import type { ProcedureInput, ProcedurePath, ProcedureResult } from '../../core/contract/procedures.ts'
import type { Clock } from '../../core/id.ts'
import type { BulkCalls } from '../jobs/bulk-calls.ts'
import type { ChangeHub } from '../events/change-hub.ts'
import type { Exports } from '../jobs/exports.ts'
import type { ReportFiles } from '../jobs/report-files.ts'
import type { KnownReports } from '../jobs/known-reports.ts'
import type { Reminders } from '../reminders/reminders.ts'
import type { Imports } from '../jobs/imports.ts'
import type { Log } from '../../platform/log/log.ts'
import type { DerivedPath } from '../operations/operations.ts'
import type { Passwords } from '../../platform/passwords/passwords.ts'
import type { Sessions } from '../session/sessions.ts'
import type { DeviceSync } from '../sync/device-sync.ts'
import type { Workspaces } from '../workspace/workspaces.ts'
import type { RunForSession } from './run-for-session.ts'

/** The connection of a request. The same connection carries the same session. */
export type ApiContext = { readonly connection: string }

/** What the handlers use. */
export type ApiServices = {
  readonly sessions: Sessions
  readonly workspaces: Workspaces
  readonly passwords: Passwords
  readonly imports: Imports
  readonly exports: Exports
  readonly reportFiles: ReportFiles
  readonly knownReports: KnownReports
  readonly bulk: BulkCalls
  readonly hub: ChangeHub
  readonly reminders: Reminders
  /** `system`: the shell of the desktop shows reminders, not the window. */
  readonly remindersShownBy: 'system' | 'window'
  readonly log: Log
  readonly clock: Clock
  /** Undefined: this process does not sync. */
  readonly sync: DeviceSync | undefined
}

export type ApiRequest<P extends ProcedurePath> = {
  readonly context: ApiContext
  readonly input: ProcedureInput<P>
  readonly signal?: AbortSignal | undefined
}

export type Handler<P extends ProcedurePath> = (request: ApiRequest<P>) => ProcedureResult<P> | Promise<ProcedureResult<P>>

/** The procedures that do more than pass a request to one operation. */
export type HandWrittenPath = Exclude<ProcedurePath, DerivedPath>

type Within<P extends string, Area extends string> = P extends `${Area}.${infer Rest}`
  ? Rest extends `${string}.${string}`
    ? never
    : P
  : never

/** A handler for each hand-written procedure of one area of the contract, without the areas within it. A missing one does not compile. */
export type HandlersOf<Area extends string> = {
  readonly [P in HandWrittenPath as Within<P, Area>]: Handler<P>
}

/** The services, and the function that runs an operation. */
export type HandlerServices = ApiServices & { readonly run: RunForSession }
