import type { DeviceId } from '../../core/id.ts'
import { isOfflineProblem, type Direction } from '../../core/sync/problems.ts'
import {
  acquireEngineLease,
  connect,
  getDeviceState,
  moveServer,
  noteContact,
  releaseEngine,
  renewDeviceId,
  setProblem,
  type WatchedHeartbeat,
} from '../../db/sync/device-state.ts'
import { markActive } from '../../db/sync/mark-active.ts'
import { forgetTeam } from '../../db/team-cells.ts'
import { countPending } from '../../db/sync/outbox.ts'
import { command, query } from '../declaration/operation.ts'
import { SYNC_TOPIC, SYNCED_TOPICS } from './topics.ts'

/** After this time without a heartbeat another process may run the engine, ms. */
const ENGINE_STALE_MS = 30_000

/**
 * The device's connection: its lease, its problems, its token. The operations check no role, because the server decides by the device's token what
 * it accepts and sends. `app/sync/` runs them; `app/api/audit.ts` reads `engine.deviceState`. The address of a moved server is checked before
 * (`requireSameServer`).
 */
export const engineStateOperations = {
  'engine.deviceState': query({ access: 'internal', thread: 'list', run: ({ db }) => getDeviceState(db) }),
  'engine.pending': query({ access: 'internal', thread: 'list', run: ({ db, actor }) => countPending(db, actor.userId) }),
  /** @param dead a process that has ended. */
  'engine.acquireLease': command({
    access: 'internal',
    changes: [],
    source: 'server',
    run: ({ db, now }, { owner, dead, watched }: { owner: string; dead: string | null; watched: WatchedHeartbeat | null }) =>
      acquireEngineLease(db, owner, now, ENGINE_STALE_MS, (other) => other === dead, watched),
  }),
  'engine.release': command({
    access: 'internal',
    changes: [],
    source: 'server',
    run: ({ db }, input: { owner: string }) => {
      releaseEngine(db, input.owner)
      return null
    },
  }),
  'engine.problem': command({
    access: 'internal',
    changes: [SYNC_TOPIC],
    source: 'server',
    run: ({ db }, { of, code }: { of: Direction | null; code: string | null }) => {
      setProblem(db, of, code)
      return null
    },
  }),
  /** Stores that the server is not reached. Earlier refusals stay: only an answer of the server clears them. */
  'engine.away': command({
    access: 'internal',
    changes: [SYNC_TOPIC],
    source: 'server',
    run: ({ db }, { problem }: { problem: 'NOT_THE_SERVER' | null }) => {
      const known = getDeviceState(db).problem
      if (known === null || isOfflineProblem(known)) setProblem(db, null, problem)
      return null
    },
  }),
  /** The server refuses the token. A deactivated person loses access to the workspace on this device; their outbox is kept (S17). The totals of the
   * team are deleted. */
  'engine.lost': command({
    access: 'internal',
    changes: SYNCED_TOPICS,
    source: 'server',
    run: ({ db, actor }, { code }: { code: string }) => {
      setProblem(db, null, code)
      if (code === 'USER_DEACTIVATED') markActive(db, actor.userId, false)
      if (code !== 'UNAUTHENTICATED') forgetTeam(db)
      return null
    },
  }),
  /** Ends the problems that a sign-in at the server solves, and stores a new device id if the file was a copy. */
  'engine.renewed': command({
    access: 'internal',
    changes: SYNCED_TOPICS,
    source: 'server',
    run: ({ db, actor }, { deviceId }: { deviceId: DeviceId }) => {
      if (getDeviceState(db).deviceId !== deviceId) {
        renewDeviceId(db, deviceId)
        setProblem(db, 'push', null)
      }
      setProblem(db, null, null)
      markActive(db, actor.userId, true)
      return null
    },
  }),
  'engine.moveServer': command({
    access: 'internal',
    changes: [SYNC_TOPIC],
    source: 'server',
    run: ({ db, now }, { serverUrl }: { serverUrl: string }) => {
      moveServer(db, serverUrl)
      noteContact(db, now)
      return null
    },
  }),
  'engine.connect': command({
    access: 'internal',
    changes: [SYNC_TOPIC],
    source: 'server',
    run: ({ db, actor, now }, input: { serverUrl: string; epoch: string }) => {
      connect(db, { ...input, userId: actor.userId })
      noteContact(db, now)
      return null
    },
  }),
}
