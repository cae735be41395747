import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { figures, lossPareto } from '../../core/metrics/metrics.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import type { ReadableDb } from '../../db/open.ts'
import { countsByRange, lossCounts } from '../../db/queries/reports.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { forbidden, query } from '../declaration/operation.ts'

/** Whether the file holds everyone's calls. The device of an agent holds that agent's only (S14). */
function holdsAllCalls(db: ReadableDb): boolean {
  const { serverUrl, userId } = getDeviceState(db)
  if (serverUrl === null) return true
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'all'
}

export const reportsOperations = {
  'reports.summary': query({
    access: 'reports.read',
    reach: 'own',
    thread: 'report',
    run: ({ db, actor, reach }, { range, userIds }: ProcedureInput<'reports.summary'>) => {
      const { clientId, userId } = actor
      const requested = userIds === undefined || userIds.length === 0 ? null : userIds
      if (reach === 'own' && requested?.some((id) => id !== userId) === true) throw forbidden('reports.read')
      const shown = reach === 'own' ? [userId] : requested
      const counts = countsByRange(db, clientId, range, shown)
      const team = reach === 'own' && holdsAllCalls(db) ? countsByRange(db, clientId, range, null) : null
      return {
        range,
        counts,
        figures: figures(counts),
        lossReasons: lossPareto(lossCounts(db, clientId, range, shown)),
        reach,
        team: team === null ? null : { counts: team, figures: figures(team) },
      }
    },
  }),
}
