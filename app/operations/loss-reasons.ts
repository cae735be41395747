import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { LossReasonId } from '../../core/id.ts'
import { localDay, startOfLocalDay } from '../../core/time/time-range.ts'
import { insertLossReason, setLossReasonActive, updateLossReason } from '../../db/commands/loss-reasons.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getLossReason, listLossReasons, lossReasonsByUse } from '../../db/queries/loss-reasons.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { throughAlias } from '../../db/sync/aliases.ts'
import { command, notFound, query, requireUnchanged, type OperationContext } from '../declaration/operation.ts'

/** The time of which the use of loss reasons is counted, ms. */
const USE_COUNTED = 90 * 24 * 60 * 60_000

/** Also finds the reason by the id of an alias, because a form that was opened earlier can still send it. */
function existingReason(context: OperationContext<ReadableDb>, id: LossReasonId) {
  const reason = getLossReason(context.db, context.actor.clientId, throughAlias(context.db, id))
  if (reason === undefined) throw notFound('loss-reason')
  return reason
}

export const lossReasonsOperations = {
  'lossReasons.list': query({
    access: 'loss_reasons.read',
    thread: 'list',
    run: ({ db, actor }) => listLossReasons(db, actor.clientId),
  }),
  /** Ends with yesterday, so that the order and the numbers that a form derives from it do not change during a day. */
  'lossReasons.byUse': query({
    access: 'loss_reasons.read',
    thread: 'list',
    run: ({ db, actor, now }) => {
      const zone = getSettings(db, actor.clientId).time_zone
      const to = startOfLocalDay(localDay(now, zone), zone)
      return lossReasonsByUse(db, actor.clientId, actor.userId, { from: to - USE_COUNTED, to })
    },
  }),
  'lossReasons.create': command({
    access: 'loss_reasons.edit',
    changes: ['loss_reasons', 'audit_logs'],
    run: ({ db, actor, now, newId }, reason: ProcedureInput<'lossReasons.create'>) =>
      insertLossReason(db, { ...reason, id: newId(), clientId: actor.clientId, isActive: true, createdAt: now }),
  }),
  'lossReasons.update': command({
    access: 'loss_reasons.edit',
    changes: ['loss_reasons', 'audit_logs'],
    run: (context, { id, patch, expected }: ProcedureInput<'lossReasons.update'>) => {
      const reason = existingReason(context, id)
      requireUnchanged(reason, expected)
      return updateLossReason(context.db, reason.id, patch)
    },
  }),
  'lossReasons.setActive': command({
    access: 'loss_reasons.edit',
    changes: ['loss_reasons', 'audit_logs'],
    run: (context, { id, isActive }: ProcedureInput<'lossReasons.setActive'>) =>
      setLossReasonActive(context.db, existingReason(context, id).id, isActive),
  }),
}
