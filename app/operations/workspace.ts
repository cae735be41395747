import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { DEFAULT_SETTINGS } from '../../core/model/settings.ts'
import { insertClient, updateClient } from '../../db/commands/clients.ts'
import { insertLossReason } from '../../db/commands/loss-reasons.ts'
import { putSettings } from '../../db/commands/settings.ts'
import { insertUser } from '../../db/commands/users.ts'
import { workspaceCounts } from '../../db/queries/status.ts'
import { command, query } from '../declaration/operation.ts'

/** The loss reasons of a new client. All can be renamed or deactivated. */
const FIRST_LOSS_REASONS = ['Price too high', 'Chose a competitor', 'No need', 'Bad timing', 'No decision maker']

export type WorkspaceSeed = {
  readonly clientName: string
  readonly timeZone: string
  readonly adminName: string
  readonly adminEmail: string
  readonly passwordHash: string
}

export const workspaceOperations = {
  /** The first transaction of a workspace. The actor is the admin that it creates. */
  'workspace.seed': command({
    access: 'internal',
    changes: ['clients', 'users', 'loss_reasons', 'client_settings', 'audit_logs'],
    run: ({ db, actor: { clientId, userId }, now: createdAt, newId }, seed: WorkspaceSeed) => {
      const { clientName, timeZone, adminName, adminEmail, passwordHash } = seed
      const client = { id: clientId, name: clientName, email: null, phone: null, address: null }
      insertClient(db, { ...client, isActive: true, createdAt })
      const admin = { id: userId, clientId, email: adminEmail, name: adminName, role: 'admin' as const, passwordHash }
      insertUser(db, { ...admin, isActive: true, createdAt })
      putSettings(db, clientId, { ...DEFAULT_SETTINGS, time_zone: timeZone })
      for (const name of FIRST_LOSS_REASONS)
        insertLossReason(db, { id: newId(), clientId, name, description: null, isActive: true, createdAt })
      return null
    },
  }),
  /** Succeeds if the file can be written: every write transaction stores its clock reading. */
  'workspace.probe': command({ access: 'internal', changes: [], source: 'server', run: () => null }),
  'workspace.rename': command({
    access: 'settings.edit',
    changes: ['clients', 'audit_logs'],
    run: ({ db, actor }, { name }: ProcedureInput<'workspace.rename'>) => updateClient(db, actor.clientId, { name }),
  }),
  'workspace.counts': query({ access: 'member', thread: 'list', run: ({ db }) => workspaceCounts(db) }),
}
