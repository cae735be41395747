import { and, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { ClientId } from '../../core/id.ts'
import { scopeOf } from '../../core/sync/scope.ts'
import { isAmong } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { query, statement, upsert, type Named } from '../prepared.ts'
import { getPrincipal } from '../queries/users.ts'
import { localLeftCalls } from '../local-schema.ts'
import { syncOutbox, syncRows } from '../sync-schema.ts'
import { rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { getDeviceState, markScrubPending } from './device-state.ts'
import { DRAFTED_CALL, forgetCalls } from './forget-calls.ts'

/*
 * Changes of a call's owner that the server made (S14, S15). This device gets no line of the audit trail about them. If a call leaves a person
 * and comes back between two contacts, this device does not get a removal either. The person may still not see the values from before.
 */

/** A call that the server sends. */
export type Arriving = {
  readonly id: string
  /** The owner after the row is written. */
  readonly owner: unknown
  /** The version of the owner in the server's row. */
  readonly ownerVersion: number
  /** Whether a pending operation of this device deletes the call, so that the row is not written. */
  readonly isDeleted: boolean
  /** Whether a pending operation sets the owner: `sync_rows` then keeps the version before the server's. */
  readonly hidesOwner: boolean
}

const saveLeftCall = upsert(localLeftCalls, [localLeftCalls.callId])

/** Version 0 means that this device never had the server's version. */
const keepOwnerVersion = statement((orm, { clientId, id }: Named<{ clientId: ClientId; id: string }>) => {
  const ownerVersion = sql<number>`coalesce(${syncRows.fields} ->> '$.user_id', ${syncRows.base})`
  const isCall = and(eq(syncRows.clientId, clientId), eq(syncRows.tableName, 'calls'), eq(syncRows.rowId, id))
  return orm
    .insert(localLeftCalls)
    .select(
      orm
        .select({ callId: syncRows.rowId, clientId: syncRows.clientId, ownerVersion: ownerVersion.as('owner_version') })
        .from(syncRows)
        .where(and(isCall, gt(ownerVersion, 0))),
    )
    .onConflictDoUpdate({
      target: localLeftCalls.callId,
      set: { ownerVersion: sql`max(${localLeftCalls.ownerVersion}, excluded.owner_version)` },
    })
})

const removeLeftCalls = statement((orm, { ids }: Named<{ ids: string }>) =>
  orm.delete(localLeftCalls).where(isAmong(localLeftCalls.callId, ids)),
)

const answeredOnCalls = query((orm, { ids }: Named<{ ids: string }>) =>
  orm
    .select({ id: syncOutbox.rowId, seq: syncOutbox.serverSeq })
    .from(syncOutbox)
    .where(and(eq(syncOutbox.tableName, 'calls'), isNotNull(syncOutbox.serverSeq), isAmong(syncOutbox.rowId, ids))),
)

type Held = { readonly id: string; readonly owner: string | null; readonly ownerVersion: number | null }

/**
 * Call it before the rows are written. In a file that holds only one person's calls, it deletes what the calls had before they changed hands.
 * For other calls with a new owner and for restored calls, it stores the last local line from before.
 */
export function noteHandovers(db: WritableDb, arriving: readonly Arriving[]): void {
  if (arriving.length === 0) return
  const list = JSON.stringify(arriving.map(({ id }) => id))
  const held = new Map(heldCalls(db, list).map((each) => [each.id, each]))
  const returned = new Set(changedHands(db, arriving, held))
  const moved = arriving.filter(({ id, owner, isDeleted }) => !isDeleted && (held.get(id)?.owner ?? null) !== owner)
  const isOwnOnly = returned.size > 0 && holdsOwnCallsOnly(db)
  if (isOwnOnly) {
    forgetCalls(db, [...returned])
    markScrubPending(db, true)
  }
  saveHandovers(db, [...moved.map(({ id }) => id), ...returned])
  saveHiddenVersions(db, arriving, held)
}

/**
 * Stores the versions of owners that `sync_rows` does not get. Those of all other calls that are written are in `sync_rows`. The version of
 * a call that this device made and of which it has no answer is not stored: only the answer shows whether the version is its own.
 */
function saveHiddenVersions(db: WritableDb, arriving: readonly Arriving[], held: ReadonlyMap<string, Held>): void {
  const stored = arriving.filter(({ isDeleted, hidesOwner }) => !isDeleted && !hidesOwner).map(({ id }) => id)
  removeLeftCalls(db, { ids: JSON.stringify(stored) })
  const { clientId } = currentWrite(db)
  for (const { id, ownerVersion, hidesOwner } of arriving)
    if (hidesOwner && (held.get(id)?.ownerVersion ?? null) !== null) saveLeftCall(db, { callId: id, clientId, ownerVersion })
}

/**
 * Returns the calls whose owner the server has written since this device had them. The owner may be the same again: the call went away and
 * came back. A change by this device itself does not count, because the trail has a line of it.
 */
function changedHands(db: ReadableDb, arriving: readonly Arriving[], held: ReadonlyMap<string, Held>): string[] {
  const newer = arriving.filter(({ id, ownerVersion }) => ownerVersion > (held.get(id)?.ownerVersion ?? ownerVersion))
  const own = ownVersions(
    db,
    newer.map(({ id }) => id),
  )
  return newer.filter(({ id, ownerVersion }) => !own.has(`${id} ${ownerVersion}`)).map(({ id }) => id)
}

/** SQL text, because it joins tables to a JSON array. */
const HELD_CALLS = `SELECT wanted.value AS id, c.user_id AS owner,
    nullif(max(coalesce(v.fields ->> '$.user_id', v.base, 0), coalesce(l.owner_version, 0)), 0) AS ownerVersion
  FROM json_each(:ids) AS wanted
  LEFT JOIN calls AS c ON c.id = wanted.value
  LEFT JOIN sync_rows AS v ON v.client_id = :clientId AND v.table_name = 'calls' AND v.row_id = wanted.value
  LEFT JOIN local_left_calls AS l ON l.call_id = wanted.value
  WHERE c.id IS NOT NULL OR v.row_id IS NOT NULL OR l.call_id IS NOT NULL`

/** Returns the owner of each call that is here, and the last version of the owner of each call that is or was here. */
function heldCalls(db: WritableDb, ids: string): Held[] {
  return rows<Held>(db, HELD_CALLS, { ids, clientId: currentWrite(db).clientId })
}

/** Stores the version of the owner of a call that is removed from this device. */
export function saveOwnerVersion(db: WritableDb, id: string): void {
  keepOwnerVersion(db, { clientId: currentWrite(db).clientId, id })
}

/** SQL text, because it selects from a JSON array. */
const WITH_REMAINS = `SELECT value AS id FROM json_each(:ids) WHERE EXISTS (
    SELECT 1 FROM audit_logs AS a INDEXED BY audit_logs_by_record WHERE a.record_id = value AND a.table_name = 'calls')
  UNION SELECT ${DRAFTED_CALL} FROM local_drafts WHERE form LIKE 'call:%'`

/** Returns the calls of which this device has lines of the audit trail or a draft. */
function idsWithRemains(db: ReadableDb, ids: string): Set<string> {
  return new Set(rows<{ id: string }>(db, WITH_REMAINS, { ids }).map(({ id }) => id))
}

/** Returns this device's answered operations on the calls, each as the call's id and the operation's place in the server's order. */
function ownVersions(db: ReadableDb, ids: readonly string[]): Set<string> {
  if (ids.length === 0) return new Set()
  return new Set(answeredOnCalls.all(db, { ids: JSON.stringify(ids) }).map(({ id, seq }) => `${id} ${seq}`))
}

function holdsOwnCallsOnly(db: ReadableDb): boolean {
  const { userId } = getDeviceState(db)
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'own'
}

/** SQL text, because it inserts rows from a JSON array. */
const SAVE_HANDOVERS = `INSERT INTO local_handovers (call_id, client_id, last_line)
  SELECT value, :clientId, (SELECT coalesce(max(rowid), 0) FROM audit_logs) FROM json_each(:ids) WHERE true
  ON CONFLICT (call_id) DO UPDATE SET last_line = excluded.last_line`

/** Stores the last local line from before the handover. Only calls with lines or a draft need it. */
function saveHandovers(db: WritableDb, ids: readonly string[]): void {
  if (ids.length === 0) return
  const remaining = idsWithRemains(db, JSON.stringify(ids))
  const kept = JSON.stringify(ids.filter((id) => remaining.has(id)))
  run(db, SAVE_HANDOVERS, { clientId: currentWrite(db).clientId, ids: kept })
}
