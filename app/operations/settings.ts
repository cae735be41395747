import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { putSettings } from '../../db/commands/settings.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { command, query } from '../declaration/operation.ts'

export const settingsOperations = {
  'settings.get': query({
    access: 'settings.read',
    thread: 'list',
    run: ({ db, actor }) => getSettings(db, actor.clientId),
  }),
  'settings.update': command({
    access: 'settings.edit',
    changes: ['client_settings', 'audit_logs'],
    run: ({ db, actor }, patch: ProcedureInput<'settings.update'>) => {
      putSettings(db, actor.clientId, patch)
      return getSettings(db, actor.clientId)
    },
  }),
}
