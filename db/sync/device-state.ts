import { and, eq, sql, type SQL } from 'drizzle-orm'
import { must } from '../../core/assert.ts'
import type { DeviceId, UserId } from '../../core/id.ts'
import type { Direction } from '../../core/sync/problems.ts'
import { updateOf } from '../../platform/sqlite/prepared.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { query, statement, upsert, type Named } from '../prepared.ts'
import { isThisDevice, syncDevice, syncRefusals } from '../sync-schema.ts'

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

/** The problem of one direction. */
const problemOf = (direction: Direction): SQL<string | null> =>
  sql`(SELECT ${syncRefusals.code} FROM ${syncRefusals} WHERE ${syncRefusals.direction} = ${direction})`

const deviceState = query((orm) =>
  orm
    .select({
      deviceId: syncDevice.deviceId,
      serverUrl: syncDevice.serverUrl,
      userId: syncDevice.userId,
      epoch: syncDevice.epoch,
      cursor: syncDevice.cursor,
      isWhole: syncDevice.isWhole,
      isScrubPending: syncDevice.isScrubPending,
      lastContactAt: syncDevice.lastContactAt,
      problem: syncDevice.problem,
      pushProblem: problemOf('push'),
      pullProblem: problemOf('pull'),
      engineOwner: syncDevice.engineOwner,
      engineHeartbeatAt: syncDevice.engineHeartbeatAt,
    })
    .from(syncDevice)
    .where(isThisDevice),
)

type Device = typeof syncDevice.$inferSelect

/** Defines a write of columns of this device's row. */
function setColumns<Name extends keyof Device>(...names: Name[]) {
  return statement((orm, device: Named<Pick<Device, Name>>) =>
    orm
      .update(syncDevice)
      .set(Object.fromEntries(names.map((name) => [name, device[name]])))
      .where(isThisDevice),
  )
}

const setServer = setColumns('serverUrl', 'userId', 'epoch', 'problem')
const setServerUrl = setColumns('serverUrl')
const setDeviceId = setColumns('deviceId')
const setCursorColumns = setColumns('cursor', 'isWhole')
const setScrubPending = setColumns('isScrubPending')
const setEngine = setColumns('engineOwner', 'engineHeartbeatAt')
const setLastContact = setColumns('lastContactAt')

const setCommonProblem = statement((orm, { code }: Named<{ code: string | null }>) =>
  updateOf(orm, syncDevice, { problem: code }).where(and(isThisDevice, sql`${syncDevice.problem} IS NOT ${code}`)),
)

const saveRefusal = upsert(syncRefusals, [syncRefusals.direction])

const removeRefusal = statement((orm, { direction }: Named<{ direction: Direction }>) =>
  orm.delete(syncRefusals).where(eq(syncRefusals.direction, direction)),
)

const removeRefusals = statement((orm) => orm.delete(syncRefusals))

const removeEngine = statement((orm, { owner }: Named<{ owner: string }>) =>
  updateOf(orm, syncDevice, { engineOwner: null, engineHeartbeatAt: null }).where(
    and(isThisDevice, eq(syncDevice.engineOwner, owner)),
  ),
)

export function getDeviceState(db: ReadableDb): DeviceState {
  return must(deviceState.get(db), 'A workspace has its device')
}

/** Connects the file to a server as the person of the token. Earlier problems belong to another connection and are cleared. */
export function connect(
  db: WritableDb,
  to: { readonly serverUrl: string; readonly userId: UserId; readonly epoch: string },
): void {
  setServer(db, { ...to, problem: null })
  removeRefusals(db)
}

/** Stores another address of the same server. */
export function moveServer(db: WritableDb, serverUrl: string): void {
  setServerUrl(db, { serverUrl })
}

/**
 * Gives this copy of the file a new device id (S6). Waiting operations keep their ids and numbers: by their ids the server recognises those
 * that it already has under the former device id.
 */
export function renewDeviceId(db: WritableDb, deviceId: DeviceId): void {
  setDeviceId(db, { deviceId })
}

/** Call it in the transaction that writes what the cursor covers (S5). */
export function setCursor(db: WritableDb, cursor: string, isWhole: boolean): void {
  setCursorColumns(db, { cursor, isWhole })
}

/**
 * Records whether the remains of removed rows must still be overwritten on the disk (S15). Call it in the transaction of the removal, so
 * that the mark survives a crash.
 */
export function markScrubPending(db: WritableDb, isScrubPending: boolean): void {
  setScrubPending(db, { isScrubPending })
}

/** @param of null: both directions. @param code null: clears the problem. */
export function setProblem(db: WritableDb, of: Direction | null, code: string | null): void {
  if (of === null) setCommonProblem(db, { code })
  else if (code === null) removeRefusal(db, { direction: of })
  else saveRefusal(db, { direction: of, code })
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
  setEngine(db, { engineOwner: owner, engineHeartbeatAt: now })
  return true
}

export function releaseEngine(db: WritableDb, owner: string): void {
  removeEngine(db, { owner })
}

export function noteContact(db: WritableDb, at: number): void {
  setLastContact(db, { lastContactAt: at })
}
