import { and, asc, eq, exists, getTableColumns, gt, lte, ne, notExists, or } from 'drizzle-orm'
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { ClientId, UserId } from '../../../core/id.ts'
import { TARGET_PERSON_AT } from '../../../core/model/targets.ts'
import type { Scope } from '../../../core/sync/scope.ts'
import { isPersonal, type Scalar, type SyncTableName } from '../../../core/sync/tables.ts'
import { insertOf, query, type Named, type OrmConnection } from '../../../platform/sqlite/prepared.ts'
import { statementsOf } from '../../../platform/sqlite/statements.ts'
import type { Changes, FeedRange, FeedReads, Owner } from '../store.ts'
import { calls, conflicts, departures } from './schema.ts'
import { feedColumn, syncedTable } from './synced-tables.ts'

type InRange = FeedRange & { readonly clientId: ClientId }

type Owners = 'everyone' | 'only' | 'except'

function ownersOf(owner: Owner): readonly [Owners, string | null] {
  if (owner === null) return ['everyone', null]
  return 'only' in owner ? ['only', owner.only] : ['except', owner.except]
}

const OWNER_CONDITIONS: Readonly<Record<Owners, string>> = {
  everyone: '',
  only: ' AND user_id = :owner',
  except: ' AND user_id <> :owner',
}

/** Ids of targets are `target:YYYY-MM:team|PERSON:METRIC`; substr counts from 1. */
const personInTarget = `substr(id, ${TARGET_PERSON_AT + 1}, 36)`
const NO_TARGET_OF_OTHERS = ` AND (id NOT GLOB 'target:*' OR ${personInTarget} = :owner OR ${personInTarget} GLOB 'team:*')`

/** @throws RangeError for a personal table without its person: a page must never contain another person's rows. */
function ownerCondition(table: SyncTableName, owners: Owners): string {
  if (isPersonal(table) && owners !== 'only') throw new RangeError(`${table} belongs to one person at a time`)
  if (table === 'client_settings') return owners === 'only' ? NO_TARGET_OF_OTHERS : ''
  return table === 'calls' || isPersonal(table) ? OWNER_CONDITIONS[owners] : ''
}

const removalsOf = (owners: Owners) =>
  query((orm, named: Named<InRange & { readonly owner: string | null }>) => {
    const isOwned = (column: AnySQLiteColumn) =>
      owners === 'everyone' ? undefined : owners === 'only' ? eq(column, named.owner) : ne(column, named.owner)
    const returned = orm
      .select({ id: calls.id })
      .from(calls)
      .where(and(eq(calls.clientId, departures.clientId), eq(calls.id, departures.rowId), isOwned(calls.userId)))
    return orm
      .select({ seq: departures.seq, id: departures.rowId, reason: departures.reason })
      .from(departures)
      .where(
        and(
          eq(departures.clientId, named.clientId),
          gt(departures.seq, named.after),
          lte(departures.seq, named.upTo),
          isOwned(departures.userId),
          owners === 'only' ? undefined : eq(departures.reason, 'deleted'),
          notExists(returned),
        ),
      )
      .orderBy(asc(departures.seq))
      .limit(named.limit)
  })

const REMOVALS = { everyone: removalsOf('everyone'), only: removalsOf('only'), except: removalsOf('except') }

const { clientId: _client, ...CONFLICT } = getTableColumns(conflicts)

const conflictsIn = (scope: Scope) =>
  query((orm, named: Named<InRange & { readonly userId: UserId }>) => {
    const ownCall = orm
      .select({ id: calls.id })
      .from(calls)
      .where(and(eq(calls.clientId, conflicts.clientId), eq(calls.id, conflicts.rowId), eq(calls.userId, named.userId)))
    return orm
      .select(CONFLICT)
      .from(conflicts)
      .where(
        and(
          eq(conflicts.clientId, named.clientId),
          gt(conflicts.seq, named.after),
          lte(conflicts.seq, named.upTo),
          or(eq(conflicts.winningUserId, named.userId), eq(conflicts.losingUserId, named.userId)),
          scope.calls === 'own' ? or(ne(conflicts.table, 'calls'), exists(ownCall)) : undefined,
          scope.users === 'names' ? or(ne(conflicts.table, 'users'), eq(conflicts.rowId, named.userId)) : undefined,
        ),
      )
      .orderBy(asc(conflicts.seq))
      .limit(named.limit)
  })

const conflictsFor = (reach: Scope['calls']) => ({
  names: conflictsIn({ calls: reach, users: 'names' }),
  full: conflictsIn({ calls: reach, users: 'full' }),
})
const CONFLICTS = { own: conflictsFor('own'), all: conflictsFor('all') }

export function feedReads(db: OrmConnection): FeedReads {
  return {
    async feed(clientId, { table, columns, owner, after, upTo, limit }) {
      const names = ['version', ...columns.map((name) => feedColumn(table, name))]
      const [owners, id] = ownersOf(owner)
      // Text: the table and the columns are known only at run time, and rows are read as arrays.
      const text = `SELECT ${names.join(', ')} FROM ${table}
        WHERE ${syncedTable(table).client} = :clientId AND version > :after AND version <= :upTo${ownerCondition(table, owners)}
        ORDER BY version LIMIT :limit`
      return statementsOf(db.sqlite).raw<Scalar[]>(text, { clientId, after, upTo, owner: id, limit })
    },

    async removals(clientId, range, owner) {
      const [owners, id] = ownersOf(owner)
      const found = REMOVALS[owners].all(db, { ...range, clientId, owner: id })
      return found.map((removal) => ({ ...removal, table: 'calls' }))
    },

    async conflicts(clientId, userId, range, scope) {
      return CONFLICTS[scope.calls][scope.users].all(db, { ...range, clientId, userId })
    },
  }
}

const insertDeparture = insertOf(departures)
const insertConflict = insertOf(conflicts)

export function writeDepartures(db: OrmConnection, clientId: ClientId, written: Changes['departures']): void {
  for (const { seq, id, owner, reason } of written) insertDeparture(db, { clientId, seq, rowId: id, userId: owner, reason })
}

export function writeConflicts(db: OrmConnection, clientId: ClientId, written: Changes['conflicts']): void {
  for (const conflict of written) insertConflict(db, { ...conflict, clientId })
}
