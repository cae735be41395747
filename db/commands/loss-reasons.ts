import { AppError } from '../../core/errors.ts'
import type { LossReasonId } from '../../core/id.ts'
import type { LossReason } from '../../core/model/people.ts'
import type { WritableDb } from '../open.ts'
import { getLossReason } from '../queries/loss-reasons.ts'
import type { SqlValue } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { insertRow, patchedColumns, updateRow, written } from './changes.ts'
import { requireFreeName } from './unique-names.ts'

const COLUMNS = { name: 'name', description: 'description' } as const

export type NewLossReasonRow = Omit<LossReason, 'updatedAt'>
export type LossReasonPatch = { readonly [Key in keyof typeof COLUMNS]?: LossReason[Key] | undefined }

/** @throws AppError CONFLICT where the name is taken. */
export function insertLossReason(db: WritableDb, reason: NewLossReasonRow): LossReason {
  requireFreeName(db, 'loss_reasons', 'name', reason.clientId, reason.name, reason.id)
  insertRow(db, 'loss_reasons', {
    id: reason.id,
    client_id: reason.clientId,
    name: reason.name,
    description: reason.description,
    is_active: reason.isActive ? 1 : 0,
    created_at: reason.createdAt,
    updated_at: currentWrite(db).now,
  })
  return written(getLossReason(db, reason.clientId, reason.id))
}

/** @throws AppError NOT_FOUND; CONFLICT where the name is taken. */
export function updateLossReason(db: WritableDb, id: LossReasonId, patch: LossReasonPatch): LossReason {
  if (patch.name !== undefined) requireFreeName(db, 'loss_reasons', 'name', currentWrite(db).clientId, patch.name, id)
  return change(db, id, patchedColumns(patch, COLUMNS))
}

/** A deactivated reason stays valid for old calls and is not offered for new ones. */
export function setLossReasonActive(db: WritableDb, id: LossReasonId, isActive: boolean): LossReason {
  return change(db, id, { is_active: isActive ? 1 : 0 })
}

function change(db: WritableDb, id: LossReasonId, values: Record<string, SqlValue>): LossReason {
  if (!updateRow(db, 'loss_reasons', id, values)) throw new AppError('NOT_FOUND', 'There is no such loss reason.')
  return written(getLossReason(db, currentWrite(db).clientId, id))
}
