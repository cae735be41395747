import type { z } from 'zod'
import type { contract } from '../../core/contract/contract.ts'
import type { ReplicationStatus } from '../../core/contract/replication.ts'
import { AppError } from '../../core/errors.ts'
import type { ChangeHub } from '../change-hub.ts'
import { REPLICATION_NEWS } from '../operations/replication.ts'
import type { Sessions, Signed } from '../sessions.ts'
import type { Replication } from '../sync/replication.ts'

type JoinInput = z.output<NonNullable<(typeof contract.replication.join)['~orpc']['inputSchema']>>
type PublishInput = z.output<NonNullable<(typeof contract.replication.publish)['~orpc']['inputSchema']>>

/** @throws AppError UNREACHABLE where this process replicates nothing. */
export function requireReplication<R>(replication: R | undefined): R {
  if (replication !== undefined) return replication
  throw new AppError('UNREACHABLE', 'This program cannot connect to a server. Nothing was changed.')
}

export function statusOf(replication: Replication | undefined, signed: Signed): Promise<ReplicationStatus> {
  return replication === undefined ? signed.workspace.run('replication.status', signed.userId, null) : replication.status(signed)
}

/** The status now and whenever it is another one, for as long as the reader stays. */
export async function* followStatus(
  replication: Replication | undefined,
  hub: ChangeHub,
  connection: string,
  signed: () => Signed,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReplicationStatus> {
  let last = ''
  for await (const event of hub.subscribe(connection, signal)) {
    if (
      event.kind === 'changed' &&
      event.tables.length > 0 &&
      !event.tables.includes(REPLICATION_NEWS) &&
      !event.tables.includes('audit_logs')
    )
      continue
    const status = await statusOf(replication, signed())
    const text = JSON.stringify(status)
    if (text === last) continue
    last = text
    yield status
  }
}

/** Joins, then signs the person in, because the server has just checked the password. A reader who left keeps their own session. */
export async function* joinAndSignIn(
  replication: Pick<Replication, 'join'> | undefined,
  sessions: Pick<Sessions, 'requireReplaceable' | 'replace'>,
  connection: string,
  input: JoinInput,
  signal: AbortSignal | undefined,
) {
  sessions.requireReplaceable(connection)
  const { clientId, userId } = yield* requireReplication(replication).join(input)
  if (signal?.aborted === true) return
  yield { kind: 'ready' as const, session: await sessions.replace(connection, clientId, userId) }
}

export async function* publishFrom(replication: Replication | undefined, signed: Signed, input: PublishInput) {
  yield* requireReplication(replication).publish(signed, input)
  yield { kind: 'published' as const }
}
