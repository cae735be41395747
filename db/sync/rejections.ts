import { and, between, desc, eq, inArray, sql } from 'drizzle-orm'
import type { OpId, TxId, UserId } from '../../core/id.ts'
import type { Operation, RejectCode } from '../../core/sync/operation.ts'
import type { Scalar } from '../../core/sync/tables.ts'
import { selectBy, updateOf, type Fields, type Orm } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { query, statement, type Named } from '../prepared.ts'
import { syncOutbox } from '../sync-schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { referenceThroughAlias, throughAlias } from './aliases.ts'
import { isChangeOfRow } from '../pending.ts'
import { isInRange, sentTransaction } from './outbox.ts'

/** An operation of a person that the server refused. It stays until a person settles it (S12). */
export type Rejected = {
  readonly opId: OpId
  readonly txId: TxId
  readonly table: string
  readonly rowId: string
  /** `RESTORE`: restores a deleted call. */
  readonly action: 'INSERT' | 'UPDATE' | 'DELETE' | 'RESTORE'
  /** The typed values by column. */
  readonly values: Readonly<Record<string, Scalar>>
  readonly code: RejectCode
  readonly field: string | null
  /** The server's value at `field`. */
  readonly current: Scalar
  /** The time of the change, ms. */
  readonly at: number
}

const selectRefused = <F extends Fields>(orm: Orm, fields: F) => selectBy(orm, fields, syncOutbox, 'sync_outbox_attention')

/** As literals: SQLite uses the partial index only if the query repeats its condition. */
const isUnsettled = sql`${syncOutbox.state} = 'rejected' AND ${syncOutbox.settledAt} IS NULL`

type OfUser = Named<{ userId: UserId }>

const isOpen = ({ userId }: OfUser) => and(isUnsettled, isChangeOfRow, eq(syncOutbox.userId, userId))

const refused = query((orm, ofUser: OfUser) =>
  selectRefused(orm, {
    opId: syncOutbox.opId,
    txId: sentTransaction,
    table: syncOutbox.tableName,
    rowId: syncOutbox.rowId,
    action: sql<Rejected['action']>`${syncOutbox.action}`,
    fields: syncOutbox.fields,
    code: sql<RejectCode>`${syncOutbox.rejectCode}`,
    field: syncOutbox.rejectField,
    current: syncOutbox.rejectCurrent,
    at: syncOutbox.wallTime,
  })
    .where(isOpen(ofUser))
    .orderBy(desc(syncOutbox.deviceSeq)),
)

const refusedCount = query((orm, ofUser: OfUser) => selectRefused(orm, { open: sql<number>`count(*)` }).where(isOpen(ofUser)))

type Settled = Named<{ now: number; userId: UserId; first: number; last: number }>

const settleMade = statement((orm, range: Settled) => {
  const made = orm
    .select({ table: syncOutbox.tableName, rowId: syncOutbox.rowId })
    .from(syncOutbox)
    .where(and(isInRange(range), eq(syncOutbox.action, 'INSERT'), inArray(syncOutbox.state, ['accepted', 'merged'])))
  const isMade = sql`(${syncOutbox.tableName}, ${syncOutbox.rowId}) IN ${made}`
  const isRefusedInsert = and(isUnsettled, eq(syncOutbox.action, 'INSERT'), eq(syncOutbox.userId, range.userId))
  return updateOf(orm, syncOutbox, { settledAt: range.now }).where(and(isRefusedInsert, isMade))
})

const settleDeleted = statement((orm, { now, first, last }: Named<{ now: number; first: number; last: number }>) =>
  updateOf(orm, syncOutbox, { settledAt: now }).where(
    and(
      between(syncOutbox.deviceSeq, first, last),
      eq(syncOutbox.state, 'rejected'),
      eq(syncOutbox.rejectCode, 'DELETED'),
      eq(syncOutbox.origin, 'import'),
      eq(syncOutbox.action, 'INSERT'),
    ),
  ),
)

const settle = statement((orm, { now, opId }: Named<{ now: number; opId: OpId }>) =>
  updateOf(orm, syncOutbox, { settledAt: now }).where(eq(syncOutbox.opId, opId)),
)

const fieldsById = query((orm, { opId }: Named<{ opId: OpId }>) =>
  orm.select({ fields: syncOutbox.fields }).from(syncOutbox).where(eq(syncOutbox.opId, opId)),
)

type RefusedRow = NonNullable<ReturnType<typeof refused.get>>

function toRejected(db: ReadableDb, { fields, current, ...rest }: RefusedRow): Rejected {
  const entries = Object.entries(JSON.parse(fields) as Operation['fields']).map(
    ([name, field]) => [name, referenceThroughAlias(db, rest.table, name, field.new)] as const,
  )
  return {
    ...rest,
    rowId: throughAlias(db, rest.rowId),
    values: Object.fromEntries(entries),
    current: current === null ? null : (JSON.parse(current) as Scalar),
  }
}

/** Newest first. Refused events are not included, because no one can correct them. */
export function openRejections(db: ReadableDb, userId: UserId): Rejected[] {
  return refused.all(db, { userId }).map((found) => toRejected(db, found))
}

export function countRejections(db: ReadableDb, userId: UserId): number {
  return refusedCount.get(db, { userId })?.open ?? 0
}

/** Returns the base versions of a refused edit, by column. */
export function refusedBases(db: ReadableDb, opId: OpId): Readonly<Record<string, number>> {
  const fields = JSON.parse(fieldsById.get(db, { opId })?.fields ?? '{}') as Operation['fields']
  return Object.fromEntries(Object.entries(fields).map(([name, { base = 0 }]) => [name, base]))
}

/** Returns a refused operation and the others of its transaction in their order, because they were refused together (S4). */
export function rejectedTogether(db: ReadableDb, userId: UserId, opId: OpId): Rejected[] {
  return openRejections(db, userId)
    .filter(({ txId }, _, all) => txId === all.find((each) => each.opId === opId)?.txId)
    .toReversed()
}

/**
 * Returns the refused operations to retry together, in their order: those of one transaction, those that made the rows they point to, and
 * those that point to rows they make. The retry of a call does not include other calls of its reason; the retry of a reason includes all.
 */
export function rejectedToRetry(db: ReadableDb, userId: UserId, opId: OpId): Rejected[] {
  const all = openRejections(db, userId)
  const made = new Map(all.flatMap((each) => (each.action === 'INSERT' ? [[each.rowId, each] as const] : [])))
  const pointsTo = (each: Rejected) => [each.rowId, ...Object.values(each.values)].flatMap((id) => made.get(String(id)) ?? [])
  const wanted = new Set(rejectedTogether(db, userId, opId).map((each) => each.opId))
  const ids = new Set(all.flatMap((each) => (wanted.has(each.opId) && each.action === 'INSERT' ? [each.rowId] : [])))
  for (const each of all) if (pointsTo(each).some(({ rowId }) => ids.has(rowId))) wanted.add(each.opId)
  // Repeat until nothing is added, because added operations point to rows too.
  for (const waiting = all.filter((each) => wanted.has(each.opId)); waiting.length > 0;)
    for (const parent of pointsTo(waiting.pop() as Rejected))
      if (!wanted.has(parent.opId)) {
        wanted.add(parent.opId)
        waiting.push(parent)
      }
  return all.filter((each) => wanted.has(each.opId)).toReversed()
}

/** Settles refusals of rows that the server has accepted since: a refused row that was imported again. */
export function settleMadeAgain(db: WritableDb, userId: UserId, first: number, last: number): void {
  settleMade(db, { now: currentWrite(db).now, userId, first, last })
}

/**
 * Settles refusals of imported rows whose calls a person deleted elsewhere. No one typed them and no decision is needed, so the list of
 * refusals does not show them; the audit trail does.
 */
export function settleDeletedImports(db: WritableDb, first: number, last: number): void {
  settleDeleted(db, { now: currentWrite(db).now, first, last })
}

export function settleRejection(db: WritableDb, opId: OpId): void {
  settle(db, { now: currentWrite(db).now, opId })
}
