import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
import type { UserId } from '../../core/id.ts'
import { DISCARDED_DRAFTS, DISCARDED_KEPT } from '../../core/model/draft.ts'
import type { ReadableDb } from '../open.ts'
import { query, type Named } from '../prepared.ts'
import { localDrafts } from '../local-schema.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export type StoredDraft = { readonly form: string; readonly value: Json; readonly updatedAt: number }

/** The most drafts that a list contains. */
const MOST_LISTED = 50

const draftOf = query((orm, { userId, form }: Named<{ userId: UserId; form: string }>) =>
  orm
    .select({ value: localDrafts.value, updatedAt: localDrafts.updatedAt })
    .from(localDrafts)
    .where(and(eq(localDrafts.userId, userId), eq(localDrafts.form, form))),
)

const draftsFrom = query((orm, { userId, prefix, since }: Named<{ userId: UserId; prefix: string; since: number }>) =>
  orm
    .select({ form: localDrafts.form, value: localDrafts.value, updatedAt: localDrafts.updatedAt })
    .from(localDrafts)
    .where(
      and(
        eq(localDrafts.userId, userId),
        gte(localDrafts.form, prefix),
        // The last text that begins with the prefix is before this one.
        lt(localDrafts.form, sql`${prefix} || char(0x10ffff)`),
        gte(localDrafts.updatedAt, since),
      ),
    )
    .orderBy(desc(localDrafts.updatedAt), localDrafts.form)
    .limit(MOST_LISTED),
)

export function getDraft(db: ReadableDb, userId: UserId, form: string): { value: Json; updatedAt: number } | undefined {
  const found = draftOf.get(db, { userId, form })
  return found === undefined ? undefined : { value: JSON.parse(found.value) as Json, updatedAt: found.updatedAt }
}

/** Returns the drafts whose form begins with `prefix`, the newest first, without discarded ones that have expired at `now`. */
export function listDrafts(db: ReadableDb, userId: UserId, prefix: string, now: number): StoredDraft[] {
  const since = prefix.startsWith(DISCARDED_DRAFTS) ? now - DISCARDED_KEPT : 0
  return draftsFrom
    .all(db, { userId, prefix, since })
    .map(({ value, ...draft }) => ({ ...draft, value: JSON.parse(value) as Json }))
}
