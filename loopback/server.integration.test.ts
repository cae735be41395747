import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestApplication } from '../app/testing/test-application.ts'
import type { Api } from '../core/contract/contract.ts'
import { offeredSubprotocols } from '../core/window-key.ts'
import { startLoopback, type Loopback } from './server.ts'
import { enter, keyOfLaunchPage, rawRequest, type Entry } from './testing/raw-request.ts'

const MAX_PAYLOAD = 64 * 1024

let app: TestApplication
let loopback: Loopback
const sockets: WebSocket[] = []

async function start(): Promise<Loopback> {
  return startLoopback({
    application: app.application,
    rendererRoot: join(app.home, 'renderer'),
    port: 0,
    clock: () => app.now(),
    random: (length) => randomBytes(length),
    log: (line) => app.log.push(line),
    maxPayload: MAX_PAYLOAD,
  })
}

beforeAll(async () => {
  app = new TestApplication()
  const root = join(app.home, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<!doctype html><style nonce="__CSP_NONCE__"></style><title>The window</title>')
  writeFileSync(join(root, 'assets', 'main-1a2b.js'), 'window.ok = true')
  loopback = await start()
})

afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await loopback.close()
  await app.dispose()
})

const page = { accept: 'text/html,application/xhtml+xml' }
const get = (path: string, headers: Record<string, string> = {}, method?: string) =>
  rawRequest(loopback.origin, path, headers, method)
const launchPath = (url = loopback.launchUrl()) => url.slice(loopback.origin.length)
const codeOf = (body: string): unknown => (JSON.parse(body) as { code: unknown }).code
const cookieOf = async () => (await enter(loopback.launchUrl())).cookie

/** Opens a window's socket. Rejects with the code of the HTTP answer if the upgrade is refused. */
function connect(headers: Record<string, string>, path = '/api', key: string | null = null): Promise<WebSocket> {
  const socket = new WebSocket(`${loopback.origin.replace('http', 'ws')}${path}`, offeredSubprotocols(key), { headers })
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => reject(new Error(`${response.statusCode} ${String(codeOf(body))}`)))
    })
    socket.once('error', reject)
  })
}

const window = ({ cookie, key }: Entry) => connect({ origin: loopback.origin, cookie }, '/api', key)
const newWindow = async () => window(await enter(loopback.launchUrl()))

function apiOver(socket: WebSocket): Api {
  return createORPCClient<Api>(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
}

async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return { code, reason: reason.toString() }
}

test('the server listens only on 127.0.0.1', async () => {
  const { port } = new URL(loopback.origin)
  expect(loopback.origin).toBe(`http://127.0.0.1:${port}`)
  for (const host of ['127.0.0.2', '::1']) {
    const socket = createConnection({ host, port: Number(port) })
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    expect(['ECONNREFUSED', 'EADDRNOTAVAIL', 'ENETUNREACH']).toContain(error.code)
  }
})

test('the printed address opens the window once: a strict cookie replaces the token in the address', async () => {
  const url = loopback.launchUrl()
  expect(new URL(url).searchParams.get('token')).toMatch(/^[\w-]{43}$/)
  const first = await get(launchPath(url), page)
  expect(first.status).toBe(200)
  expect(first.body).toContain("location.replace('/')")
  expect(keyOfLaunchPage(first.body)).toMatch(/^[\w-]{43}$/)
  const nonce = /<script nonce="([^"]{20,})">/.exec(first.body)?.[1] ?? 'none'
  expect(first.headers['content-security-policy']).toContain(`default-src 'none'; script-src 'nonce-${nonce}'`)
  expect(first.headers['cache-control']).toBe('no-store')
  expect(first.headers['set-cookie']).toEqual([
    expect.stringMatching(/^propaganda_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
  ])

  const again = await get(launchPath(url))
  expect([again.status, codeOf(again.body)]).toEqual([401, 'TOKEN_USED'])
  expect(again.headers['set-cookie']).toBeUndefined()
})

test.each([
  ['/launch', 'TOKEN_MISSING'],
  ['/launch?token=', 'TOKEN_MISSING'],
  [`/launch?token=${'A'.repeat(43)}`, 'TOKEN_UNKNOWN'],
  ['/launch?token=%00', 'TOKEN_UNKNOWN'],
])('a launch without a valid token is refused, with JSON for programs and a page for people: %s', async (path, code) => {
  const json = await get(path)
  expect([json.status, codeOf(json.body)]).toEqual([401, code])
  const html = await get(path, page)
  expect(html.status).toBe(401)
  expect(html.headers['content-type']).toContain('text/html')
  expect(html.body).toContain(code)
})

test('a token expires', async () => {
  const path = launchPath()
  app.offset += 15 * 60_000
  const late = await get(path)
  app.offset = 0
  expect(codeOf(late.body)).toBe('TOKEN_EXPIRED')
})

test('a prefetch does not use up the token', async () => {
  const path = launchPath()
  expect((await get(path, {}, 'HEAD')).status).toBe(204)
  expect((await get(path, { 'sec-purpose': 'prefetch;prerender' })).status).toBe(204)
  expect((await get(path)).status).toBe(200)
})

test('without a valid cookie there is no page, file or API; with a cookie of an earlier run the page says that the application was restarted', async () => {
  for (const path of ['/', '/calls', '/assets/main-1a2b.js', '/api'])
    expect(codeOf((await get(path)).body), path).toBe('NOT_LAUNCHED')
  const { port } = new URL(loopback.origin)
  const old = await get('/', { cookie: `propaganda_${port}=${'A'.repeat(43)}` })
  expect([old.status, codeOf(old.body)]).toEqual([401, 'SESSION_EXPIRED'])
  expect(codeOf((await get('/', { cookie: 'propaganda_1=x' })).body)).toBe('NOT_LAUNCHED')
})

test('the page’s policy names the nonce in the page, a new one each time', async () => {
  const cookie = await cookieOf()
  const nonces = new Set<string>()
  for (const path of ['/', '/calls/some-id', '/index.html']) {
    const { status, headers, body } = await get(path, { cookie })
    const nonce = /<style nonce="([^"]{20,})">/.exec(body)?.[1] ?? ''
    nonces.add(nonce)
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://${new URL(loopback.origin).host}`)
    expect(headers['cache-control']).toBe('no-store')
  }
  expect(nonces.size).toBe(3)
})

test('every answer has the hardening headers, including refusals', async () => {
  const cookie = await cookieOf()
  const answers = [
    await get('/', { cookie }),
    await get('/assets/main-1a2b.js', { cookie }),
    await get('/'),
    await get('/launch'),
  ]
  for (const { headers } of answers)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
  const refused = await get('/launch', page)
  expect(refused.headers['content-security-policy']).toContain("default-src 'none'")
  for (const { headers } of answers) expect(headers).not.toHaveProperty('access-control-allow-origin')
})

test('only the built files are served, for any path', async () => {
  const cookie = await cookieOf()
  const file = await get('/assets/main-1a2b.js', { cookie })
  expect([file.status, file.body, file.headers['content-type']]).toEqual([
    200,
    'window.ok = true',
    'text/javascript; charset=utf-8',
  ])
  const paths = [
    '/../workspaces/x.json',
    '/assets/../../logs/a.json',
    '/..%2f..%2fetc%2fpasswd.json',
    '/assets/gone.js',
    '/%00.js',
  ]
  for (const path of paths) expect(codeOf((await get(path, { cookie })).body), path).toBe('NOT_FOUND')
})

test('a foreign host name that points here (DNS rebinding) gets nothing, with or without the cookie', async () => {
  const cookie = await cookieOf()
  const { port } = new URL(loopback.origin)
  for (const host of [`evil.example:${port}`, `localhost:${port}`, '127.0.0.1', `127.0.0.1:${port}.evil.example`]) {
    const answer = await get('/', { host, cookie })
    expect([answer.status, codeOf(answer.body)], host).toEqual([421, 'WRONG_HOST'])
    const malformed = await get('/%zz', { host, cookie })
    expect([malformed.status, codeOf(malformed.body)], host).toEqual([421, 'WRONG_HOST'])
    await expect(connect({ host, origin: loopback.origin, cookie })).rejects.toThrow('421 WRONG_HOST')
  }
})

test('a request without a host gets nothing', async () => {
  const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(loopback.origin).port) })
  socket.write('GET / HTTP/1.0\r\n\r\n')
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  expect(answer).toMatch(/^HTTP\/1\.1 421 /)
})

test('requests of other pages are refused, and so are all methods except reads', async () => {
  const cookie = await cookieOf()
  for (const origin of ['https://evil.example', 'null', loopback.origin.replace('127.0.0.1', 'localhost')])
    expect(codeOf((await get('/', { origin, cookie })).body), origin).toBe('WRONG_ORIGIN')
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
    expect((await get('/', { cookie }, method)).status, method).toBe(405)
})

test('a WebSocket needs the right origin, path and cookie', async () => {
  const cookie = await cookieOf()
  const { origin } = loopback
  await expect(connect({ cookie })).rejects.toThrow('403 WRONG_ORIGIN')
  await expect(connect({ cookie, origin: 'https://evil.example' })).rejects.toThrow('403 WRONG_ORIGIN')
  await expect(connect({ cookie, origin: 'null' })).rejects.toThrow('403 WRONG_ORIGIN')
  await expect(connect({ cookie, origin: `${origin}.evil.example` })).rejects.toThrow('403 WRONG_ORIGIN')
  await expect(connect({ origin })).rejects.toThrow('401 NOT_LAUNCHED')
  await expect(connect({ origin, cookie: `${cookie.split('=')[0]}=wrong` })).rejects.toThrow('401 SESSION_EXPIRED')
  await expect(connect({ origin, cookie }, '/other')).rejects.toThrow('404 NOT_FOUND')
  await expect(connect({ origin, cookie }, '/api/../api?x=1')).rejects.toThrow('404 NOT_FOUND')
})

test('a cookie without its key opens no WebSocket, because every port of this address receives cookies; nor does another browser’s key', async () => {
  const [mine, other] = [await enter(loopback.launchUrl()), await enter(loopback.launchUrl())]
  const headers = { origin: loopback.origin, cookie: mine.cookie }
  await expect(connect(headers)).rejects.toThrow('401 NOT_LAUNCHED')
  for (const key of ['', 'A'.repeat(43), other.key, mine.key.slice(1), mine.key.toUpperCase(), mine.cookie.split('=')[1] ?? ''])
    await expect(connect(headers, '/api', key), key).rejects.toThrow('401 NOT_LAUNCHED')
  await expect(connect({ origin: loopback.origin }, '/api', mine.key)).rejects.toThrow('401 NOT_LAUNCHED')
  const socket = await connect(headers, '/api', mine.key)
  expect(socket.protocol, 'the key is not repeated').toBe('propaganda')

  expect(codeOf((await get('/api', { cookie: mine.cookie })).body)).toBe('NOT_LAUNCHED')
  expect(codeOf((await get('/api', { cookie: mine.cookie, 'x-propaganda-key': mine.key })).body)).toBe('UPGRADE_REQUIRED')
  for (const path of ['/', '/api', '/assets/main-1a2b.js', '/index.html'])
    expect((await get(path, { cookie: mine.cookie, ...page })).body, path).not.toContain(mine.key)
})

test('the API over a real socket returns answers, the contract’s errors, and typed errors for unknown procedures', async () => {
  const api = apiOver(await newWindow())
  expect(await api.session.get()).toEqual({ state: 'first_start' })
  await expect(api.users.list()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', defined: true })
  await expect(api.session.signIn({ email: 'not an address', password: 'x' })).rejects.toMatchObject({
    code: 'INVALID',
    data: { issues: [{ path: 'email' }] },
  })
  const loose = api as unknown as { nothing: { here: (input: unknown) => Promise<unknown> } }
  await expect(loose.nothing.here({})).rejects.toMatchObject({ code: 'UNKNOWN_PROCEDURE', status: 404 })
  await expect(loose.nothing.here('__proto__')).rejects.toMatchObject({ code: 'UNKNOWN_PROCEDURE' })
})

test.each([
  ['not JSON', 'hello'],
  ['JSON that is not a message', '[]'],
  ['a request without an address', '{"i":"1","p":{}}'],
  ['a request to another host', '{"i":"1","p":{"u":"https://evil.example/session/get"}}'],
  ['a message of an unknown kind', '{"i":"1","t":9,"p":{"u":"/session/get"}}'],
  ['an invalid binary message', Buffer.from([0xff, 1, 2, 3])],
])('an invalid message ends its socket immediately, and the application continues: %s', async (_name, message) => {
  const entry = await enter(loopback.launchUrl())
  const bad = await window(entry)
  const good = apiOver(await window(entry))
  bad.send(message)
  expect(await closing(bad)).toEqual({ code: 1008, reason: 'MALFORMED_MESSAGE' })
  expect(await good.session.get()).toEqual({ state: 'first_start' })
})

test.each([
  ['brackets', '['.repeat(MAX_PAYLOAD - 1), 1008],
  ['nested input', `{"i":"1","p":{"u":"/drafts/put","b":{"json":${'['.repeat(40)}${']'.repeat(40)}}}}`, 1008],
  [
    'a form without its body',
    '{"i":"1","p":{"u":"/imports/inspect","h":{"content-type":"multipart/form-data; boundary=x"}}}',
    1008,
  ],
])('a message that exceeds a bound closes its socket, and the application continues: %s', async (_name, message, code) => {
  const entry = await enter(loopback.launchUrl())
  const [bad, good] = [await window(entry), apiOver(await window(entry))]
  bad.send(message)
  expect(await closing(bad)).toMatchObject({ code })
  expect(await good.session.get()).toMatchObject({ state: expect.any(String) })
})

test('a window downloads its export, another browser does not, and no one without its token', async () => {
  const { cookie, key } = await enter(loopback.launchUrl())
  const headers = { origin: loopback.origin, cookie }
  const socket = new WebSocket(`${loopback.origin.replace('http', 'ws')}/api`, offeredSubprotocols(key), { headers })
  sockets.push(socket)
  await once(socket, 'open')
  const api = apiOver(socket)
  await api.workspace.create({
    clientName: 'Exports',
    timeZone: 'UTC',
    adminName: 'Ada',
    adminEmail: 'ada@exports.test',
    adminPassword: 'correct horse',
  })
  let path: string | null = null
  for await (const event of await api.exports.calls({ format: 'csv' })) if (event.kind === 'done') path = event.file.download
  const url = `${loopback.origin}${path}`
  const answer = await fetch(url, { headers: { cookie } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''calls-\d{4}-\d\d-\d\d\.csv$/)
  expect((await answer.text()).slice(0, 10)).toContain('When')
  const other = await enter(loopback.launchUrl())
  const statusOf = async (address: string, init: RequestInit = {}) => (await fetch(address, init)).status
  expect(await statusOf(url, { headers: { cookie: other.cookie } })).toBe(404)
  expect(await statusOf(`${url}x`, { headers: { cookie } })).toBe(404)
  expect(await statusOf(`${loopback.origin}/download/../launch`, { headers: { cookie } })).not.toBe(500)
  expect(await statusOf(url)).toBe(401)
  await api.session.signOut()
  expect(await statusOf(url, { headers: { cookie } })).toBe(404)
})

test('100 MB of brackets or text neither block nor end an application that accepts files of that size', async () => {
  const own = await startLoopback({
    application: app.application,
    rendererRoot: app.home,
    port: 0,
    clock: () => app.now(),
    random: (length) => randomBytes(length),
    log: () => {},
  })
  const { cookie, key } = await enter(own.launchUrl())
  const headers = { origin: own.origin, cookie }
  const open = async () => {
    const socket = new WebSocket(`${own.origin.replace('http', 'ws')}/api`, offeredSubprotocols(key), { headers })
    await once(socket, 'open')
    return socket
  }
  const good = apiOver(await open())
  const brackets = Buffer.alloc(100 * 1024 * 1024, '[')
  const before = process.memoryUsage().heapUsed
  const [text, binary] = [await open(), await open()]
  text.send(brackets, { binary: false })
  expect(await closing(text)).toEqual({ code: 1009, reason: 'MESSAGE_TOO_LARGE' })
  binary.send(brackets)
  expect(await closing(binary)).toEqual({ code: 1008, reason: 'MALFORMED_MESSAGE' })
  expect(await good.session.get()).toMatchObject({ state: expect.any(String) })
  // Parsing them would take gigabytes.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 1024 * 1024)
  await own.close()
})

test('a message over the limit ends the socket with 1009', async () => {
  const socket = await newWindow()
  socket.send('x'.repeat(MAX_PAYLOAD + 1))
  expect(await closing(socket)).toMatchObject({ code: 1009 })
})

test('tabs of one browser share the session; another browser has its own', async () => {
  const mine = await enter(loopback.launchUrl())
  const [tab, other] = [apiOver(await window(mine)), apiOver(await window(mine))]
  const stranger = apiOver(await newWindow())
  await tab.workspace.create({
    clientName: 'Acme',
    timeZone: 'UTC',
    adminName: 'Ada',
    adminEmail: 'ada@acme.test',
    adminPassword: 'correct horse battery',
  })
  expect(await other.session.get()).toMatchObject({ state: 'signed_in', user: { email: 'ada@acme.test' } })
  expect(await stranger.session.get()).toEqual({ state: 'signed_out' })

  // The browser that opens another address keeps its cookie, and with it its session.
  const again = await enter(loopback.launchUrl(), mine.cookie)
  expect(again.cookie).toBe(mine.cookie)
  expect(again.key).not.toBe(mine.key)
  const [before, after] = [apiOver(await window(mine)), apiOver(await window(again))]
  expect((await before.session.get()).state, 'a tab that has only the earlier key').toBe('signed_in')
  expect((await after.session.get()).state).toBe('signed_in')

  await other.session.signOut({})
  expect(await tab.session.get()).toEqual({ state: 'signed_out' })
})

test('a reserved address signs in the browser that opens it, and no other', async () => {
  const { url, connection } = loopback.reserve()
  const api = app.connect(connection)
  await api.session.signIn({ email: 'ada@acme.test', password: 'correct horse battery' })
  const browser = apiOver(await window(await enter(url, await cookieOf())))
  expect(await browser.session.get()).toMatchObject({ state: 'signed_in' })
})

test('if a browser withholds the strict cookie after a link from another page, the page reloads itself', async () => {
  const crossSite = { ...page, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const first = await get('/', crossSite)
  expect(first.status).toBe(200)
  expect(first.body).toContain('http-equiv="refresh"')
  expect((await get('/', { ...page, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' })).status).toBe(401)
})

test('no token, cookie, key or query reaches the log', async () => {
  const { cookie, key } = await enter(loopback.launchUrl())
  await expect(connect({ origin: loopback.origin, cookie: `${cookie.split('=')[0]}=wrong` }, '/api', key)).rejects.toThrow('401')
  await get('/launch?token=secretsecret')
  await get('/nothing-here.js?secretsecret', { cookie })
  const log = JSON.stringify(app.log)
  expect(log).toContain('TOKEN_UNKNOWN')
  expect(log).not.toContain('secretsecret')
  expect(log).not.toContain(cookie.split('=')[1])
  expect(log).not.toContain(key)
})

test('closing ends every socket with 1001 and frees the port', async () => {
  const own = await start()
  const { cookie, key } = await enter(own.launchUrl())
  const headers = { origin: own.origin, cookie }
  const socket = new WebSocket(`${own.origin.replace('http', 'ws')}/api`, offeredSubprotocols(key), { headers })
  await once(socket, 'open')
  const ended = closing(socket)
  await own.close()
  expect(await ended).toMatchObject({ code: 1001 })
  await expect(rawRequest(own.origin, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('without the built files the answer tells the person how to build them', async () => {
  const own = await startLoopback({
    application: app.application,
    rendererRoot: join(app.home, 'nowhere'),
    port: 0,
    clock: Date.now,
    random: (length) => randomBytes(length),
    log: () => {},
  })
  const answer = await rawRequest(own.origin, '/', { cookie: (await enter(own.launchUrl())).cookie })
  await own.close()
  expect([answer.status, codeOf(answer.body)]).toEqual([503, 'NOT_BUILT'])
})

test('a used port rejects with the system’s error', async () => {
  const { port } = new URL(loopback.origin)
  const second = startLoopback({
    application: app.application,
    rendererRoot: app.home,
    port: Number(port),
    clock: Date.now,
    random: (length) => randomBytes(length),
    log: () => {},
  })
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
