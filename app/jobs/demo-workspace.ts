import type { SignedIn } from '../../core/contract/session.ts'
import { AppError, withKept } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ClientId, UserId } from '../../core/id.ts'
import type { Passwords } from '../../platform/passwords/passwords.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { Workspaces } from '../workspace/workspaces.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../../core/demo-account.ts'
import { generateDemo } from '../demo/demo-data.ts'
import { DEMO_CHUNK_CALLS } from '../demo/write-demo.ts'

type DemoEvent = { kind: 'progress'; done: number; total: number } | { kind: 'ready'; session: SignedIn }

type DemoServices = {
  readonly workspaces: Pick<Workspaces, 'create'> & { readonly get: (clientId: ClientId) => Pick<Workspace, 'run'> }
  readonly passwords: Pick<Passwords, 'hash'>
  readonly sessions: Pick<Sessions, 'requireReplaceable' | 'replace'>
  readonly clock: () => number
}

const DEMO_SEED = 2026

/**
 * Creates the demo client and signs its admin in. If the reader disconnects early, they keep their session, and the client has the calls
 * that were written until then. They can sign in to it with the demo password.
 */
export async function* createDemo(
  { workspaces, passwords, sessions, clock }: DemoServices,
  connection: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<DemoEvent> {
  sessions.requireReplaceable(connection)
  const passwordHash = await passwords.hash(DEMO_PASSWORD)
  const { clientId, userId } = await workspaces.create({ ...DEMO_CLIENT, passwordHash })
  const workspace = workspaces.get(clientId)
  let written = 0
  try {
    yield* fill(workspace, userId, passwordHash, clock(), signal, (calls) => (written += calls))
  } catch (error) {
    throw partial(error, written)
  }
  if (signal?.aborted === true) return
  yield { kind: 'ready', session: await sessions.replace(connection, clientId, userId) }
}

/** Adds to an error that the demo client exists, and the number of its calls. */
function partial(error: unknown, written: number): unknown {
  if (!(error instanceof AppError)) return error
  return withKept(error, sentence('demo.partial', { written, email: DEMO_CLIENT.adminEmail }))
}

async function* fill(
  workspace: Pick<Workspace, 'run'>,
  userId: UserId,
  passwordHash: string,
  now: number,
  signal: AbortSignal | undefined,
  onWritten: (calls: number) => void,
): AsyncGenerator<Extract<DemoEvent, { kind: 'progress' }>> {
  const { users, lossReasons, calls } = generateDemo({ seed: DEMO_SEED, now, timeZone: DEMO_CLIENT.timeZone })
  await workspace.run('demo.people', userId, { users, lossReasons, passwordHash })
  for (let done = 0; done < calls.length && signal?.aborted !== true; done += DEMO_CHUNK_CALLS) {
    yield { kind: 'progress', done, total: calls.length }
    const chunk = calls.slice(done, done + DEMO_CHUNK_CALLS)
    await workspace.run('demo.calls', userId, chunk)
    onWritten(chunk.length)
  }
}
