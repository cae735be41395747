import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { figures, lossPareto } from '../../core/metrics/metrics.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import { deleteDraft, putDraft } from '../../db/commands/drafts.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listAudit, listWaitingAudit } from '../../db/queries/audit.ts'
import { getDraft } from '../../db/queries/drafts.ts'
import { countsByRange, lossCounts } from '../../db/queries/reports.ts'
import { workspaceCounts } from '../../db/queries/status.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { command, forbidden, query } from '../declaration/operation.ts'
import { trailReader } from './trail-reader.ts'

type TrailRequest = ProcedureInput<'audit.list'>

/** Whether the file holds everyone's calls. The device of an agent holds that agent's only (S14). */
function holdsAllCalls(db: ReadableDb): boolean {
  const { serverUrl, userId } = getDeviceState(db)
  if (serverUrl === null) return true
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'all'
}

export const recordOperations = {
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
  /** Lines that this device recorded. */
  'audit.listLocal': query({
    access: 'audit.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: TrailRequest) => {
      const { restrict, shown } = trailReader(context)
      const page = listAudit(context.db, context.actor.clientId, request, restrict)
      return { rows: shown(page.rows), next: page.next }
    },
  }),
  /** The lines of operations that the server has not answered. */
  'audit.waiting': query({
    access: 'audit.read',
    reach: 'own',
    thread: 'list',
    run: (context, request: Omit<TrailRequest, 'after'> & { readonly before: number | null }) => {
      const { restrict, shown } = trailReader(context)
      const page = listWaitingAudit(context.db, context.actor.clientId, request, restrict)
      return { rows: shown(page.rows), next: page.next }
    },
  }),
  'workspace.counts': query({ access: 'member', thread: 'list', run: ({ db }) => workspaceCounts(db) }),
  'drafts.get': query({
    access: 'member',
    thread: 'list',
    run: ({ db, actor }, { form }: ProcedureInput<'drafts.get'>) => getDraft(db, actor.userId, form) ?? null,
  }),
  'drafts.put': command({
    access: 'member',
    changes: [],
    run: ({ db, actor, now }, { form, value }: ProcedureInput<'drafts.put'>) => {
      putDraft(db, { userId: actor.userId, form, value, updatedAt: now })
      return {}
    },
  }),
  'drafts.delete': command({
    access: 'member',
    changes: [],
    run: ({ db, actor }, { form }: ProcedureInput<'drafts.delete'>) => {
      deleteDraft(db, actor.userId, form)
      return {}
    },
  }),
}
