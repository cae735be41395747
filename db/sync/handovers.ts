import { scopeOf } from '../../core/sync/scope.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { getPrincipal } from '../queries/users.ts'
import { rows, run } from '../statements.ts'
import { currentWrite } from '../write-transaction.ts'
import { getConnection, oweScrub } from './connection.ts'
import { forgetCalls } from './forget-calls.ts'

/*
 * Changes of a call's owner that the server made (S14, S15). This device gets no line of them. If a call leaves a person and comes back
 * between two contacts, this device does not even get a removal, but the values from before are no longer the person's.
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
}

type Held = { readonly id: string; readonly owner: string | null; readonly ownerVersion: number | null }

/**
 * Call it before the rows are written. In a file that holds one person's calls only, it forgets what the calls had before they changed hands.
 * In other files, it stores the last line that belongs to a former owner.
 */
export function noteHandovers(db: WritableDb, arriving: readonly Arriving[]): void {
  if (arriving.length === 0) return
  const ids = handedOver(db, arriving)
  if (ids.length === 0) return
  if (!holdsOwnCallsOnly(db)) return saveHandovers(db, ids)
  forgetCalls(db, ids)
  oweScrub(db, true)
}

function handedOver(db: WritableDb, arriving: readonly Arriving[]): string[] {
  const list = JSON.stringify(arriving.map(({ id }) => id))
  const held = new Map(heldCalls(db, list).map((each) => [each.id, each]))
  const remaining = idsWithRemains(db, list)
  const returned = arriving.filter(({ id, ownerVersion }) => ownerVersion > (held.get(id)?.ownerVersion ?? ownerVersion))
  const own = ownVersions(
    db,
    returned.map(({ id }) => id),
  )
  const isReturned = new Set(returned.filter(({ id, ownerVersion }) => !own.has(`${id} ${ownerVersion}`)).map(({ id }) => id))
  return arriving
    .filter(({ id, owner, isDeleted }) => {
      const before = held.get(id)?.owner ?? null
      if (isReturned.has(id) && (before !== null || isDeleted)) return true
      // Also a call that is not here: it was restored, or an answer removed it.
      return !isDeleted && before !== owner && (before !== null || remaining.has(id))
    })
    .map(({ id }) => id)
}

/** Returns for each call that is here, or has a version here, its owner and the version of that field. */
function heldCalls(db: WritableDb, ids: string): Held[] {
  return rows<Held>(
    db,
    `SELECT wanted.value AS id, c.user_id AS owner, coalesce(v.fields ->> '$.user_id', v.base) AS ownerVersion
     FROM json_each(?) AS wanted
     LEFT JOIN calls AS c ON c.id = wanted.value
     LEFT JOIN sync_rows AS v ON v.client_id = ? AND v.table_name = 'calls' AND v.row_id = wanted.value
     WHERE c.id IS NOT NULL OR v.row_id IS NOT NULL`,
    ids,
    currentWrite(db).clientId,
  )
}

/** Returns the calls of which this device has lines of the audit trail or a draft. */
function idsWithRemains(db: ReadableDb, ids: string): Set<string> {
  const found = rows<{ id: string }>(
    db,
    `SELECT value AS id FROM json_each(?) WHERE EXISTS (
       SELECT 1 FROM audit_logs AS a INDEXED BY audit_logs_by_record WHERE a.record_id = value AND a.table_name = 'calls')
     UNION SELECT substr(form, 6) FROM local_drafts WHERE form LIKE 'call:%'`,
    ids,
  )
  return new Set(found.map(({ id }) => id))
}

/** Returns the places in the server's order of this device's own operations on the calls, each after the call's id. */
function ownVersions(db: ReadableDb, ids: readonly string[]): Set<string> {
  if (ids.length === 0) return new Set()
  const found = rows<{ place: string }>(
    db,
    `SELECT row_id || ' ' || server_seq AS place FROM sync_outbox
     WHERE table_name = 'calls' AND server_seq IS NOT NULL AND row_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  )
  return new Set(found.map(({ place }) => place))
}

function holdsOwnCallsOnly(db: ReadableDb): boolean {
  const { userId } = getConnection(db)
  const role = userId === null ? undefined : getPrincipal(db, userId)?.role
  return role !== undefined && scopeOf(role).calls === 'own'
}

/** Only of calls with lines or a draft, because nothing else here depends on former owners. */
function saveHandovers(db: WritableDb, ids: readonly string[]): void {
  const list = JSON.stringify(ids)
  const remaining = idsWithRemains(db, list)
  run(
    db,
    `INSERT INTO local_handovers (call_id, client_id, last_line)
     SELECT value, ?, (SELECT coalesce(max(rowid), 0) FROM audit_logs) FROM json_each(?) WHERE true
     ON CONFLICT (call_id) DO UPDATE SET last_line = excluded.last_line`,
    currentWrite(db).clientId,
    JSON.stringify(ids.filter((id) => remaining.has(id))),
  )
}
