import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { PROTOCOL_HEADER } from '../../../core/sync/protocol.ts'
import { DIGEST_HEADER, envelopeHeaders, envelopeText } from '../../../core/sync/envelope.ts'
import { sha256 } from '../../../platform/digest/sha256.ts'
import { ServerTransport } from './server-transport.ts'

const PROTOCOL = { [PROTOCOL_HEADER]: '1' }
const ENVELOPE = { sentAt: 1, cursor: null }

/** Returns the headers of the server's answer with this envelope and body. */
function answerHeaders(envelope: Parameters<typeof envelopeHeaders>[0], body: string | Uint8Array): Record<string, string> {
  const headers = envelopeHeaders(envelope)
  return {
    ...PROTOCOL,
    ...headers,
    [DIGEST_HEADER]: sha256(
      envelopeText((name) => headers[name]),
      body,
    ),
  }
}

const PAGE = { epoch: 'e', cursor: 'c', complete: true, isEmpty: true, progress: null }

test('a device reaches the server even if its name has characters that headers do not allow', async () => {
  const seen: (string | null)[] = []
  const transport = new ServerTransport({
    url: 'http://127.0.0.1:1',
    userAgent: 'Propaganda/1.0.0 (darwin) Zoë’s ноутбук\r\nx: y',
    fetch: (_url, init) => {
      // Every fetch refuses a header with characters outside Latin-1 or with line ends.
      seen.push(new Headers(init.headers).get('user-agent'))
      return Promise.resolve(new Response('{}', { headers: answerHeaders(PAGE, '{}') }))
    },
  })
  await transport.page('token', null)
  expect(seen).toEqual(['Propaganda/1.0.0 (darwin) Zo??s ?????????x: y'])
})

let server: Server | undefined
afterEach(() => server?.close())

/** A transport to an HTTP server that gives this answer. */
async function transportTo(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<ServerTransport> {
  const listening = createServer(answer)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return new ServerTransport({ url: `http://127.0.0.1:${port}`, userAgent: 'test', fetch: (url, init) => fetch(url, init) })
}

/** Returns the name of the error that the verb fails with. */
async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

const VERBS: readonly [string, (transport: ServerTransport) => Promise<unknown>][] = [
  ['enrol', (each) => each.enrol({ email: 'a@b.test', password: 'p', device: { id: 'd', name: 'n' } })],
  ['publish', (each) => each.publish('key', Buffer.from('{}'))],
  ['push', (each) => each.push('token', ENVELOPE, Buffer.from('{}'))],
  ['pull', (each) => each.page('token', 'cursor')],
  ['snapshot', (each) => each.page('token', null)],
  ['past', (each) => each.past('token', { ids: [], names: true }, new AbortController().signal)],
  [
    'events',
    (each) =>
      each.listen(
        'token',
        () => {},
        () => {},
        new AbortController().signal,
      ),
  ],
  ['probe', (each) => each.probe()],
]
const HTML = '<!doctype html><title>Hotel Wi-Fi</title><form action="/login"></form>'

const NOT_THE_SERVER: readonly [string, (response: ServerResponse) => void][] = [
  ['a sign-in page under 200', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HTML)],
  ['JSON of something else', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')],
  ['nothing under 204', (response) => response.writeHead(204).end()],
  ['511 Network Authentication Required', (response) => response.writeHead(511).end(HTML)],
  ['403 of a filter', (response) => response.writeHead(403).end(HTML)],
  ['401 of a proxy, in JSON', (response) => response.writeHead(401).end('{"error":{"code":"UNAUTHENTICATED","message":"x"}}')],
  ['a 404 page', (response) => response.writeHead(404).end(HTML)],
  ['a redirect to a sign-in page', (response) => response.writeHead(302, { location: '/login' }).end()],
  ['a redirect that keeps the method', (response) => response.writeHead(307, { location: '/login' }).end()],
  [
    'an endless stream of something else',
    (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n'),
  ],
]

for (const [verb, run] of VERBS)
  test.each(NOT_THE_SERVER)(`${verb}: %s is not the server`, async (_name, answer) => {
    let answers = 0
    const transport = await transportTo((_request, response) => {
      answers++
      answer(response)
    })
    expect(await refusalOf(() => run(transport))).toBe('NotTheServerError')
    expect(answers, 'a redirect is not followed').toBe(1)
  })

test.each(VERBS.filter(([verb]) => verb !== 'probe' && verb !== 'events'))(
  '%s: an answer in a wrong shape is not accepted as the server’s, even with its header',
  async (_verb, run) => {
    for (const text of ['{}', '[]', 'null', '', '{"cursor":1,"complete":"yes"}', HTML]) {
      const transport = await transportTo((_request, response) => response.writeHead(200, PROTOCOL).end(text))
      expect(await refusalOf(() => run(transport)), text).toBe('NotTheServerError')
      server?.close()
    }
  },
)

test('the main thread passes bodies on as bytes and never parses them', async () => {
  const body = Buffer.from([0x7b, 0xff, 0x00, 0x5b])
  const transport = await transportTo((_request, response) =>
    response.writeHead(200, answerHeaders({ ...PAGE, covered: 1 }, body)).end(body),
  )
  const { signal } = new AbortController()
  const answers = [
    (await transport.push('token', ENVELOPE, Buffer.from('{}'))).body,
    (await transport.page('token', null)).body,
    (await transport.past('token', { ids: ['a'], names: false }, signal)).body,
    await transport.audit('token', new URLSearchParams()),
  ]
  for (const answer of answers) expect(Buffer.from(answer)).toEqual(body)
})

const OWN = answerHeaders({ ...PAGE, covered: 1 }, '{"rows":[1]}')
const OTHER = answerHeaders({ ...PAGE, cursor: 'd', covered: 2 }, '{"rows":[2]}')

describe.each([
  ['a push', (each: ServerTransport) => each.push('token', ENVELOPE, Buffer.from('{}'))],
  ['a page', (each: ServerTransport) => each.page('token', 'cursor')],
  ['the past', (each: ServerTransport) => each.past('token', { ids: ['a'], names: true }, new AbortController().signal)],
] as const)('the answer to %s', (_name, run) => {
  test.each([
    ['with the headers of another answer', OTHER],
    ['with one header of another answer', { ...OWN, 'propaganda-cursor': 'd', 'propaganda-covered': '2' }],
    ['with an additional header of another answer', { ...OWN, 'propaganda-progress': '1/2' }],
    ['without its digest', { ...OWN, [DIGEST_HEADER]: '' }],
  ])('%s is refused and not applied', async (_case, headers) => {
    const transport = await transportTo((_request, response) => response.writeHead(200, headers).end('{"rows":[1]}'))
    expect(await refusalOf(() => run(transport))).toBe('NotTheServerError')
  })

  test('with a shortened body is refused and not applied', async () => {
    const transport = await transportTo((_request, response) => response.writeHead(200, OWN).end('{"rows":[]}'))
    expect(await refusalOf(() => run(transport))).toBe('NotTheServerError')
  })

  test('is accepted if a proxy packs the body in another way', async () => {
    const transport = await transportTo((_request, response) =>
      response.writeHead(200, { ...OWN, 'content-encoding': 'gzip' }).end(gzipSync('{"rows":[1]}')),
    )
    expect(await refusalOf(() => run(transport))).toBe('none')
  })
})

test('a push sends its envelope as headers', async () => {
  const seen: unknown[] = []
  const transport = await transportTo((request, response) => {
    seen.push(request.headers['propaganda-sent-at'], request.headers['propaganda-cursor'])
    response.writeHead(200, answerHeaders(PAGE, '{}')).end('{}')
  })
  await transport.push('token', { sentAt: 17, cursor: 'c' }, Buffer.from('{}'))
  expect(seen).toEqual(['17', 'c'])
})

test('an answer with the server’s header but without an event stream is refused', async () => {
  const transport = await transportTo((_request, response) => response.writeHead(200, PROTOCOL).end(HTML))
  let isOpen = false
  const listening = () =>
    transport.listen(
      'token',
      () => (isOpen = true),
      () => {},
      new AbortController().signal,
    )
  expect([await refusalOf(listening), isOpen]).toEqual(['NotTheServerError', false])
})

test.each([502, 503, 504])('a proxy’s %s counts as an unreachable server', async (status) => {
  const transport = await transportTo((_request, response) => response.writeHead(status).end(HTML))
  for (const [, run] of VERBS) expect(await refusalOf(() => run(transport))).toBe('UnreachableError')
})

test('a refusal with the server’s header is a SyncError', async () => {
  const body = JSON.stringify({ error: { code: 'DEVICE_REVOKED', message: 'Revoked' } })
  const transport = await transportTo((_request, response) => response.writeHead(403, PROTOCOL).end(body))
  for (const [, run] of VERBS) expect(await refusalOf(() => run(transport))).toBe('SyncError')
})
