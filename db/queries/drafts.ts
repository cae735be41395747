import { and, eq } from 'drizzle-orm'
import type { UserId } from '../../core/id.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { localDrafts } from '../local-schema.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

const draftOf = query((orm, { userId, form }: Named<{ userId: UserId; form: string }>) =>
  orm
    .select({ value: localDrafts.value, updatedAt: localDrafts.updatedAt })
    .from(localDrafts)
    .where(and(eq(localDrafts.userId, userId), eq(localDrafts.form, form))),
)

export function getDraft(db: ReadableDb, userId: UserId, form: string): { value: Json; updatedAt: number } | undefined {
  const found = draftOf.get(db, { userId, form })
  return found === undefined ? undefined : { value: JSON.parse(found.value) as Json, updatedAt: found.updatedAt }
}
