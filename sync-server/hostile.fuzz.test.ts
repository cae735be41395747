import type { UserId } from '../core/id.ts'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../core/assert.ts'
import { REJECT_CODES } from '../core/sync/operation.ts'
import { pageBodySchema, pushAnswerBodySchema, type PushRequest } from '../core/sync/protocol.ts'
import { syncErrorBodySchema } from '../core/sync/errors.ts'
import type { BystanderData, Worked } from './testing/bystander-thread.ts'
import { HostileRequests } from './testing/hostile-requests.ts'
import { RawSocket, rawRequest, type RawAnswer, type RawRequest } from './testing/raw-request.ts'
import { idsFrom, sampleWorkspace, seeded, wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { ServerProcess } from './testing/server-process.ts'
import { TestDevice } from './testing/test-device.ts'
import { publishAll } from './testing/test-server.ts'

/** The number of requests. All go to the loopback addresses of the server process that this test starts. */
const REQUESTS = Number(process.env['PROPAGANDA_FUZZ_REQUESTS'] ?? 1_500)
const SEED = Number(process.env['PROPAGANDA_FUZZ_SEED'])
const AT_ONCE = 8
const OPEN_SOCKETS = 200
/**
 * The attack has this many parts. The other client also works without an attack before each part, so that its response times with and
 * without an attack see the same load.
 */
const ROUNDS = 4
/** The time without an attack before each part. */
const QUIET_MS = Math.max(1_500, REQUESTS / 2)
/** The most memory of the whole process, with its sources loaded as TypeScript. A single attack could take gigabytes. */
const MOST_MEGABYTES = 900
/** A word in calls that the attacker may not see. */
const PLANTED = 'planted-in-a-foreign-call'

const dataDir = mkdtempSync(join(tmpdir(), 'propaganda-hostile-'))
const newId = idsFrom(seeded(SEED + 1))
const acme = sampleWorkspace('Acme', newId)
const bolt = sampleWorkspace('Bolt', newId)
let server: ServerProcess
let attackers: TestDevice[]
/** A device of the attacked client, and one of another client on the same server. */
let witness: TestDevice
let bystander: Bystander
let foreignCalls: string[]
let replay: PushRequest

const joined = async (email: string) => {
  const device = new TestDevice({ url: server.url, newId })
  await device.enrol(email)
  await device.pull()
  return device
}

beforeAll(async () => {
  server = await ServerProcess.start({ dataDir, log: 'warn' })
  const publish = async (workspace: SampleWorkspace) => {
    const device = new TestDevice({ url: server.url, newId })
    await publishAll(device, workspace)
    return device
  }
  witness = await publish(acme)
  const boltAdmin = await publish(bolt)
  bystander = await Bystander.start({ url: server.url, email: bolt.people.agent.email, seed: SEED + 2 })
  const planted = (ownerId: UserId) => ({ ...wonCall(ownerId), notes: PLANTED })
  foreignCalls = [witness.insertCall(planted(acme.people.other.id)), boltAdmin.insertCall(planted(bolt.people.agent.id))]
  await witness.push()
  await boltAdmin.push()
  attackers = [
    await joined(acme.people.agent.email),
    await joined(acme.people.agent.email),
    await joined(acme.people.agent.email),
  ]
  const [first] = attackers
  first?.insertCall(wonCall(acme.people.agent.id))
  if (first !== undefined) replay = first.pushRequest()
  await first?.push()
  await witness.pull()
})
afterAll(async () => {
  await server.end()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Returns why the answer is wrong; undefined if it refuses the request or contains only data that the attacker may see. */
function wrong(status: number, text: string, replayed: ReadonlySet<number>): string | undefined {
  const body: unknown = JSON.parse(text)
  if (text.includes(PLANTED)) return `a foreign call: ${text.slice(0, 300)}`
  const error = syncErrorBodySchema.safeParse(body).data?.error.code
  if (status >= 500 && error !== 'UNAVAILABLE') return `the server failed with ${status}: ${text.slice(0, 300)}`
  if (status >= 400) return error === undefined ? `an untyped refusal: ${text.slice(0, 300)}` : undefined
  if (pageBodySchema.safeParse(body).success) return undefined
  const pushed = pushAnswerBodySchema.safeParse(body)
  if (!pushed.success) return `an unexpected answer: ${text.slice(0, 300)}`
  const { seq, rejected } = pushed.data
  const codes: readonly string[] = REJECT_CODES
  if (rejected.some(({ code }) => !codes.includes(code))) return 'a rejection without a code'
  const accepted = seq.filter((each, index) => !replayed.has(each) && !rejected.some((rejection) => rejection.index === index))
  return accepted.length === 0 ? undefined : `accepted: ${text.slice(0, 300)}`
}

class Bystander {
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
  }

  static async start(data: BystanderData): Promise<Bystander> {
    const worker = new Worker(new URL('./testing/bystander-thread.ts', import.meta.url), { workerData: data })
    await once(worker, 'message')
    return new Bystander(worker)
  }

  /** Lets the bystander work while `what` runs, and adds its times to `worked`. */
  async during(worked: Worked, what: () => Promise<unknown>): Promise<void> {
    this.#worker.postMessage('begin')
    await what()
    this.#worker.postMessage('end')
    const [more] = (await once(this.#worker, 'message')) as [Worked]
    worked.push.push(...more.push)
    worked.pull.push(...more.pull)
    worked.made.push(...more.made)
  }

  leave(): void {
    this.#worker.postMessage('leave')
  }
}

function quantiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length}`
}

test(
  `[S13] ${REQUESTS} hostile requests with a valid agent’s token: refused, in bounded memory, while others keep working`,
  async () => {
    const hostile = new HostileRequests({ random: seeded(SEED), devices: attackers, acme, bolt, foreignCalls, replay })
    const replayed = new Set((await attackers[0]?.send(replay))?.seq)
    // The requests are made before the attack and the answers checked after it, because this process shares the processors with the server
    // and the other client, whose times are measured.
    const requests = Array.from({ length: REQUESTS }, () => hostile.request())
    const halves = Array.from({ length: Math.floor(REQUESTS / 10) }, () => hostile.halfRequest())
    const answers: { readonly request: RawRequest; readonly answer: RawAnswer }[] = []
    const failures: string[] = []
    let sent = 0
    let cut = 0
    const sockets: RawSocket[] = []
    const openHalf = ({ from, parts }: (typeof halves)[number]) => {
      const socket = new RawSocket(server.url, '', from)
      for (const part of parts) void socket.write(part)
      sockets.push(socket)
      if (sockets.length > OPEN_SOCKETS) sockets.shift()?.end()
    }
    const attack = async (last: number) => {
      while (sent < last && failures.length === 0) {
        const request = must(requests[sent++], 'There is a request for each turn')
        const half = sent % 10 === 0 ? halves[sent / 10 - 1] : undefined
        if (half !== undefined) openHalf(half)
        try {
          answers.push({ request, answer: await rawRequest(server.url, request) })
        } catch (error) {
          // A request that is refused while it is being sent may lose its answer with its connection.
          cut++
          if (!server.isRunning || !(error instanceof Error && 'code' in error)) failures.push(String(error))
        }
      }
    }
    const quiet: Worked = { push: [], pull: [], made: [] }
    const attacked: Worked = { push: [], pull: [], made: [] }
    for (let round = 1; round <= ROUNDS; round++) {
      await bystander.during(quiet, () => new Promise((resolve) => setTimeout(resolve, QUIET_MS)))
      const last = Math.ceil((REQUESTS * round) / ROUNDS)
      await bystander.during(attacked, () => Promise.all(Array.from({ length: AT_ONCE }, () => attack(last))))
      // Half-open requests must not continue into the next quiet time.
      for (const socket of sockets.splice(0)) socket.end()
    }
    bystander.leave()

    const codes = new Map<string, number>()
    for (const { request, answer } of answers) {
      const { status, headers, body } = answer
      const text = (headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body) : body).toString()
      const failure = wrong(status, text, replayed)
      if (failure !== undefined) failures.push(`${request.method} ${request.path}: ${failure}`)
      const code = syncErrorBodySchema.safeParse(JSON.parse(text)).data?.error.code ?? String(status)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    const memory = server.memory()
    process.stdout.write(
      [
        `hostile requests: seed ${SEED}, ${answers.length} answered, ${cut} cut off, ${JSON.stringify(Object.fromEntries(codes))}`,
        `push of another client: ${quantiles(quiet.push)} in quiet, ${quantiles(attacked.push)} under attack`,
        `pull of another client: ${quantiles(quiet.pull)} in quiet, ${quantiles(attacked.pull)} under attack`,
        `memory of the server: ${memory.now} MB at the end, ${memory.peak} MB at most`,
        '',
      ].join('\n'),
    )
    expect(failures, `seed ${SEED}`).toEqual([])
    expect(cut, `seed ${SEED}`).toBeLessThan(REQUESTS / 20)
    expect(memory.peak).toBeLessThan(MOST_MEGABYTES)
    expect(server.isRunning).toBe(true)
    expect(server.logged.filter((line) => line.includes('"event":"fault"') || line.includes('thread_lost'))).toEqual([])
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)

    // The attacked client's data is unchanged, and the other client's work is complete.
    expect(await witness.pullPage(), `seed ${SEED}`).toMatchObject({ rows: [], removed: [], conflicts: [], complete: true })
    const made = [...quiet.made, ...attacked.made, ...foreignCalls.slice(1)]
    expect((await joined(bolt.people.team_lead.email)).ids('calls')).toEqual(made.toSorted())
  },
  120_000 + REQUESTS * 100,
)
