import type { ClientId, LossReasonId } from '../../core/id.ts'
import { languageOfCountry, sortedByName } from '../../core/name-key.ts'
import type { LossReason } from '../../core/model/people.ts'
import { defaultCountry } from '../derive-calls.ts'
import type { ReadableDb } from '../open.ts'
import { row, rows } from '../statements.ts'

type LossReasonRow = Omit<LossReason, 'isActive'> & { readonly isActive: 0 | 1 }

const LOSS_REASON = `id, client_id AS clientId, name, description, is_active AS isActive, created_at AS createdAt, updated_at AS updatedAt`

const toLossReason = (found: LossReasonRow): LossReason => ({ ...found, isActive: found.isActive === 1 })

export function getLossReason(db: ReadableDb, clientId: ClientId, id: LossReasonId): LossReason | undefined {
  const found = row<LossReasonRow>(db, `SELECT ${LOSS_REASON} FROM loss_reasons WHERE client_id = ? AND id = ?`, clientId, id)
  return found === undefined ? undefined : toLossReason(found)
}

/** Also the retired ones, by name. */
export function listLossReasons(db: ReadableDb, clientId: ClientId): LossReason[] {
  const found = rows<LossReasonRow>(db, `SELECT ${LOSS_REASON} FROM loss_reasons WHERE client_id = ? ORDER BY id`, clientId)
  return sortedByName(found.map(toLossReason), languageOfCountry(defaultCountry(db, clientId)))
}
