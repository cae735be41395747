import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Application } from '../app/application.ts'
import type { Log } from '../platform/log/log.ts'
import { downloadHeaders, downloadToken } from '../app/shell/download.ts'
import { contentPolicy, SECURITY_HEADERS } from '../app/shell/content-policy.ts'
import { RendererFiles } from '../app/shell/renderer-files.ts'
import { systemUptime } from '../app/session/system-uptime.ts'
import type { Clock, RandomBytes } from '../core/id.ts'
import { SteadyClock } from '../core/steady-clock.ts'
import { ApiSockets } from './api-socket.ts'
import { LaunchTokens } from './launch-tokens.ts'
import { KEY_HEADER, keyOfSubprotocols } from '../core/window-key.ts'
import { launchPage } from './launch-page.ts'
import { refusal, type RefusalCode } from './refusal.ts'
import { BrowserSessions } from './browser-sessions.ts'

// An import of this module also loads Node's implementation of fetch, which takes 30 ms and is not used here.
const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http')

const ADDRESS = '127.0.0.1'
const LAUNCH_PATH = '/launch'
const API_PATH = '/api'

/** The largest file that the import accepts, with room for the rest of its message. */
const MAX_PAYLOAD = (256 + 1) * 1024 * 1024
const TOKEN_LIFETIME = 15 * 60_000

export type LoopbackOptions = {
  readonly application: Pick<Application, 'router' | 'openConnection' | 'exportFiles'>
  /** Folder of the window's built files. */
  readonly rendererRoot: string
  /** 0: any free port. */
  readonly port: number
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly maxPayload?: number
}

export type Loopback = {
  readonly origin: string
  /** Returns a new address that opens the application once, within 15 minutes. */
  readonly launchUrl: () => string
  /** Returns a new address and the connection key of the browser that will open it, so that it can be signed in before. */
  readonly reserve: () => { readonly url: string; readonly connection: string }
  /** Returns the number of open windows and tabs. */
  readonly windows: () => number
  readonly close: () => Promise<void>
}

/** Serves the window and its API on this device only. Rejects with the system's error if the port is taken. */
export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const server = createServer({ requestTimeout: 30_000, maxHeaderSize: 16_384 })
  const port = await listen(server, options.port)
  const shell = new LoopbackShell(options, port)
  server.on('request', (request, response) => void shell.answer(request, response))
  server.on('upgrade', (request, socket, head) => shell.upgrade(request, socket, head))
  // The first request of the API needs Node's FormData, which takes 40 ms to load. The browser starts meanwhile.
  setImmediate(() => void FormData)
  return {
    origin: shell.origin,
    launchUrl: () => shell.launchUrl(),
    reserve: () => shell.reserve(),
    windows: () => shell.sockets.size,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await shell.sockets.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, ADDRESS, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

class LoopbackShell {
  readonly origin: string
  readonly sockets: ApiSockets
  readonly #host: string
  readonly #tokens: LaunchTokens
  readonly #sessions: BrowserSessions
  readonly #files: RendererFiles
  readonly #options: LoopbackOptions

  constructor(options: LoopbackOptions, port: number) {
    const { application, clock, random, log } = options
    this.#options = options
    this.#host = `${ADDRESS}:${port}`
    this.origin = `http://${this.#host}`
    // Setting the clock back must not extend the validity of an address.
    this.#tokens = new LaunchTokens(new SteadyClock(clock, systemUptime), random, TOKEN_LIFETIME)
    this.sockets = new ApiSockets({ application, maxPayload: options.maxPayload ?? MAX_PAYLOAD, log })
    this.#sessions = new BrowserSessions(port, random)
    this.#files = new RendererFiles(options.rendererRoot)
  }

  launchUrl(cookie?: string): string {
    return `${this.origin}${LAUNCH_PATH}?token=${this.#tokens.issue(cookie)}`
  }

  reserve(): { readonly url: string; readonly connection: string } {
    const { cookie, connection } = this.#sessions.reserve()
    return { url: this.launchUrl(cookie), connection }
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response)
    } catch (error) {
      // The browser disconnected, or a file was removed. A line in the log is enough.
      this.#options.log({ level: 'warn', event: 'loopback.request', error: error instanceof Error ? error.name : typeof error })
      response.destroy()
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const refused = this.#refuseUpgrade(request)
    if (refused !== undefined) {
      this.#options.log({ level: 'warn', event: 'loopback.refused', code: refused })
      const { status, headers, body } = refusal(refused, false, '')
      const lines = Object.entries({ ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) })
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
      )
      return
    }
    const connection = this.#sessions.connectionOf(request.headers.cookie)
    if (connection !== undefined) this.sockets.accept(request, socket, head, connection)
  }

  #refuseUpgrade({ headers, url }: IncomingMessage): RefusalCode | undefined {
    if (headers.host !== this.#host) return 'WRONG_HOST'
    // Every browser sends the origin of a WebSocket, so a program that sends none is not the window.
    if (headers.origin !== this.origin) return 'WRONG_ORIGIN'
    if (url !== API_PATH) return 'NOT_FOUND'
    return (
      this.#refuseSession(headers.cookie) ?? this.#refuseKey(headers.cookie, keyOfSubprotocols(headers['sec-websocket-protocol']))
    )
  }

  /** Browsers send the cookie to every port of this address, so other programs may have it; they do not send the key. */
  #refuseKey(cookies: string | undefined, key: string | undefined): RefusalCode | undefined {
    const connection = this.#sessions.connectionOf(cookies)
    return connection !== undefined && this.#sessions.holdsKey(connection, key) ? undefined : 'NOT_LAUNCHED'
  }

  #refuseSession(cookies: string | undefined): RefusalCode | undefined {
    if (this.#sessions.connectionOf(cookies) !== undefined) return undefined
    return this.#sessions.hasCookie(cookies) ? 'SESSION_EXPIRED' : 'NOT_LAUNCHED'
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method, url = '/' } = request
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    // A foreign page whose host name points here (DNS rebinding) still sends that name.
    if (headers.host !== this.#host) return this.#refuse(request, response, 'WRONG_HOST')
    if (headers.origin !== undefined && headers.origin !== this.origin) return this.#refuse(request, response, 'WRONG_ORIGIN')
    if (method !== 'GET' && method !== 'HEAD') return this.#refuse(request, response, 'METHOD_NOT_ALLOWED')

    const [path = '/', query = ''] = url.split('?', 2)
    if (path === LAUNCH_PATH) return this.#launch(request, response, new URLSearchParams(query).get('token'))
    const refusedSession = this.#refuseSession(headers.cookie)
    if (refusedSession !== undefined && headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] === 'navigate')
      return this.#reload(response)
    if (refusedSession !== undefined) return this.#refuse(request, response, refusedSession)
    if (path === API_PATH) {
      const key = headers[KEY_HEADER]
      const refused = this.#refuseKey(headers.cookie, typeof key === 'string' ? key : undefined)
      return this.#refuse(request, response, refused ?? 'UPGRADE_REQUIRED')
    }
    const token = downloadToken(path)
    return token === undefined ? this.#file(request, response, path) : this.#download(request, response, token)
  }

  /** A browser sends no key with a download. The token is equally secret, because only the window that made the file received it. */
  async #download(request: IncomingMessage, response: ServerResponse, token: string): Promise<void> {
    const connection = this.#sessions.connectionOf(request.headers.cookie)
    const { exportFiles, openConnection } = this.#options.application
    const file = connection === undefined ? undefined : exportFiles.download(openConnection(connection).connection, token)
    if (file === undefined) return this.#refuse(request, response, 'NOT_FOUND')
    const { size } = await stat(file.path)
    response.writeHead(200, downloadHeaders(file.fileName, size))
    if (request.method === 'HEAD') response.end()
    else await pipeline(createReadStream(file.path), response)
  }

  #launch(request: IncomingMessage, response: ServerResponse, token: string | null): void {
    // A prefetch, or a program that only tests the address, must not use up the token.
    if (request.method === 'HEAD' || String(request.headers['sec-purpose'] ?? '').includes('prefetch')) {
      response.writeHead(204, { 'cache-control': 'no-store' }).end()
      return
    }
    if (token === null || token === '') return this.#refuse(request, response, 'TOKEN_MISSING')
    const redemption = this.#tokens.redeem(token)
    if (redemption.kind !== 'accepted') return this.#refuse(request, response, `TOKEN_${upper(redemption.kind)}`)
    const { setCookie, key } = this.#sessions.admit(request.headers.cookie, redemption.cookie)
    const { headers, body } = launchPage(key, this.#nonce())
    response.writeHead(200, { ...headers, 'set-cookie': setCookie }).end(body)
  }

  /**
   * If the window's address was opened from another page (for example a terminal in a browser), the browser does not send the strict
   * cookie. If the page reloads itself, the browser sends it.
   */
  #reload(response: ServerResponse): void {
    const body = '<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Propaganda Dashboard</title>'
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy(this.#nonce(), []),
      'cache-control': 'no-store',
    })
    response.end(body)
  }

  async #file(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const nonce = this.#nonce()
    const file = await this.#files.find(path, nonce)
    if (file === undefined)
      return this.#refuse(request, response, (await this.#files.find('/', nonce)) === undefined ? 'NOT_BUILT' : 'NOT_FOUND')
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': file.size,
      'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-store',
      'content-security-policy': contentPolicy(nonce, [`ws://${this.#host}`]),
    })
    if (request.method === 'HEAD') response.end()
    else if (typeof file.body === 'string') response.end(file.body)
    else await pipeline(file.body(), response)
  }

  #refuse(request: IncomingMessage, response: ServerResponse, code: RefusalCode): void {
    this.#options.log({ level: 'warn', event: 'loopback.refused', code })
    const asPage = request.headers.accept?.includes('text/html') === true
    const { status, headers, body } = refusal(code, asPage, this.#nonce())
    // The body of a refused request is not read.
    response.writeHead(status, { ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  #nonce(): string {
    return Buffer.from(this.#options.random(16)).toString('base64')
  }
}

function upper<T extends string>(text: T): Uppercase<T> {
  return text.toUpperCase() as Uppercase<T>
}
