import type { ClientId, UserId } from '../../core/id.ts'
import { must } from '../../core/assert.ts'
import type { WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'

export type Draft = { readonly userId: UserId; readonly form: string; readonly value: unknown; readonly updatedAt: number }

/** The most drafts of one person. Beyond it the oldest draft is removed. */
export const MAX_DRAFTS = 200

/** Keeps what a person has typed and not saved. On this device only: neither audited nor synced. */
export function putDraft(db: WritableDb, draft: Draft): void {
  const owner = row<{ clientId: ClientId }>(db, 'SELECT client_id AS clientId FROM users WHERE id = ?', draft.userId)
  run(
    db,
    `INSERT INTO local_drafts (user_id, client_id, form, value, updated_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (user_id, form) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    draft.userId,
    must(owner, 'A draft is a user’s').clientId,
    draft.form,
    JSON.stringify(draft.value),
    draft.updatedAt,
  )
  run(
    db,
    `DELETE FROM local_drafts WHERE user_id = ? AND form IN
       (SELECT form FROM local_drafts WHERE user_id = ? AND form <> ? ORDER BY updated_at DESC, form LIMIT -1 OFFSET ?)`,
    draft.userId,
    draft.userId,
    draft.form,
    MAX_DRAFTS - 1,
  )
}

export function deleteDraft(db: WritableDb, userId: UserId, form: string): void {
  run(db, 'DELETE FROM local_drafts WHERE user_id = ? AND form = ?', userId, form)
}
