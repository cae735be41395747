import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { SyncStatus } from '../../core/contract/sync.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ChangeHub } from '../events/change-hub.ts'
import { SYNC_TOPIC } from '../operations/topics.ts'
import type { Sessions, Signed } from '../session/sessions.ts'
import type { DeviceSync } from '../sync/device-sync.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'

/** @throws AppError UNREACHABLE if this process does not sync. */
function requireSync<R>(sync: R | undefined): R {
  if (sync !== undefined) return sync
  throw new AppError('UNREACHABLE', sentence('server.none'))
}

function statusOf(sync: DeviceSync | undefined, signed: Signed): Promise<SyncStatus> {
  return sync === undefined ? signed.workspace.run('sync.statusLocal', signed.userId, null) : sync.status(signed)
}

/** Yields the status, and again after each change of it, until the reader disconnects. */
async function* followStatus(
  sync: DeviceSync | undefined,
  hub: ChangeHub,
  connection: string,
  signed: () => Signed,
  signal: AbortSignal | undefined,
): AsyncGenerator<SyncStatus> {
  let last = ''
  for await (const event of hub.subscribe(connection, signal)) {
    if (
      event.kind === 'changed' &&
      event.tables.length > 0 &&
      !event.tables.includes(SYNC_TOPIC) &&
      !event.tables.includes('audit_logs')
    )
      continue
    const status = await statusOf(sync, signed())
    const text = JSON.stringify(status)
    if (text === last) continue
    last = text
    yield status
  }
}

/**
 * Joins, then signs the person in, because the server has just checked the password. If the reader disconnects during the join, the
 * session of the connection stays.
 */
export async function* joinAndSignIn(
  sync: Pick<DeviceSync, 'join'> | undefined,
  sessions: Pick<Sessions, 'requireReplaceable' | 'replace'>,
  connection: string,
  input: ProcedureInput<'sync.join'>,
  signal: AbortSignal | undefined,
) {
  sessions.requireReplaceable(connection)
  const { clientId, userId } = yield* requireSync(sync).join(input)
  if (signal?.aborted === true) return
  yield { kind: 'ready' as const, session: await sessions.replace(connection, clientId, userId) }
}

async function* publishFrom(sync: DeviceSync | undefined, signed: Signed, input: ProcedureInput<'sync.publish'>) {
  yield* requireSync(sync).publish(signed, input)
  yield { kind: 'published' as const }
}

export function syncHandlers({ sessions, hub, sync }: HandlerServices): HandlersOf<'sync'> {
  const require = (connection: string) => sessions.require(connection)
  return {
    'sync.status': ({ context }) => statusOf(sync, require(context.connection)),
    'sync.follow': ({ context: { connection }, signal }) =>
      followStatus(sync, hub, connection, () => require(connection), signal),
    'sync.join': ({ context, input, signal }) => joinAndSignIn(sync, sessions, context.connection, input, signal),
    'sync.publish': ({ context, input }) => publishFrom(sync, require(context.connection), input),
    'sync.now': async ({ context }) => {
      const signed = require(context.connection)
      await requireSync(sync).settle(signed)
      return statusOf(sync, signed)
    },
    'sync.signInAgain': async ({ context, input }) => {
      const signed = require(context.connection)
      sessions.touch(context.connection)
      await requireSync(sync).signInAgain(signed, input)
      return statusOf(sync, signed)
    },
    'sync.moveServer': async ({ context, input }) => {
      const signed = require(context.connection)
      sessions.touch(context.connection)
      await requireSync(sync).moveServer(signed, input.serverUrl)
      return statusOf(sync, signed)
    },
    'sync.nudge': ({ context }) => {
      require(context.connection)
      sync?.nudge()
      return {}
    },
  }
}
