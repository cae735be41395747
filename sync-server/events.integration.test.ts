import { afterEach, beforeAll, afterAll, expect, test } from 'vitest'
import { assert, must } from '../core/assert.ts'
import { pokeSchema } from '../core/sync/protocol.ts'
import type { TestDevice } from './testing/test-device.ts'
import { wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(9)
let acme: SampleWorkspace
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
})
afterAll(() => server.dispose())

const open: Stream[] = []
afterEach(() => {
  for (const stream of open.splice(0)) stream.close()
})

/** The pokes of one stream, in order. */
class Stream {
  readonly heads: number[] = []
  text = ''
  ended = false
  readonly #abort = new AbortController()
  #wake = () => {}

  static async of(device: TestDevice): Promise<Stream> {
    const stream = new Stream()
    open.push(stream)
    const response = await fetch(`${server.url}/v1/events`, { headers: device.headers(), signal: stream.#abort.signal })
    assert(response.headers.get('content-type') === 'text/event-stream', 'The answer is a stream')
    void stream.#read(must(response.body, 'A stream has a body')).catch(() => {})
    await stream.until(() => stream.heads.length > 0)
    return stream
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    for await (const bytes of body) {
      this.text += decoder.decode(bytes, { stream: true })
      const data = [...this.text.matchAll(/^event: head\ndata: (.*)\n\n/gm)].map(
        ([, json]) => pokeSchema.parse(JSON.parse(json ?? '')).head,
      )
      this.heads.splice(0, this.heads.length, ...data)
      this.#wake()
    }
    this.ended = true
    this.#wake()
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  close(): void {
    this.#abort.abort()
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 50))

test('[S18] a stream starts with the head, and a poke contains only the head', async () => {
  const lead = await server.joined(acme.people.team_lead.email)
  const agent = await server.joined(acme.people.agent.email)
  const stream = await Stream.of(lead)
  const before = (await lead.pullPage()).head
  expect(stream.heads).toEqual([before])
  agent.insertCall({ ...wonCall(acme.people.agent.id), notes: 'planted-in-a-poke' })
  const { head } = await agent.push()
  await stream.until(() => stream.heads.length === 2)
  expect(stream.heads).toEqual([before, head])
  expect(stream.text).toBe(`event: head\ndata: {"head":${before}}\n\nevent: head\ndata: {"head":${head}}\n\n`)
})

test('[S14] a poke is sent to the people whom the change concerns, but not to the device that made it', async () => {
  const agent = await server.joined(acme.people.agent.email)
  const streams = {
    self: await Stream.of(agent),
    sameAgentElsewhere: await Stream.of(await server.joined(acme.people.agent.email)),
    otherAgent: await Stream.of(await server.joined(acme.people.other.email)),
    lead: await Stream.of(await server.joined(acme.people.team_lead.email)),
  }
  await settle()
  const before = Object.fromEntries(Object.entries(streams).map(([name, { heads }]) => [name, heads.length]))
  agent.insertCall(wonCall(acme.people.agent.id))
  const { head } = await agent.push()
  await streams.lead.until(() => streams.lead.heads.includes(head))
  await streams.sameAgentElsewhere.until(() => streams.sameAgentElsewhere.heads.includes(head))
  await settle()
  expect([streams.self.heads.length, streams.otherAgent.heads.length]).toEqual([before['self'], before['otherAgent']])
})

test('[S15] a handover pokes the former and the new owner', async () => {
  const lead = await server.joined(acme.people.team_lead.email)
  const call = lead.insertCall(wonCall(acme.people.agent.id))
  await lead.push()
  const from = await Stream.of(await server.joined(acme.people.agent.email))
  const to = await Stream.of(await server.joined(acme.people.other.email))
  lead.update('calls', call, { user_id: acme.people.other.id })
  const { head } = await lead.push()
  await Promise.all([from, to].map((stream) => stream.until(() => stream.heads.includes(head))))
  expect([from.heads.at(-1), to.heads.at(-1)]).toEqual([head, head])
})

test('a change for everyone pokes everyone of the client, and no one else', async () => {
  const bolt = await server.workspace('Bolt')
  const foreign = await Stream.of(await server.joined(bolt.people.admin.email))
  const admin = await server.joined(acme.people.admin.email)
  const agent = await Stream.of(await server.joined(acme.people.agent.email))
  await settle()
  const before = foreign.heads.length
  admin.update('loss_reasons', acme.lossReasonIds[0] ?? '', { name: 'For everyone' })
  const { head } = await admin.push()
  await agent.until(() => agent.heads.includes(head))
  await settle()
  expect(foreign.heads.length).toBe(before)
})

test('a rejected change pokes no one', async () => {
  const lead = await Stream.of(await server.joined(acme.people.team_lead.email))
  const agent = await server.joined(acme.people.agent.email)
  await settle()
  const before = lead.heads.length
  agent.insertCall(wonCall(acme.people.other.id))
  expect((await agent.push()).rejected).toHaveLength(1)
  await settle()
  expect(lead.heads.length).toBe(before)
})

test('[S17] a stream ends when the person’s role changes, so that the device connects again', async () => {
  const admin = await server.joined(acme.people.admin.email)
  const viewer = await Stream.of(await server.joined(acme.people.viewer.email))
  admin.update('users', acme.people.viewer.id, { role: 'agent' })
  await admin.push()
  await viewer.until(() => viewer.ended)
  expect(viewer.heads).toHaveLength(1)
  admin.update('users', acme.people.viewer.id, { role: 'viewer' })
  await admin.push()
})

test('the half-open streams of one device are bounded, and the end of an old stream does not affect a new one', async () => {
  const device = await server.joined(acme.people.other.email)
  const streams = [await Stream.of(device), await Stream.of(device), await Stream.of(device), await Stream.of(device)]
  await streams[0]?.until(() => streams[0]?.ended === true)
  const lead = await server.joined(acme.people.team_lead.email)
  lead.insertCall(wonCall(acme.people.other.id))
  const { head } = await lead.push()
  await Promise.all(streams.slice(1).map((stream) => stream.until(() => stream.heads.includes(head))))
  expect(streams.map(({ ended }) => ended)).toEqual([true, false, false, false])
})

test('without a valid token there is no stream', async () => {
  const device = server.device()
  device.token = 'A'.repeat(43)
  await expect(device.get('/v1/events')).rejects.toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }))
})
