import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../core/sync/protocol.ts'
import { syncErrorBodySchema } from '../../core/sync/errors.ts'
import { RawSocket, rawRequest, requestHead, type RawAnswer } from '../testing/raw-request.ts'
import type { TestDevice } from '../testing/test-device.ts'
import { SAMPLE_PASSWORD, wonCall, type SampleWorkspace } from '../testing/sample-workspace.ts'
import { TestServer } from '../testing/test-server.ts'

const server = new TestServer(10)
let acme: SampleWorkspace
let agent: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  agent = await server.joined(acme.people.agent.email)
})
afterAll(() => server.dispose())

const raw = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Uint8Array,
  url: string = server.url,
) => rawRequest(url, { method, path, headers, body })

const json = { 'content-type': 'application/json' }
const codeOf = ({ body }: RawAnswer) => syncErrorBodySchema.parse(JSON.parse(body.toString())).error.code

test('health and readiness need no token and no protocol', async () => {
  expect(await raw('GET', '/health')).toMatchObject({ status: 200, body: Buffer.from('{"status":"ok"}') })
  expect(await raw('GET', '/ready')).toMatchObject({ status: 200, body: Buffer.from('{"status":"ready"}') })
})

test('a request with another protocol version gets the supported ones', async () => {
  for (const spoken of [{}, { 'propaganda-protocol': '999' }, { 'propaganda-protocol': 'x' }] as Record<string, string>[]) {
    const answer = await raw('GET', '/v1/snapshot', { ...agent.headers(), 'propaganda-protocol': '', ...spoken })
    expect([answer.status, codeOf(answer)]).toEqual([426, 'PROTOCOL'])
  }
})

describe('bodies', () => {
  const request = () => Buffer.from(JSON.stringify({ ...agent.pushRequest([]) }))

  test.each([
    ['plain', {}, (body: Buffer) => body],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync],
    ['zstd', { 'content-encoding': 'zstd' }, zstdCompressSync],
  ] as const)('are read %s', async (_, headers, pack) => {
    const answer = await raw('POST', '/v1/push', { ...agent.headers(), ...json, ...headers }, pack(request()))
    expect(answer.status).toBe(200)
  })

  test('answers are compressed with the best encoding that the other side accepts', async () => {
    for (let n = 0; n < 20; n++) agent.insertCall(wonCall(acme.people.agent.id))
    await agent.push()
    const ask = async (accept: string) => raw('GET', '/v1/snapshot', { ...agent.headers(), 'accept-encoding': accept })
    const [zstd, gzip, plain, refused] = [
      await ask('gzip, zstd'),
      await ask('gzip'),
      await ask(''),
      await ask('zstd;q=0, gzip;q=0'),
    ]
    expect([zstd, gzip, plain, refused].map(({ headers }) => headers['content-encoding'])).toEqual([
      'zstd',
      'gzip',
      undefined,
      undefined,
    ])
    expect(zstdDecompressSync(zstd.body).equals(plain.body)).toBe(true)
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
    expect(plain.headers).toMatchObject({
      vary: 'accept-encoding',
      'cache-control': 'no-store',
      'content-type': expect.stringMatching('application/json'),
    })
    expect(zstd.body.length).toBeLessThan(plain.body.length / 2)
  })

  const bad: readonly [string, Readonly<Record<string, string>>, () => Uint8Array, number, string][] = [
    ['text that is not JSON', json, () => Buffer.from('{'), 400, 'MALFORMED'],
    ['text that is not UTF-8', json, () => Buffer.from([0x22, 0xff, 0x22]), 400, 'MALFORMED'],
    ['another shape', json, () => Buffer.from('[]'), 400, 'MALFORMED'],
    ['an empty body', json, () => Buffer.alloc(0), 400, 'MALFORMED'],
    ['an invalid compressed body', { ...json, 'content-encoding': 'gzip' }, () => Buffer.from('nonsense'), 400, 'MALFORMED'],
    ['an unknown compression', { ...json, 'content-encoding': 'br' }, () => Buffer.from('{}'), 415, 'UNSUPPORTED_MEDIA'],
    ['another type', { 'content-type': 'text/plain' }, () => Buffer.from('{}'), 415, 'UNSUPPORTED_MEDIA'],
    ['a body above the limit', json, () => Buffer.alloc(LIMITS.compressedBytes + 1, 0x20), 413, 'TOO_LARGE'],
    [
      'a small body that is too large when unpacked',
      { ...json, 'content-encoding': 'zstd' },
      () => zstdCompressSync(Buffer.alloc(LIMITS.requestBytes + 1, 0x20)),
      413,
      'TOO_LARGE',
    ],
    [
      'the same in gzip',
      { ...json, 'content-encoding': 'gzip' },
      () => gzipSync(Buffer.alloc(LIMITS.requestBytes + 1, 0x20)),
      413,
      'TOO_LARGE',
    ],
  ]
  test.each(bad)('%s is refused with a typed error', async (_, headers, body, status, code) => {
    const answer = await raw('POST', '/v1/push', { ...agent.headers(), ...headers }, body())
    expect([answer.status, codeOf(answer)]).toEqual([status, code])
  })

  test('more operations than a request may have are refused', async () => {
    const device = await server.joined(acme.people.agent.email)
    for (let n = 0; n <= LIMITS.operations; n++) device.insertCall(wonCall(acme.people.agent.id))
    await expect(device.push()).rejects.toThrow(
      expect.objectContaining({ code: 'TOO_LARGE', data: { limit: LIMITS.operations } }),
    )
  })
})

describe('the envelope of a push', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['without the time of sending', { 'propaganda-cursor': 'a' }],
    ['with a time that is not a plain number', { 'propaganda-sent-at': '1e3' }],
    ['with two cursors in one header', { 'propaganda-sent-at': '1000', 'propaganda-cursor': 'a, b' }],
    ['with two headers for the cursor', { 'propaganda-sent-at': '1000', 'propaganda-cursor': 'a\r\npropaganda-cursor: b' }],
  ])('%s is refused before a byte of the body, and changes nothing', async (_, envelope) => {
    const reader = await server.joined(acme.people.agent.email)
    const before = reader.cursor
    const { 'propaganda-sent-at': _sentAt, 'propaganda-cursor': _cursor, ...others } = agent.headers()
    const head = requestHead('POST', '/v1/push', { ...others, ...envelope, ...json, 'content-length': '4000000' })
    const socket = new RawSocket(server.url, head)
    const answer = await socket.answered
    socket.end()
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      error: { code: 'MALFORMED', data: { path: 'headers' } },
    })
    expect(await reader.pullPage()).toMatchObject({ isEmpty: true, complete: true, cursor: before })
  })
})

describe('addresses', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/v2/pull'],
    ['DELETE', '/v1/push'],
    ['GET', '/v1/push'],
    ['GET', '/../etc/passwd'],
    ['GET', '/v1/%zz'],
  ])('%s %s is refused with a typed error', async (method, path) => {
    const answer = await raw(method, path, agent.headers())
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(['NOT_FOUND', 'MALFORMED']).toContain(codeOf(answer))
  })

  test.each(['', 'Bearer', 'Bearer x', `Basic ${'A'.repeat(43)}`, `Bearer ${'A'.repeat(43)}`, `Bearer ${'A'.repeat(5_000)}`])(
    'the authorization %j gives no access',
    async (authorization) => {
      for (const [method, path] of [
        ['GET', '/v1/snapshot'],
        ['GET', '/v1/pull?cursor=1'],
        ['GET', '/v1/events'],
        ['GET', '/v1/history/calls/x'],
        ['POST', '/v1/push'],
      ] as const) {
        const body = method === 'POST' ? Buffer.from(JSON.stringify(agent.pushRequest([]))) : undefined
        const answer = await raw(method, path, { ...agent.headers(), ...json, authorization }, body)
        expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED'])
      }
    },
  )
})

test('text that is not HTTP is refused with a typed error', async () => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => parts.push(part))
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.write('GIVE ME ALL\r\n\r\n')
  await ended
  expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"MALFORMED"/)
})

test('the log has the route and result of each request, and nothing about people', async () => {
  const device = await server.joined(acme.people.agent.email)
  device.insertCall({
    ...wonCall(acme.people.agent.id),
    prospect_name: 'Logged Person',
    notes: 'logged note',
    prospect_phone: '030 55555',
  })
  await device.push()
  await device.pull()
  await device.get(`/v1/history/users/${acme.people.agent.id}`)
  await server
    .device()
    .enrol(acme.people.agent.email, 'a wrong password')
    .catch(() => {})
  const log = server.logged.join('')
  for (const planted of [
    'Logged',
    'logged',
    '55555',
    acme.people.agent.email,
    acme.people.agent.name,
    SAMPLE_PASSWORD,
    'a wrong password',
    device.token ?? '?',
    '127.0.0.1',
    '::1',
  ])
    expect(log, planted).not.toContain(planted)
  const lines = server.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toContainEqual(
    expect.objectContaining({
      event: 'request',
      method: 'POST',
      route: '/v1/push',
      status: 200,
      client: acme.clientId,
      code: null,
    }),
  )
  expect(lines).toContainEqual(expect.objectContaining({ route: '/v1/enrol', status: 401, code: 'WRONG_CREDENTIALS' }))
})

describe('limits', () => {
  test('a device with too many requests gets the time at which it may try again, and other devices are not delayed', async () => {
    const limited = new TestServer(11)
    await limited.start({ requestsPerMinute: 30, enrolmentsPerMinute: 1_000 })
    try {
      const workspace = await limited.workspace('Limited')
      const device = await limited.joined(workspace.people.agent.email)
      const other = await limited.joined(workspace.people.other.email)
      const codes: string[] = []
      for (let n = 0; n < 40; n++) await device.pull().catch((error: { code: string }) => codes.push(error.code))
      expect(new Set(codes)).toEqual(new Set(['THROTTLED']))
      await other.pull()
      const response = await fetch(`${limited.url}/v1/snapshot`, { headers: device.headers() })
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      // Invented tokens have no allowance of their own: they count for the address.
      const made = await Promise.all(
        Array.from({ length: 60 }, async (_, n) => {
          const headers = { ...device.headers(), authorization: `Bearer ${String(n).padStart(43, 'A')}` }
          return (await fetch(`${limited.url}/v1/snapshot`, { headers })).status
        }),
      )
      expect(made).toContain(429)
    } finally {
      await limited.dispose()
    }
  })

  test('a person who reads with many devices gets one turn at a time, like everyone else', async () => {
    const shared = new TestServer(14)
    await shared.start()
    try {
      const workspace = await shared.workspace('Shared')
      const { agent: busy, other } = workspace.people
      const first = await shared.joined(busy.email)
      for (let n = 0; n < LIMITS.pageRows; n++) first.insertCall(wonCall(busy.id))
      await first.push()
      const devices = []
      for (let n = 0; n < 8; n++) devices.push(await shared.joined(busy.email))
      const waiting = await shared.joined(other.email)
      const answered: string[] = []
      const ask = async (device: TestDevice, who: string) => {
        await raw('GET', '/v1/snapshot', device.headers(), undefined, shared.url)
        answered.push(who)
      }
      await Promise.all([...devices.map((device) => ask(device, 'busy')), ask(waiting, 'waiting')])
      // One page is being read when the other person's request arrives, and another one may be on its way.
      expect(answered.indexOf('waiting'), answered.join()).toBeLessThanOrEqual(3)
    } finally {
      await shared.dispose()
    }
  })

  test('sign-ins of one address are limited', async () => {
    const limited = new TestServer(12)
    await limited.start({ requestsPerMinute: 10_000, enrolmentsPerMinute: 5 })
    try {
      const workspace = await limited.workspace('Enrol')
      const codes: string[] = []
      for (let n = 0; n < 8; n++)
        await limited
          .device()
          .enrol(`${n}${workspace.people.agent.email}`)
          .catch((error: { code: string }) => codes.push(error.code))
      expect(codes).toEqual([...Array<string>(5).fill('WRONG_CREDENTIALS'), ...Array<string>(3).fill('THROTTLED')])
    } finally {
      await limited.dispose()
    }
  })
})

test('a stop answers the requests under way, ends the streams, and keeps all data', async () => {
  const stopping = new TestServer(13)
  await stopping.start()
  const workspace = await stopping.workspace('Stop')
  const device = await stopping.joined(workspace.people.agent.email)
  const stream = await fetch(`${stopping.url}/v1/events`, { headers: device.headers() })
  // Some browsers and proxies open connections in advance and never use them. These must not delay the stop.
  const idle = connect(Number(new URL(stopping.url).port), '127.0.0.1')
  idle.on('error', () => {})
  await new Promise((resolve) => idle.once('connect', resolve))
  for (let n = 0; n < 2_000; n++) device.insertCall(wonCall(workspace.people.agent.id))
  const pushed = device.push()
  const begin = performance.now()
  const stopped = new Promise((resolve) => setTimeout(resolve, 30)).then(() => stopping.stop())
  const outcome = await pushed.then(
    () => 'acknowledged',
    (error: { code?: string }) => error.code ?? 'not sent',
  )
  await stopped
  // Node ends a connection that sends nothing after a minute.
  expect(performance.now() - begin).toBeLessThan(30_000)
  await expect(stream.text()).resolves.toContain('event: head')
  await stopping.start()
  const fresh = await stopping.joined(workspace.people.agent.email)
  expect(fresh.ids('calls').length).toBe(outcome === 'acknowledged' ? 2_000 : 0)
  await stopping.dispose()
})
