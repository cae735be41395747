import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { targetKey } from '../../core/model/targets.ts'
import { putClientSetting } from '../../db/commands/settings.ts'
import { listTargets } from '../../db/queries/targets.ts'
import { getUser } from '../../db/queries/users.ts'
import { throughAlias } from '../../db/sync/aliases.ts'
import { command, notFound, query } from '../declaration/operation.ts'

export const targetsOperations = {
  'targets.list': query({
    access: 'targets.read',
    reach: 'own',
    thread: 'list',
    run: ({ db, actor, reach }, months: ProcedureInput<'targets.list'>) => {
      const found = listTargets(db, actor.clientId, months)
      return reach === 'all' ? found : found.filter(({ userId }) => userId === null || userId === actor.userId)
    },
  }),
  'targets.set': command({
    access: 'targets.edit',
    changes: ['client_settings', 'audit_logs'],
    run: ({ db, actor }, { targets }: ProcedureInput<'targets.set'>) => {
      for (const { value, ...place } of targets) {
        const userId = place.userId === null ? null : throughAlias(db, place.userId)
        if (userId !== null && getUser(db, actor.clientId, userId) === undefined) throw notFound('person')
        putClientSetting(db, actor.clientId, targetKey({ ...place, userId }), value)
      }
      return null
    },
  }),
}
