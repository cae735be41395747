import type { ProcedurePath } from '../../core/contract/procedures.ts'
import type { Operation } from '../declaration/operation.ts'
import { agendaOperations } from './agenda.ts'
import { auditOperations } from './audit.ts'
import { bulkOperations } from './bulk.ts'
import { callsOperations } from './calls.ts'
import { demoOperations } from './demo.ts'
import { doNotCallOperations } from './do-not-call.ts'
import { draftsOperations } from './drafts.ts'
import { engineStateOperations } from './engine-state.ts'
import { engineTeamOperations } from './engine-team.ts'
import { engineTransferOperations } from './engine-transfer.ts'
import { exportsOperations } from './exports.ts'
import { importsOperations } from './imports.ts'
import { knownCorrectionsOperations } from './known-corrections.ts'
import { knownOperations } from './known.ts'
import { lossReasonsOperations } from './loss-reasons.ts'
import { noShowsOperations } from './no-shows.ts'
import { preferencesOperations } from './preferences.ts'
import { proofOperations } from './proof.ts'
import { prospectsOperations } from './prospects.ts'
import { publicationOperations } from './publication.ts'
import { remindersOperations } from './reminders.ts'
import { reportFilesOperations } from './reports-files.ts'
import { reportsOperations } from './reports.ts'
import { sessionOperations } from './session.ts'
import { settingsOperations } from './settings.ts'
import { signInOperations } from './sign-in.ts'
import { syncOperations } from './sync.ts'
import { targetsOperations } from './targets.ts'
import { usersOperations } from './users.ts'
import { viewsOperations } from './views.ts'
import { workspaceOperations } from './workspace.ts'

/**
 * Every operation on a workspace, by name. An operation with the name of a procedure of the contract is that procedure: the router
 * passes the procedure's input to it and returns its result. Other operations are steps of procedures that do more.
 */
export const operations = {
  ...agendaOperations,
  ...auditOperations,
  ...bulkOperations,
  ...callsOperations,
  ...demoOperations,
  ...doNotCallOperations,
  ...draftsOperations,
  ...engineStateOperations,
  ...engineTeamOperations,
  ...engineTransferOperations,
  ...exportsOperations,
  ...importsOperations,
  ...knownCorrectionsOperations,
  ...knownOperations,
  ...lossReasonsOperations,
  ...noShowsOperations,
  ...preferencesOperations,
  ...proofOperations,
  ...prospectsOperations,
  ...publicationOperations,
  ...remindersOperations,
  ...reportFilesOperations,
  ...reportsOperations,
  ...sessionOperations,
  ...settingsOperations,
  ...signInOperations,
  ...syncOperations,
  ...targetsOperations,
  ...usersOperations,
  ...viewsOperations,
  ...workspaceOperations,
} satisfies Readonly<Record<string, Operation>>

export type Operations = typeof operations
export type OperationName = keyof Operations
export type InputOf<N extends OperationName> = Parameters<Operations[N]['run']>[1]
export type OutputOf<N extends OperationName> = ReturnType<Operations[N]['run']>

/** The procedures that are one operation each. An operation with `internal` access is none of them, because no check protects it. */
export type DerivedPath = {
  [N in OperationName & ProcedurePath]: Operations[N]['access'] extends 'internal' ? never : N
}[OperationName & ProcedurePath]

export const OPERATION_NAMES = Object.keys(operations) as readonly OperationName[]

export function operationNamed(name: OperationName): Operation {
  return operations[name]
}
