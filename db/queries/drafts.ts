import type { UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { row } from '../statements.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export function getDraft(db: ReadableDb, userId: UserId, form: string): { value: Json; updatedAt: number } | undefined {
  const found = row<{ value: string; updatedAt: number }>(
    db,
    'SELECT value, updated_at AS updatedAt FROM local_drafts WHERE user_id = ? AND form = ?',
    userId,
    form,
  )
  return found === undefined ? undefined : { value: JSON.parse(found.value) as Json, updatedAt: found.updatedAt }
}
