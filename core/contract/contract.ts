import type { ContractRouterClient } from '@orpc/contract'
import { agendaContract } from './agenda.ts'
import { auditContract } from './audit.ts'
import { bulkContract } from './bulk.ts'
import { callsContract } from './calls.ts'
import { doNotCallContract } from './do-not-call.ts'
import { draftsContract } from './drafts.ts'
import { eventsContract } from './events.ts'
import { exportsContract } from './exports.ts'
import { importsContract } from './imports.ts'
import { knownContract } from './known.ts'
import { lossReasonsContract } from './loss-reasons.ts'
import { noShowsContract } from './no-shows.ts'
import { preferencesContract } from './preferences.ts'
import { proofContract } from './proof.ts'
import { prospectsContract } from './prospects.ts'
import { remindersContract } from './reminders.ts'
import { reportFilesContract } from './report-files.ts'
import { reportsContract } from './reports.ts'
import { sessionContract } from './session.ts'
import { settingsContract } from './settings.ts'
import { syncContract } from './sync.ts'
import { targetsContract } from './targets.ts'
import { usersContract } from './users.ts'
import { viewsContract } from './views.ts'
import { workspaceContract } from './workspace.ts'

/**
 * The whole API. The types of the window's api, the handlers and the CLI derive from this contract. The file of an area has the same name
 * here, in `app/operations/` and in `app/api/`: `calls.update` is in `calls.ts`, `calls.bulk.run` in `bulk.ts`.
 */
export const contract = {
  session: sessionContract,
  workspace: workspaceContract,
  users: usersContract,
  lossReasons: lossReasonsContract,
  agenda: agendaContract,
  calls: { ...callsContract, bulk: bulkContract },
  prospects: prospectsContract,
  doNotCall: doNotCallContract,
  settings: settingsContract,
  reminders: remindersContract,
  reports: { ...reportsContract, ...reportFilesContract, known: knownContract, proof: proofContract, noShows: noShowsContract },
  targets: targetsContract,
  views: viewsContract,
  preferences: preferencesContract,
  imports: importsContract,
  exports: exportsContract,
  audit: auditContract,
  drafts: draftsContract,
  sync: syncContract,
  events: eventsContract,
}

export type Contract = typeof contract
export type Api = ContractRouterClient<Contract>
