import { afterAll, beforeAll, expect, test } from 'vitest'
import { zstdCompressSync } from 'node:zlib'
import { REJECT_CODES } from '../core/sync/operation.ts'
import { pushResponseSchema, type PushRequest } from '../core/sync/protocol.ts'
import { syncErrorBodySchema } from '../core/sync/errors.ts'
import { SYNC_TABLE_NAMES, type Scalar } from '../core/sync/tables.ts'
import type { TestDevice } from './testing/test-device.ts'
import { LOST_UNIT, NO_SHOW_UNIT, seeded, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

/** All to the loopback server that this test starts itself. */
const REQUESTS = Number(process.env['PROPAGANDA_FUZZ_REQUESTS'] ?? 10_000)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'] ?? Date.now() % 1_000_000)
const AT_ONCE = 8

const server = new TestServer(20)
let acme: SampleWorkspace
let bolt: SampleWorkspace
let agent: TestDevice
/** Hold everything of their clients; what they are sent afterwards is what was changed. */
let witnesses: TestDevice[]
let foreignCalls: string[]
let replay: PushRequest

beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  bolt = await server.workspace('Bolt')
  const admin = await server.joined(acme.people.admin.email)
  const boltAdmin = await server.joined(bolt.people.admin.email)
  const ofOther = admin.insertCall(wonCall(acme.people.other.id))
  const ofBolt = boltAdmin.insertCall(wonCall(bolt.people.agent.id))
  await admin.push()
  await boltAdmin.push()
  foreignCalls = [ofOther, ofBolt]
  agent = await server.joined(acme.people.agent.email)
  agent.insertCall(wonCall(acme.people.agent.id))
  replay = agent.pushRequest()
  await agent.push()
  witnesses = [admin, boltAdmin]
  for (const device of witnesses) await device.pull()
})
afterAll(() => server.dispose())

type Random = () => number
const below = (random: Random, limit: number) => Math.floor(random() * limit)
const oneOf = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)] as T

function garbage(random: Random): Scalar {
  return oneOf<() => Scalar>(random, [
    () => null,
    () => below(random, 2 ** 31) - 2 ** 30,
    () => random() * 1e300,
    () => '',
    () => 'x'.repeat(below(random, 20_000)),
    () => `' OR 1=1; DROP TABLE calls; --`,
    () => '\u0000',
    () => '$2b$31$' + 'a'.repeat(53),
    () => agent.newId(),
    () => bolt.people.agent.id,
    () => 'admin',
  ])()
}

type Change = Parameters<TestDevice['change']>[0][number]

/** A change that an agent has no right to, or that breaks the model. */
function forbidden(random: Random): Change {
  const { agent: me, other, admin, viewer } = acme.people
  const foreign = () => oneOf(random, foreignCalls)
  const person = () => oneOf(random, [other.id, admin.id, viewer.id, bolt.people.admin.id, agent.newId()])
  const role = () => oneOf(random, ['admin', 'team_lead', 'viewer', 'root'])
  const spoilt = () => ({
    ...wonCall(me.id),
    [oneOf(random, ['status', 'call_type', 'outcome', 'user_id'])]: oneOf(random, ['asleep', '', -1]),
  })
  return oneOf<() => Change>(random, [
    () => ({ table: 'calls', id: foreign(), action: 'UPDATE', fields: { notes: 'mine' } }),
    () => ({ table: 'calls', id: foreign(), action: 'UPDATE', fields: { user_id: me.id } }),
    () => ({ table: 'calls', id: foreign(), action: 'UPDATE', fields: oneOf(random, [NO_SHOW_UNIT, LOST_UNIT(agent.newId())]) }),
    () => ({ table: 'calls', id: foreign(), action: 'DELETE', fields: {} }),
    () => ({ table: 'calls', id: foreignCalls[0] ?? '', action: 'INSERT', fields: wonCall(me.id) }),
    () => ({ table: 'calls', id: agent.newId(), action: 'INSERT', fields: wonCall(person()) }),
    () => ({ table: 'calls', id: agent.newId(), action: 'INSERT', fields: spoilt() }),
    () => ({ table: 'calls', id: agent.newId(), action: 'UPDATE', fields: { notes: 'of nothing' } }),
    () => ({ table: 'users', id: me.id, action: 'UPDATE', fields: { role: role() } }),
    () => ({ table: 'users', id: me.id, action: 'UPDATE', fields: { is_active: 1, name: 'Boss' } }),
    () => ({ table: 'users', id: person(), action: 'UPDATE', fields: { password_hash: garbage(random) } }),
    () => ({ table: 'users', id: person(), action: 'UPDATE', fields: { is_active: 0 } }),
    () => ({
      table: 'users',
      id: agent.newId(),
      action: 'INSERT',
      fields: { name: 'New', role: role(), is_active: 1, email: 'new@acme.test', created_at: 1 },
    }),
    () => ({ table: 'users', id: person(), action: 'LOGIN', fields: {} }),
    () => ({
      table: 'loss_reasons',
      id: oneOf(random, [...acme.lossReasonIds, ...bolt.lossReasonIds]),
      action: 'UPDATE',
      fields: { name: 'Gone' },
    }),
    () => ({ table: 'client_settings', id: 'time_zone', action: 'UPDATE', fields: { value: '"UTC"' } }),
    () => ({
      table: 'clients',
      id: oneOf(random, [acme.clientId, bolt.clientId]),
      action: 'UPDATE',
      fields: { name: 'Taken over' },
    }),
    () => ({ table: oneOf(random, SYNC_TABLE_NAMES), id: person(), action: 'DELETE', fields: {} }),
    () => ({ table: 'calls', id: agent.newId(), action: 'IMPORT', fields: { rows: 1 } }),
  ])()
}

/** Overwrites, removes or repeats something somewhere inside. */
function mutate(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value]
    const at = below(random, Math.max(1, copy.length))
    const what = below(random, 4)
    if (what === 0) copy.splice(at, 1)
    else if (what === 1) copy.splice(at, 0, garbage(random))
    else copy[at] = mutate(random, copy[at])
    return copy
  }
  if (typeof value === 'object' && value !== null) {
    const key = oneOf(random, Object.keys(value))
    return { ...value, [random() < 0.1 ? '__proto__' : key]: mutate(random, (value as Record<string, unknown>)[key]) }
  }
  return garbage(random)
}

type Sent = {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: Uint8Array
}

function packed(path: string, body: unknown, headers: Record<string, string> = {}): Sent {
  const bytes = new Uint8Array(zstdCompressSync(JSON.stringify(body)))
  return {
    method: 'POST',
    path,
    headers: { ...agent.headers(), 'content-type': 'application/json', 'content-encoding': 'zstd', ...headers },
    body: bytes,
  }
}

function forbiddenPush(random: Random): PushRequest {
  agent.outbox = []
  const count = 1 + below(random, 4)
  for (let n = 0; n < count; n++) agent.change(Array.from({ length: 1 + below(random, 3) }, () => forbidden(random)))
  const request = agent.pushRequest()
  agent.outbox = []
  return request
}

function hostile(random: Random): Sent {
  const bytes = () => Uint8Array.from({ length: below(random, 3_000) }, () => below(random, 256))
  const paths = [
    '/v1/push',
    '/v1/enrol',
    '/v1/publish',
    '/v1/snapshot',
    '/v1/pull',
    '/v1/events',
    '/v1/history/calls/x',
    '/',
    '/v1/',
    '/ready/x',
  ]
  return oneOf<() => Sent>(random, [
    () => packed('/v1/push', forbiddenPush(random)),
    () => packed('/v1/push', forbiddenPush(random)),
    () => packed('/v1/push', mutate(random, mutate(random, forbiddenPush(random)))),
    () => packed('/v1/push', replay),
    () => packed('/v1/push', { ...replay, shapes: mutate(random, replay.shapes) }),
    () => packed('/v1/publish', { step: oneOf(random, ['begin', 'chunk', 'finish']), clientId: acme.clientId }),
    () => packed('/v1/enrol', { email: 'nobody', password: String(random()), device: { id: 'x' } }),
    () => ({
      method: oneOf(random, ['POST', 'PUT', 'PATCH', 'DELETE']),
      path: oneOf(random, paths),
      headers: { ...agent.headers(), 'content-type': oneOf(random, ['application/json', 'text/html', 'x']) },
      body: bytes(),
    }),
    () => ({
      method: 'GET',
      path: `/v1/pull?cursor=${encodeURIComponent(String(garbage(random)).slice(0, 2_000))}`,
      headers: agent.headers(),
    }),
    () => ({
      method: 'GET',
      path: `/v1/history/${oneOf(random, ['calls', 'users', 'clients', 'server', '..'])}/${oneOf(random, [...foreignCalls, acme.people.admin.id, bolt.clientId])}`,
      headers: agent.headers(),
    }),
    () => ({
      method: 'GET',
      path: oneOf(random, paths.slice(3)),
      headers: { ...agent.headers(), authorization: `Bearer ${String(random()).padEnd(43, 'A').slice(0, 43)}` },
    }),
  ])()
}

async function send({ method, path, headers, body }: Sent): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: response.status, text: await response.text() }
}

/** Why the answer is no refusal; undefined where it is one. */
function notRefused({ status, text }: { status: number; text: string }, replayed: ReadonlySet<number>): string | undefined {
  const body: unknown = JSON.parse(text)
  if (status >= 500) return `the server failed with ${status}: ${text}`
  if (status >= 400) return syncErrorBodySchema.safeParse(body).success ? undefined : `an untyped refusal: ${text}`
  const pushed = pushResponseSchema.safeParse(body)
  if (!pushed.success) return `an answer to what was not asked: ${text.slice(0, 300)}`
  const { seq, rejected } = pushed.data
  const codes: readonly string[] = REJECT_CODES
  if (rejected.some(({ code }) => !codes.includes(code))) return 'a rejection without a code'
  const accepted = seq.filter((each, index) => !replayed.has(each) && !rejected.some((rejection) => rejection.index === index))
  return accepted.length === 0 ? undefined : `accepted: ${text.slice(0, 300)}`
}

test(`[S13] ${REQUESTS} hostile requests with a valid agent’s token: each is refused, nothing changes, the server lives`, async () => {
  const random = seeded(SEED)
  const replayed = new Set((await agent.send(replay)).seq)
  let sent = 0
  const failures: string[] = []
  const worker = async () => {
    while (sent < REQUESTS && failures.length === 0) {
      sent++
      const attempt = hostile(random)
      const failure = notRefused(await send(attempt), replayed)
      if (failure !== undefined) failures.push(`${attempt.method} ${attempt.path}: ${failure}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(failures, `seed ${SEED}`).toEqual([])
  for (const device of witnesses)
    expect(await device.pullPage(), `seed ${SEED}`).toMatchObject({ rows: [], removed: [], conflicts: [], complete: true })
  const faults = server.logged.filter((line) => line.includes('"event":"fault"') || line.includes('thread_lost'))
  expect(faults).toEqual([])
  expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  // And the agent still works.
  const own = agent.insertCall(wonCall(acme.people.agent.id))
  expect((await agent.push()).rejected).toEqual([])
  await witnesses[0]?.pull()
  expect(witnesses[0]?.ids('calls')).toContain(own)
})
