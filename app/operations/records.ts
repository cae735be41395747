import type { z } from 'zod'
import type { contract } from '../../core/contract/contract.ts'
import type { Id } from '../../core/id.ts'
import { figures, lossPareto } from '../../core/metrics/metrics.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import type { TimeRange } from '../../core/time-range.ts'
import { deleteDraft, putDraft } from '../../db/commands/drafts.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listAudit, listWaitingAudit } from '../../db/queries/audit.ts'
import { getDraft } from '../../db/queries/drafts.ts'
import { countsByRange, lossCounts } from '../../db/queries/reports.ts'
import { workspaceCounts } from '../../db/queries/status.ts'
import { getPrincipal } from '../../db/queries/users.ts'
import { getDeviceState } from '../../db/sync/device-state.ts'
import { forbidden, currentRole, read, requireReach, write } from './operation.ts'
import { trailReader } from './trail-reader.ts'

type AuditInput = z.infer<NonNullable<(typeof contract.audit.list)['~orpc']['inputSchema']>>
type Json = z.infer<ReturnType<typeof z.json>>

/** Whether everyone's calls are in the file: a device that an agent joined has that agent's only (S14). */
function holdsTheTeam(db: ReadableDb): boolean {
  const { serverUrl, userId } = getDeviceState(db)
  if (serverUrl === null) return true
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'all'
}

export const recordOperations = {
  'reports.summary': read('report', (context, input: { range: TimeRange; userIds?: readonly Id[] | undefined }) => {
    const { clientId, userId } = context.actor
    const reached = requireReach(context, 'reports.read')
    const asked = input.userIds === undefined || input.userIds.length === 0 ? null : input.userIds
    if (reached === 'own' && asked?.some((id) => id !== userId) === true) throw forbidden('reports.read')
    const userIds = reached === 'own' ? [userId] : asked
    const counts = countsByRange(context.db, clientId, input.range, userIds)
    const team = reached === 'own' && holdsTheTeam(context.db) ? countsByRange(context.db, clientId, input.range, null) : null
    return {
      range: input.range,
      counts,
      figures: figures(counts),
      lossReasons: lossPareto(lossCounts(context.db, clientId, input.range, userIds)),
      reach: reached,
      team: team === null ? null : { counts: team, figures: figures(team) },
    }
  }),
  /** Lines that this device recorded. */
  'audit.list': read('list', (context, input: AuditInput) => {
    const { restrict, shown } = trailReader(context)
    const page = listAudit(context.db, context.actor.clientId, input, restrict)
    return { rows: shown(page.rows), next: page.next }
  }),
  /** The lines of operations that the server has not answered. */
  'audit.waiting': read('list', (context, input: Omit<AuditInput, 'after'> & { readonly before: number | null }) => {
    const { restrict, shown } = trailReader(context)
    const page = listWaitingAudit(context.db, context.actor.clientId, input, restrict)
    return { rows: shown(page.rows), next: page.next }
  }),
  'workspace.counts': read('list', (context) => {
    currentRole(context)
    return workspaceCounts(context.db)
  }),
  'drafts.get': read('list', (context, input: { form: string }) => {
    currentRole(context)
    return getDraft(context.db, context.actor.userId, input.form) ?? null
  }),
  'drafts.put': write([], (context, input: { form: string; value: Json }) => {
    currentRole(context)
    putDraft(context.db, { userId: context.actor.userId, form: input.form, value: input.value, updatedAt: context.now })
    return {}
  }),
  'drafts.delete': write([], (context, input: { form: string }) => {
    currentRole(context)
    deleteDraft(context.db, context.actor.userId, input.form)
    return {}
  }),
}
