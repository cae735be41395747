import { and, desc, eq, isNull } from 'drizzle-orm'
import type { ClientId, UserId } from '../../core/id.ts'
import { fieldVersion } from '../../core/sync/field-versions.ts'
import type { Values } from '../../core/sync/merge.ts'
import type { ConflictRecord } from '../../core/sync/protocol.ts'
import { isSyncTable, type SyncTableName } from '../../core/sync/tables.ts'
import { updateOf, type Orm } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { insertNew, query, statement, type Named } from '../prepared.ts'
import { calls } from '../schema.ts'
import { syncConflicts, syncRows } from '../sync-schema.ts'
import { currentWrite } from '../write-transaction.ts'
import { fieldVersions } from './versions.ts'

/** A value that lost a merge (S10). */
export type OpenConflict = {
  readonly id: string
  readonly table: SyncTableName
  readonly rowId: string
  readonly winning: Values
  readonly losing: Values
  readonly winningUserId: UserId
  readonly losingUserId: UserId
  readonly createdAt: number
}

/** What decides whether a conflict is open, and who sees it. */
const state = {
  table: syncConflicts.tableName,
  field: syncConflicts.field,
  /** The version of the fields at the merge. */
  version: syncConflicts.version,
  /** The present versions of the row's fields. */
  base: syncRows.base,
  fields: syncRows.fields,
  owner: calls.userId,
}

const conflict = {
  ...state,
  id: syncConflicts.id,
  rowId: syncConflicts.rowId,
  winning: syncConflicts.winning,
  losing: syncConflicts.losing,
  winningUserId: syncConflicts.winningUserId,
  losingUserId: syncConflicts.losingUserId,
  createdAt: syncConflicts.createdAt,
}

const isOfRow = and(
  eq(syncRows.clientId, syncConflicts.clientId),
  eq(syncRows.tableName, syncConflicts.tableName),
  eq(syncRows.rowId, syncConflicts.rowId),
)
const isCall = and(eq(syncConflicts.tableName, 'calls'), eq(calls.id, syncConflicts.rowId))

const conflictsOfRows = (orm: Orm) =>
  orm.select(conflict).from(syncConflicts).innerJoin(syncRows, isOfRow).leftJoin(calls, isCall)

type OfClient = Named<{ clientId: ClientId }>

const isUnsettled = ({ clientId }: OfClient) => and(eq(syncConflicts.clientId, clientId), isNull(syncConflicts.settledAt))

const unsettledStates = query((orm, ofClient: OfClient) =>
  orm.select(state).from(syncConflicts).innerJoin(syncRows, isOfRow).leftJoin(calls, isCall).where(isUnsettled(ofClient)),
)

const unsettled = query((orm, ofClient: OfClient) =>
  conflictsOfRows(orm).where(isUnsettled(ofClient)).orderBy(desc(syncConflicts.serverSeq)),
)

const unsettledById = query((orm, one: Named<{ clientId: ClientId; id: string }>) =>
  conflictsOfRows(orm).where(and(isUnsettled(one), eq(syncConflicts.id, one.id))),
)

type State = NonNullable<ReturnType<typeof unsettledStates.get>>
type Unsettled = NonNullable<ReturnType<typeof unsettled.get>>

const insertConflict = insertNew(syncConflicts, syncConflicts.id)

const setSettled = statement((orm, { id, now }: Named<{ id: string; now: number }>) =>
  updateOf(orm, syncConflicts, { settledAt: now }).where(eq(syncConflicts.id, id)),
)

/** Stores conflicts. The same conflict comes with the push that caused it and with the feed. */
export function saveConflict(db: WritableDb, record: ConflictRecord): void {
  const { seq, table, columns, winning, losing, ...rest } = record
  insertConflict(db, {
    ...rest,
    id: `${seq}.${columns[0] ?? ''}`,
    clientId: currentWrite(db).clientId,
    tableName: table,
    field: columns.join(','),
    winning: JSON.stringify(winning),
    losing: JSON.stringify(losing),
    serverSeq: seq,
    settledAt: null,
  })
}

/** Whether the row exists and the merged fields have not been edited since the merge. A later edit settles the conflict. */
function isOpen({ table, field, version, base, fields, owner }: State): boolean {
  if (!isSyncTable(table) || (table === 'calls' && owner === null)) return false
  return fieldVersion(fieldVersions({ base, fields }), table, field.split(',')[0] ?? '') === version
}

function toConflict(found: Unsettled): OpenConflict {
  const { id, table, rowId, winningUserId, losingUserId, createdAt } = found
  const winning = JSON.parse(found.winning) as Values
  const losing = JSON.parse(found.losing) as Values
  return { id, table: table as SyncTableName, rowId, winning, losing, winningUserId, losingUserId, createdAt }
}

/** Returns whether the reader may see conflicts of an owner's calls; null: of rows without an owner. */
type MaySee = (owner: UserId | null) => boolean

/** Newest first. */
export function openConflicts(db: ReadableDb, clientId: ClientId, maySee: MaySee): OpenConflict[] {
  const found = unsettled.all(db, { clientId })
  return found.filter((each) => isOpen(each) && maySee(each.owner)).map(toConflict)
}

export function countOpenConflicts(db: ReadableDb, clientId: ClientId, maySee: MaySee): number {
  return unsettledStates.all(db, { clientId }).filter((each) => isOpen(each) && maySee(each.owner)).length
}

export function getOpenConflict(db: ReadableDb, clientId: ClientId, id: string, maySee: MaySee): OpenConflict | undefined {
  const found = unsettledById.get(db, { clientId, id })
  return found !== undefined && isOpen(found) && maySee(found.owner) ? toConflict(found) : undefined
}

export function settleConflict(db: WritableDb, id: string): void {
  setSettled(db, { id, now: currentWrite(db).now })
}
