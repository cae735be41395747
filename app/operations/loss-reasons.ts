import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { LossReasonId } from '../../core/id.ts'
import { insertLossReason, setLossReasonActive, updateLossReason } from '../../db/commands/loss-reasons.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getLossReason, listLossReasons } from '../../db/queries/loss-reasons.ts'
import { throughAlias } from '../../db/sync/aliases.ts'
import { command, notFound, query, requireUnchanged, type OperationContext } from '../declaration/operation.ts'

/** Also finds the reason by the id of an alias, because a form that was opened earlier can still send it. */
function existingReason(context: OperationContext<ReadableDb>, id: LossReasonId) {
  const reason = getLossReason(context.db, context.actor.clientId, throughAlias(context.db, id))
  if (reason === undefined) throw notFound('loss reason')
  return reason
}

export const lossReasonsOperations = {
  'lossReasons.list': query({
    access: 'loss_reasons.read',
    thread: 'list',
    run: ({ db, actor }) => listLossReasons(db, actor.clientId),
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
