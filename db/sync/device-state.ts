import { must } from '../../core/assert.ts'
import type { DeviceId, UserId } from '../../core/id.ts'
import type { Direction } from '../../core/sync/problems.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { row, run } from '../statements.ts'

/** This device's state of sync in the file. */
export type DeviceState = {
  readonly deviceId: DeviceId
  /** null: this workspace is not connected to a server. */
  readonly serverUrl: string | null
  /** The person whose token the device uses. */
  readonly userId: UserId | null
  readonly epoch: string | null
  /** null: nothing was pulled yet. */
  readonly cursor: string | null
  /** Whether the rows are a state that the server once had. */
  readonly isWhole: boolean
  readonly isScrubPending: boolean
  /** When the server last answered, ms; null: never. */
  readonly lastContactAt: number | null
  /** The problems (codes of `PROBLEMS`): of both directions, of sending, of fetching. */
  readonly problem: string | null
  readonly pushProblem: string | null
  readonly pullProblem: string | null
  readonly engineOwner: string | null
  readonly engineHeartbeatAt: number | null
}

export function getDeviceState(db: ReadableDb): DeviceState {
  const found = row<Omit<DeviceState, 'isWhole' | 'isScrubPending'> & { isWhole: 0 | 1; isScrubPending: 0 | 1 }>(
    db,
    `SELECT device_id AS deviceId, server_url AS serverUrl, user_id AS userId, epoch, cursor, is_whole AS isWhole,
       scrub_pending AS isScrubPending,
       last_contact_at AS lastContactAt, problem,
       (SELECT code FROM sync_refusals WHERE direction = 'push') AS pushProblem,
       (SELECT code FROM sync_refusals WHERE direction = 'pull') AS pullProblem, engine_owner AS engineOwner, engine_heartbeat_at AS engineHeartbeatAt
     FROM sync_device WHERE singleton = 1`,
  )
  const { isWhole, isScrubPending, ...rest } = must(found, 'A workspace has its device')
  return { ...rest, isWhole: isWhole === 1, isScrubPending: isScrubPending === 1 }
}

/** Connects the file to a server as the person of the token. Earlier problems belong to another connection and are cleared. */
export function connect(
  db: WritableDb,
  to: { readonly serverUrl: string; readonly userId: UserId; readonly epoch: string },
): void {
  run(
    db,
    'UPDATE sync_device SET server_url = ?, user_id = ?, epoch = ?, problem = NULL WHERE singleton = 1',
    to.serverUrl,
    to.userId,
    to.epoch,
  )
  run(db, 'DELETE FROM sync_refusals')
}

/** Stores another address of the same server. */
export function moveServer(db: WritableDb, serverUrl: string): void {
  run(db, 'UPDATE sync_device SET server_url = ? WHERE singleton = 1', serverUrl)
}

/**
 * Gives this copy of the file a new device id (S6). Waiting operations keep their ids and numbers: by their ids the server recognises those
 * that it already has under the former device id.
 */
export function renewDeviceId(db: WritableDb, deviceId: DeviceId): void {
  run(db, 'UPDATE sync_device SET device_id = ? WHERE singleton = 1', deviceId)
}

/** Call it in the transaction that writes what the cursor covers (S5). */
export function setCursor(db: WritableDb, cursor: string, isWhole: boolean): void {
  run(db, 'UPDATE sync_device SET cursor = ?, is_whole = ? WHERE singleton = 1', cursor, isWhole ? 1 : 0)
}

/**
 * Records whether the remains of removed rows must still be overwritten on the disk (S15). Call it in the transaction of the removal, so
 * that the mark survives a crash.
 */
export function markScrubPending(db: WritableDb, isPending: boolean): void {
  run(db, 'UPDATE sync_device SET scrub_pending = ? WHERE singleton = 1', isPending ? 1 : 0)
}

/** @param of null: both directions. @param code null: clears the problem. */
export function setProblem(db: WritableDb, of: Direction | null, code: string | null): void {
  if (of === null) run(db, 'UPDATE sync_device SET problem = ? WHERE singleton = 1 AND problem IS NOT ?', code, code)
  else if (code === null) run(db, 'DELETE FROM sync_refusals WHERE direction = ?', of)
  else
    run(
      db,
      'INSERT INTO sync_refusals (direction, code) VALUES (?, ?) ON CONFLICT (direction) DO UPDATE SET code = excluded.code',
      of,
      code,
    )
}

/**
 * Records that the server answered and `of` succeeded. Call it in the transaction that writes the result, so that no reader sees an empty
 * outbox together with its problem. The other direction's problem stays.
 */
export function noteSuccess(db: WritableDb, of: Direction, at: number): void {
  setProblem(db, of, null)
  setProblem(db, null, null)
  noteContact(db, at)
}

/** A heartbeat of another process that has not changed for `ms` milliseconds, measured by a clock that no one can set. */
export type WatchedHeartbeat = { readonly owner: string; readonly at: number | null; readonly ms: number }

/**
 * Makes `owner` the one process whose engine runs, or renews its lease. Returns false if another process has the lease and is alive.
 * @param isDead owners whose process has ended, regardless of their last heartbeat.
 * @param watched the heartbeat that the caller saw before; left out or null: it has seen none.
 */
export function acquireEngineLease(
  db: WritableDb,
  owner: string,
  now: number,
  staleMs: number,
  isDead: (owner: string) => boolean,
  watched?: WatchedHeartbeat | null,
): boolean {
  const { engineOwner, engineHeartbeatAt } = getDeviceState(db)
  const isWatched = watched !== undefined && watched !== null
  // A process that has watched the owner needs no wall clock: the heartbeat has changed or not. At the first look only the wall clock is
  // known, and a heartbeat in the future is stale, because the clock was set back after it.
  const isSilent = isWatched
    ? watched.owner === engineOwner && watched.at === engineHeartbeatAt && watched.ms > staleMs
    : Math.abs(now - (engineHeartbeatAt ?? 0)) > staleMs
  const free = engineOwner === null || engineOwner === owner || isSilent || isDead(engineOwner)
  if (!free) return false
  run(db, 'UPDATE sync_device SET engine_owner = ?, engine_heartbeat_at = ? WHERE singleton = 1', owner, now)
  return true
}

export function releaseEngine(db: WritableDb, owner: string): void {
  run(
    db,
    'UPDATE sync_device SET engine_owner = NULL, engine_heartbeat_at = NULL WHERE singleton = 1 AND engine_owner = ?',
    owner,
  )
}

export function noteContact(db: WritableDb, at: number): void {
  run(db, 'UPDATE sync_device SET last_contact_at = ? WHERE singleton = 1', at)
}
