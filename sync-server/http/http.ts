import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { hash, timingSafeEqual } from 'node:crypto'
import type { Logger } from 'pino'
import { SyncError, isSyncError } from '../../core/sync/errors.ts'
import { LIMITS, PROTOCOL_HEADER, PROTOCOL_VERSION, SUPPORTED_PROTOCOLS, enrolRequestSchema } from '../../core/sync/protocol.ts'
import { bearerToken } from '../service/authenticate.ts'
import { chooseEncoding, isEncoding, readBody, type Encoding } from '../service/body.ts'
import type { Origin } from '../service/push.ts'
import type { StoreRequest, WhoAmI, WireAnswer } from '../threads/store-thread.ts'
import type { Thread } from '../threads/thread.ts'
import type { Enrolment } from './enrolment.ts'
import type { EventStreams } from './event-streams.ts'
import { Throttle } from './throttle.ts'

export type HttpLimits = {
  /** Of one device, or of one address where no device is known. */
  readonly requestsPerMinute: number
  /** Of one address. */
  readonly enrolmentsPerMinute: number
  /** Bodies of pushes and publications that wait for the writer; more are told to come back. */
  readonly waitingBytes: number
}

const DEFAULT_LIMITS: HttpLimits = { requestsPerMinute: 6_000, enrolmentsPerMinute: 20, waitingBytes: 64_000_000 }

export type HttpOptions = {
  readonly reader: Thread
  readonly writer: Thread
  readonly enrolment: Enrolment
  readonly streams: EventStreams
  readonly publishKey: string | null
  readonly proxies: number
  readonly log: Logger
  readonly limits?: Partial<HttpLimits>
}

/** Tokens that were good lately, as hashes. */
const MOST_KNOWN_DEVICES = 10_000
const SMALL_BODY = 10_000

declare module 'fastify' {
  interface FastifyRequest {
    /** For the log; known once the request was authenticated. */
    clientId: string | null
    errorCode: string | null
  }
}

/** The HTTP side: limits, authentication headers, bodies as bytes to the threads and back, typed errors, and the log. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const app = fastify({
    logger: false,
    trustProxy: (_address, hop) => hop < options.proxies,
    bodyLimit: LIMITS.compressedBytes,
    // A request that is not whole by then is not coming.
    requestTimeout: 60_000,
    connectionTimeout: 0,
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 100 },
    return503OnClosing: true,
    // Requests that never reach a route: a broken address, or no HTTP at all.
    frameworkErrors: (error, _request, reply) => void sendError(reply, asSyncError(error)),
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(new SyncError('MALFORMED', 'The request could not be read', { path: '' }).toBody())
      const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`
      if (socket.writable) socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`)
      else socket.destroy()
    },
  })
  app.decorateRequest('clientId', null)
  app.decorateRequest('errorCode', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const typed = asSyncError(error)
    request.errorCode = typed.code
    if (typed.code === 'INTERNAL') options.log.error({ event: 'fault', error: error.name, frames: framesOnly(error) })
    return sendError(reply, typed)
  })
  app.setNotFoundHandler(() => {
    throw new SyncError('NOT_FOUND', 'There is nothing at this address')
  })
  app.addHook('onResponse', async (request, reply) => logRequest(options.log, request, reply))
  app.addHook('preClose', async () => options.streams.close())

  const known = new KnownDevices()
  await app.register(rateLimit, {
    global: true,
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: MOST_KNOWN_DEVICES,
    // Before the body is read.
    hook: 'onRequest',
    keyGenerator: (request) => known.keyOf(bearerToken(request.headers.authorization)) ?? `address:${request.ip}`,
    errorResponseBuilder: (_request, { ttl }) =>
      new SyncError('THROTTLED', 'Too many requests; wait before the next', { retryAfter: Math.ceil(ttl / 1_000) }),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': false },
  })
  await app.register(async (scope) => registerHealth(scope, options))
  await app.register(async (scope) => registerSync(scope, options, limits, known), { prefix: '/v1' })
  return app
}

function registerHealth(app: FastifyInstance, { reader, writer }: HttpOptions): void {
  const unlimited = { config: { rateLimit: false } }
  /** The process runs. */
  app.get('/health', unlimited, async () => ({ status: 'ok' }))
  /** The store can be read and written. */
  app.get('/ready', unlimited, async () => {
    await Promise.all([reader, writer].map((thread) => thread.request({ do: 'check' } satisfies StoreRequest)))
    return { status: 'ready' }
  })
}

function registerSync(app: FastifyInstance, options: HttpOptions, limits: HttpLimits, known: KnownDevices): void {
  const { reader, writer, enrolment, streams, publishKey } = options
  const publishThrottle = new Throttle()
  const queue = new WriterQueue(writer, limits.waitingBytes)
  app.addHook('onRequest', async (request) => requireProtocol(request))
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header(PROTOCOL_HEADER, String(PROTOCOL_VERSION))
  })

  const wire = async (request: FastifyRequest, reply: FastifyReply, answered: Promise<WireAnswer>) => {
    const { body, encoding, clientId } = await answered
    request.clientId = clientId
    known.add(bearerToken(request.headers.authorization))
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    reply.header('vary', 'accept-encoding').type('application/json')
    return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  }

  const perAddress = {
    rateLimit: {
      max: limits.enrolmentsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request: FastifyRequest) => `enrol:${request.ip}`,
    },
  }
  app.post('/enrol', { config: perAddress, bodyLimit: SMALL_BODY }, async (request) => {
    const body = readBody(enrolRequestSchema, bodyOf(request), encodingOf(request))
    const enrolled = await enrolment.enrol(body, originOf(request), bearerToken(request.headers.authorization))
    request.clientId = enrolled.clientId
    return enrolled
  })

  app.post('/publish', async (request, reply) => {
    requirePublishKey(request, publishKey, publishThrottle)
    return wire(request, reply, queue.send({ do: 'publish', ...sentBy(request) }))
  })

  app.post('/push', async (request, reply) => {
    requireToken(request)
    return wire(request, reply, queue.send({ do: 'push', ...sentBy(request) }))
  })

  const page = (request: FastifyRequest, reply: FastifyReply, cursor: string | null) => {
    const asked: StoreRequest = { do: 'page', token: requireToken(request), cursor, accept: acceptOf(request) }
    return wire(request, reply, reader.request<WireAnswer>(asked))
  }
  app.get('/snapshot', async (request, reply) => page(request, reply, null))
  app.get('/pull', async (request, reply) => {
    const { cursor } = request.query as Record<string, unknown>
    if (typeof cursor !== 'string') throw new SyncError('CURSOR', 'A pull needs a cursor; a snapshot gives the first one')
    return page(request, reply, cursor)
  })

  app.get('/history/:table/:rowId', async (request, reply) => {
    const { table, rowId } = request.params as { table: string; rowId: string }
    const asked: StoreRequest = { do: 'history', token: requireToken(request), table, rowId, accept: acceptOf(request) }
    return wire(request, reply, reader.request<WireAnswer>(asked))
  })

  app.get('/events', async (request, reply) => {
    const who = await reader.request<WhoAmI>({ do: 'whoami', token: requireToken(request) } satisfies StoreRequest)
    request.clientId = who.clientId
    known.add(bearerToken(request.headers.authorization))
    reply.hijack()
    streams.open(who, reply.raw)
  })
}

/** Bodies on their way to the writer. What it cannot take soon is refused at once, so that memory stays bounded. */
class WriterQueue {
  readonly #writer: Thread
  readonly #limit: number
  #bytes = 0

  constructor(writer: Thread, limit: number) {
    this.#writer = writer
    this.#limit = limit
  }

  async send(request: Extract<StoreRequest, { readonly body: Uint8Array }>): Promise<WireAnswer> {
    const bytes = request.body.length
    if (this.#bytes > 0 && this.#bytes + bytes > this.#limit)
      throw new SyncError('UNAVAILABLE', 'The server is busy; nothing was changed. Ask again')
    this.#bytes += bytes
    try {
      return await this.#writer.request<WireAnswer>(request)
    } finally {
      this.#bytes -= bytes
    }
  }
}

/**
 * Devices that showed a good token lately. They are limited each by itself; everyone else by address, so that tokens made
 * up on the way give no fresh allowance.
 */
class KnownDevices {
  readonly #hashes = new Set<string>()

  add(token: string | undefined): void {
    if (token === undefined) return
    const key = hash('sha256', token, 'base64')
    this.#hashes.delete(key)
    this.#hashes.add(key)
    if (this.#hashes.size <= MOST_KNOWN_DEVICES) return
    const [oldest] = this.#hashes
    if (oldest !== undefined) this.#hashes.delete(oldest)
  }

  keyOf(token: string | undefined): string | undefined {
    const key = token === undefined ? undefined : hash('sha256', token, 'base64')
    return key !== undefined && this.#hashes.has(key) ? `device:${key}` : undefined
  }
}

function requireProtocol(request: FastifyRequest): void {
  const spoken = Number(request.headers[PROTOCOL_HEADER])
  if (!SUPPORTED_PROTOCOLS.includes(spoken))
    throw new SyncError('PROTOCOL', 'This server and this app speak different versions; one needs an update. Nothing is lost', {
      supported: [...SUPPORTED_PROTOCOLS],
    })
}

/** Only its form; whose it is is read in the transaction that it is used in. */
function requireToken(request: FastifyRequest): string {
  const token = bearerToken(request.headers.authorization)
  if (token === undefined) throw new SyncError('UNAUTHENTICATED', 'This device is not enrolled here; sign in online')
  return token
}

function requirePublishKey(request: FastifyRequest, publishKey: string | null, throttle: Throttle): void {
  const now = Date.now()
  const retryAt = throttle.retryAt(request.ip, now)
  if (retryAt !== null)
    throw new SyncError('THROTTLED', 'Too many wrong keys; wait before the next try', {
      retryAfter: Math.ceil((retryAt - now) / 1_000),
    })
  const header = request.headers.authorization ?? ''
  const given = header.startsWith('Bearer ') ? header.slice(7) : ''
  const digest = (text: string) => hash('sha256', text, 'buffer')
  if (publishKey !== null && timingSafeEqual(digest(given), digest(publishKey))) return
  throttle.count(request.ip, now)
  throw new SyncError('PUBLISH_KEY', 'The publish key is missing or wrong, or this server takes no publications')
}

function bodyOf(request: FastifyRequest): Uint8Array {
  if (request.body instanceof Uint8Array) return request.body
  throw new SyncError('UNSUPPORTED_MEDIA', 'The body has to be application/json')
}

function encodingOf(request: FastifyRequest): Encoding {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (isEncoding(encoding)) return encoding
  throw new SyncError('UNSUPPORTED_MEDIA', 'The body may be compressed with zstd or gzip')
}

function acceptOf(request: FastifyRequest): Encoding {
  return chooseEncoding(request.headers['accept-encoding'])
}

function sentBy(request: FastifyRequest) {
  return {
    token: bearerToken(request.headers.authorization),
    origin: originOf(request),
    body: bodyOf(request),
    encoding: encodingOf(request),
    accept: acceptOf(request),
  }
}

/** Of the connection, never of the body: it goes into the audit trail. */
function originOf(request: FastifyRequest): Origin {
  const userAgent = request.headers['user-agent']?.slice(0, 300)
  return { ipAddress: request.ip, userAgent: userAgent ?? null }
}

function asSyncError(error: FastifyError | SyncError): SyncError {
  if (error instanceof SyncError) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new SyncError('TOO_LARGE', 'The request is larger than this server takes; send less at once', {
      limit: LIMITS.compressedBytes,
    })
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new SyncError('UNSUPPORTED_MEDIA', 'The body has to be application/json')
  const { statusCode = 500 } = error
  if (statusCode === 503) return new SyncError('UNAVAILABLE', 'The server is stopping; ask again')
  if (statusCode < 500) return new SyncError('MALFORMED', 'The request could not be read', { path: '' })
  return new SyncError('INTERNAL', 'The server failed at this request; nothing was changed. Ask again later')
}

function sendError(reply: FastifyReply, error: SyncError): FastifyReply {
  if (isSyncError(error, 'THROTTLED')) reply.header('retry-after', String(error.data.retryAfter))
  return reply.code(error.status).type('application/json').send(JSON.stringify(error.toBody()))
}

function framesOnly(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim())
}

/** What, how it went and how long it took; the route and not the address asked for, no addresses, no names. */
function logRequest(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url ?? 'unknown'
  if (route === '/health' || route === '/ready') return
  log.info({
    event: 'request',
    method: request.method,
    route,
    status: reply.statusCode,
    code: request.errorCode,
    client: request.clientId,
    ms: Math.round(reply.elapsedTime),
    bytesIn: Number(request.headers['content-length'] ?? 0),
    bytesOut: Number(reply.getHeader('content-length') ?? 0),
  })
}
