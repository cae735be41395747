import { and, desc, eq, gte, lt, ne, notInArray } from 'drizzle-orm'
import type { UserId } from '../../core/id.ts'
import { must } from '../../core/assert.ts'
import { DISCARDED_DRAFTS, DISCARDED_KEPT } from '../../core/model/draft.ts'
import type { WritableDb } from '../open.ts'
import { query, statement, upsert, type Named } from '../prepared.ts'
import { localDrafts } from '../local-schema.ts'
import { users } from '../schema.ts'

export type Draft = { readonly userId: UserId; readonly form: string; readonly value: unknown; readonly updatedAt: number }

/** The most drafts of one person. Beyond it the oldest draft is removed. */
export const MAX_DRAFTS = 200

type OfForm = Named<{ userId: UserId; form: string }>

const clientOf = query((orm, { userId }: Named<{ userId: UserId }>) =>
  orm.select({ clientId: users.clientId }).from(users).where(eq(users.id, userId)),
)

const saveDraft = upsert(localDrafts, [localDrafts.userId, localDrafts.form])

const removeOldest = statement((orm, { userId, form }: OfForm) => {
  const isOther = and(eq(localDrafts.userId, userId), ne(localDrafts.form, form))
  const newest = orm
    .select({ form: localDrafts.form })
    .from(localDrafts)
    .where(isOther)
    .orderBy(desc(localDrafts.updatedAt), localDrafts.form)
    .limit(MAX_DRAFTS - 1)
  return orm.delete(localDrafts).where(and(isOther, notInArray(localDrafts.form, newest)))
})

/** The text after the last one that begins with the prefix. */
const AFTER_DISCARDED = DISCARDED_DRAFTS.replace(/:$/, ';')

const removeExpired = statement((orm, { before }: Named<{ before: number }>) =>
  orm
    .delete(localDrafts)
    .where(
      and(gte(localDrafts.form, DISCARDED_DRAFTS), lt(localDrafts.form, AFTER_DISCARDED), lt(localDrafts.updatedAt, before)),
    ),
)

const removeDraft = statement((orm, { userId, form }: OfForm) =>
  orm.delete(localDrafts).where(and(eq(localDrafts.userId, userId), eq(localDrafts.form, form))),
)

/**
 * Saves the unsaved input of a form. On this device only: neither audited nor synced. Drafts that were discarded more than a day ago are
 * removed, also those of others.
 */
export function putDraft(db: WritableDb, { userId, form, value, updatedAt }: Draft): void {
  const { clientId } = must(clientOf.get(db, { userId }), 'A draft is a user’s')
  saveDraft(db, { userId, clientId, form, value: JSON.stringify(value), updatedAt })
  removeOldest(db, { userId, form })
  removeExpired(db, { before: updatedAt - DISCARDED_KEPT })
}

export function deleteDraft(db: WritableDb, userId: UserId, form: string): void {
  removeDraft(db, { userId, form })
}
