import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { LossReasonId } from '../../core/id.ts'
import type { LossReason } from '../../core/model/people.ts'
import type { WritableDb } from '../open.ts'
import { getLossReason } from '../queries/loss-reasons.ts'
import { lossReasons } from '../schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow, updateRow, written } from './changes.ts'
import { requireFreeName } from './unique-names.ts'

export type NewLossReasonRow = Omit<LossReason, 'updatedAt'>
export type LossReasonPatch = { readonly [Key in 'name' | 'description']?: LossReason[Key] | undefined }

/** @throws AppError CONFLICT if the name is taken. */
export function insertLossReason(db: WritableDb, reason: NewLossReasonRow): LossReason {
  requireFreeName(db, 'loss_reasons', reason.clientId, reason.name, reason.id)
  insertRow(db, lossReasons, { ...reason, updatedAt: currentWrite(db).now })
  return written(getLossReason(db, reason.clientId, reason.id))
}

/** @throws AppError NOT_FOUND; CONFLICT if the name is taken. */
export function updateLossReason(db: WritableDb, id: LossReasonId, patch: LossReasonPatch): LossReason {
  if (patch.name !== undefined) requireFreeName(db, 'loss_reasons', currentWrite(db).clientId, patch.name, id)
  return change(db, id, { name: patch.name, description: patch.description })
}

/** A deactivated reason stays on old calls and is not offered for new ones. */
export function setLossReasonActive(db: WritableDb, id: LossReasonId, isActive: boolean): LossReason {
  return change(db, id, { isActive })
}

function change(db: WritableDb, id: LossReasonId, values: LossReasonPatch & { readonly isActive?: boolean }): LossReason {
  if (!updateRow(db, lossReasons, id, values)) throw new AppError('NOT_FOUND', sentence('gone.loss-reason'))
  return written(getLossReason(db, currentWrite(db).clientId, id))
}
