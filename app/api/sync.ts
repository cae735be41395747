import type { z } from 'zod'
import type { contract } from '../../core/contract/contract.ts'
import type { SyncStatus } from '../../core/contract/sync.ts'
import { AppError } from '../../core/errors.ts'
import type { ChangeHub } from '../change-hub.ts'
import { SYNC_TOPIC } from '../operations/sync.ts'
import type { Sessions, Signed } from '../sessions.ts'
import type { DeviceSync } from '../sync/device-sync.ts'

type JoinInput = z.output<NonNullable<(typeof contract.sync.join)['~orpc']['inputSchema']>>
type PublishInput = z.output<NonNullable<(typeof contract.sync.publish)['~orpc']['inputSchema']>>

/** @throws AppError UNREACHABLE where this process does not sync. */
export function requireSync<R>(sync: R | undefined): R {
  if (sync !== undefined) return sync
  throw new AppError('UNREACHABLE', 'This program cannot connect to a server. Nothing was changed.')
}

export function statusOf(sync: DeviceSync | undefined, signed: Signed): Promise<SyncStatus> {
  return sync === undefined ? signed.workspace.run('sync.status', signed.userId, null) : sync.status(signed)
}

/** The status now and whenever it is another one, for as long as the reader stays. */
export async function* followStatus(
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

/** Joins, then signs the person in, because the server has just checked the password. A reader who left keeps their own session. */
export async function* joinAndSignIn(
  sync: Pick<DeviceSync, 'join'> | undefined,
  sessions: Pick<Sessions, 'requireReplaceable' | 'replace'>,
  connection: string,
  input: JoinInput,
  signal: AbortSignal | undefined,
) {
  sessions.requireReplaceable(connection)
  const { clientId, userId } = yield* requireSync(sync).join(input)
  if (signal?.aborted === true) return
  yield { kind: 'ready' as const, session: await sessions.replace(connection, clientId, userId) }
}

export async function* publishFrom(sync: DeviceSync | undefined, signed: Signed, input: PublishInput) {
  yield* requireSync(sync).publish(signed, input)
  yield { kind: 'published' as const }
}
