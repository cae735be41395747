import type { ClientId } from '../../core/id.ts'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import { pushEnvelopeSchema, readEnvelope, type PushEnvelope } from '../../core/sync/envelope.ts'
import { SyncError, isSyncError } from '../../core/sync/errors.ts'
import {
  LIMITS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  SUPPORTED_PROTOCOLS,
  enrolRequestSchema,
  pastRequestSchema,
} from '../../core/sync/protocol.ts'
import { teamSinceSchema } from '../../core/sync/team-protocol.ts'
import { must } from '../../core/assert.ts'
import { bearerToken } from '../service/authenticate.ts'
import { PAST_BODY, SMALL_BODY, chooseEncoding, isEncoding, readBody, type Encoding } from '../service/body.ts'
import type { RequestOrigin } from '../service/push.ts'
import type { StoreRequest, WhoAmI, WireAnswer } from '../threads/store-thread.ts'
import { framesOf } from '../../platform/log/frames.ts'
import type { Thread } from '../../platform/threads/thread.ts'
import { ThreadFault } from '../threads/thread-errors.ts'
import type { Enrolment } from './enrolment.ts'
import { BulkRequests, type Bulk, type Requester, type BulkLimits } from './bulk-requests.ts'
import type { EventStreams } from './event-streams.ts'
import { FairQueue } from './fair-queue.ts'
import { IncomingBodies, type ReceivedBody } from './incoming-bodies.ts'
import type { IntakeThreads } from './intake.ts'
import { OutgoingAnswers } from './outgoing-answers.ts'
import { faultReason, type Readiness } from './readiness.ts'
import { throttled } from './throttled.ts'
import { Throttle } from './throttle.ts'

export type HttpLimits = BulkLimits & {
  /** Per device; per address if the device is unknown. */
  readonly requestsPerMinute: number
  /** Per address. */
  readonly enrolmentsPerMinute: number
}

export const DEFAULT_LIMITS: HttpLimits = {
  requestsPerMinute: 6_000,
  enrolmentsPerMinute: 20,
  waitingBytes: 64_000_000,
  refusedAtOnce: 20_000,
  refusedPerHour: 5_000,
  eventsAtOnce: 30_000,
  eventsPerHour: 2_000,
}

export type HttpOptions = {
  readonly reader: Thread
  readonly writer: Thread
  readonly intakes: IntakeThreads
  readonly enrolment: Enrolment
  readonly readiness: Readiness
  readonly streams: EventStreams
  readonly publishKey: string | null
  readonly proxies: number
  readonly log: Logger
  readonly limits?: Partial<HttpLimits>
}

/** The most tokens, as hashes, that are remembered as valid. */
const MOST_KNOWN_DEVICES = 10_000
/** Time-outs of a request's headers and of its whole body, ms. */
const HEADERS_MS = 15_000
const REQUEST_MS = 60_000
/** After a refusal the sender may continue to send the body for this time, so that it reads the answer, ms. */
const LINGER_MS = 5_000
/** The most pages that the reader makes at the same time, so that its thread can check tokens in between. */
const PAGES_AT_ONCE = 1
/** The most bytes of unread answers per requester: a few pages. */
const REQUESTER_ANSWER_BYTES = 4 * LIMITS.pageBytes

declare module 'fastify' {
  interface FastifyRequest {
    /** For the log; null until the request is authenticated. */
    clientId: ClientId | null
    errorCode: string | null
    /** The requester whose limits the body counts for; null if the request may not have a body. */
    requester: Requester | null
    /** Read before the body; null for every other request than a push. */
    pushEnvelope: PushEnvelope | null
  }
}

/** Creates the HTTP server: limits, authentication headers, bodies as bytes to the threads and back, typed errors, and the log. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const app = fastify({
    logger: false,
    trustProxy: (_address, hop) => hop < options.proxies,
    requestTimeout: REQUEST_MS,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 5_000 },
    connectionTimeout: 0,
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 100 },
    return503OnClosing: true,
    // Requests that reach no route: an invalid address, or text that is not HTTP.
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
  app.decorateRequest('requester', null)
  app.decorateRequest('pushEnvelope', null)
  app.removeAllContentTypeParsers()

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const typed = asSyncError(error)
    request.errorCode = typed.code
    if (typed.code === 'INTERNAL' || error.cause instanceof ThreadFault) logFault(options.log, error)
    return sendError(reply, typed)
  })
  app.setNotFoundHandler(() => {
    throw new SyncError('NOT_FOUND', 'There is nothing at this address')
  })
  app.addHook('onResponse', async (request, reply) => logRequest(options.log, request, reply))
  // Node reads and drops the rest of a refused body for `LINGER_MS`.
  app.addHook('onSend', async ({ raw }, reply) => {
    if (reply.statusCode < 400 || raw.complete) return
    setTimeout(() => void (raw.complete || raw.destroy()), LINGER_MS).unref()
  })
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
    errorResponseBuilder: (_request, { ttl }) => throttled(ttl, 'Too many requests; wait before the next one'),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': false },
  })
  await app.register(async (scope) => registerHealth(scope, options))
  await app.register(async (scope) => registerSync(scope, options, limits, known), { prefix: '/v1' })
  return app
}

function registerHealth(app: FastifyInstance, { readiness }: HttpOptions): void {
  const unlimited = { config: { rateLimit: false } }
  /** The process runs. */
  app.get('/health', unlimited, async () => ({ status: 'ok' }))
  /** The store can be read and written, and the disk has room. */
  app.get('/ready', unlimited, async () => {
    await readiness.require()
    return { status: 'ready' }
  })
}

function registerSync(app: FastifyInstance, options: HttpOptions, limits: HttpLimits, known: KnownDevices): void {
  const { reader, writer, intakes, enrolment, streams, publishKey } = options
  const publishThrottle = new Throttle()
  const bulk = new BulkRequests(intakes, writer, limits)
  const signIns = new IncomingBodies(SIGN_IN_BODIES)
  const pastRequests = new IncomingBodies(PAST_BODIES)
  const pages = new FairQueue({ long: PAGES_AT_ONCE })
  const outgoing = new OutgoingAnswers({
    bytes: limits.waitingBytes,
    bytesOfRequester: REQUESTER_ANSWER_BYTES,
    drainMs: REQUEST_MS,
  })
  app.addHook('onRequest', async (request) => requireProtocol(request))
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header(PROTOCOL_HEADER, String(PROTOCOL_VERSION))
  })

  const wire = async (request: FastifyRequest, reply: FastifyReply, answered: Promise<WireAnswer>) => {
    const { body, encoding, headers, clientId } = await answered
    request.clientId = clientId
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    reply.headers(headers).header('vary', 'accept-encoding').type('application/json')
    return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
  }

  const whoami = async (request: FastifyRequest): Promise<WhoAmI> => {
    const who = await reader.request<WhoAmI>({ do: 'whoami', token: requireToken(request) } satisfies StoreRequest)
    request.clientId = who.clientId
    known.add(bearerToken(request.headers.authorization), personKey(who))
    return who
  }

  const perAddress = {
    rateLimit: {
      max: limits.enrolmentsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request: FastifyRequest) => `enrol:${request.ip}`,
    },
  }
  void app.register(async (scope) => {
    scope.addContentTypeParser('application/json', async (request: FastifyRequest, stream: IncomingMessage) =>
      signIns.receive(stream, `enrol:${request.ip}`, request.ip),
    )
    scope.post('/enrol', { config: perAddress }, async (request) => {
      const { bytes, release } = bodyOf(request)
      release()
      const { value } = readBody(enrolRequestSchema, bytes, encodingOf(request), SMALL_BODY)
      const enrolled = await enrolment.enrol(value, originOf(request), bearerToken(request.headers.authorization))
      request.clientId = enrolled.clientId
      return enrolled
    })
  })

  // All checks that need no body run before its first byte is read.
  void app.register(async (scope) => {
    scope.addContentTypeParser('application/json', async (request: FastifyRequest, stream: IncomingMessage) => {
      encodingOf(request)
      return bulk.receive(stream, requesterOf(request))
    })
    const send = (request: FastifyRequest, reply: FastifyReply, sent: Bulk) =>
      wire(request, reply, bulk.answer(requesterOf(request), bodyOf(request), encodingOf(request), sent))
    const senderOf = (request: FastifyRequest) => {
      const token = bearerToken(request.headers.authorization)
      return { token, origin: originOf(request), accept: acceptOf(request) }
    }
    const mayPublish = async (request: FastifyRequest) => {
      requirePublishKey(request, publishKey, publishThrottle)
      request.requester = { key: `publish:${request.ip}`, address: request.ip }
    }
    const mayPush = async (request: FastifyRequest) => {
      request.requester = { key: personKey(await whoami(request)), address: request.ip }
      bulk.requireAllowance(request.requester)
      request.pushEnvelope = readPushEnvelope(request)
    }
    // `preParsing` runs after the limit on requests and before the body is read.
    scope.post('/publish', { preParsing: mayPublish }, async (request, reply) =>
      send(request, reply, { do: 'publish', ...senderOf(request) }),
    )
    scope.post('/push', { preParsing: mayPush }, async (request, reply) =>
      send(request, reply, { do: 'push', ...senderOf(request), envelope: envelopeOf(request) }),
    )
  })

  const read = async (request: FastifyRequest, reply: FastifyReply, asked: StoreRequest) => {
    const requester = known.personOf(bearerToken(request.headers.authorization)) ?? personKey(await whoami(request))
    return wire(
      request,
      reply,
      pages.run(requester, 'long', async (charge) => {
        outgoing.requireRoom(requester)
        const answer = await reader.request<WireAnswer>(asked, { onWorked: charge })
        outgoing.hold(requester, answer.body.length, reply.raw)
        return answer
      }),
    )
  }
  const page = (request: FastifyRequest, reply: FastifyReply, cursor: string | null) =>
    read(request, reply, { do: 'page', token: requireToken(request), cursor, accept: acceptOf(request) })
  app.get('/snapshot', async (request, reply) => page(request, reply, null))
  app.get('/pull', async (request, reply) => {
    const { cursor } = request.query as Record<string, unknown>
    if (typeof cursor !== 'string') throw new SyncError('CURSOR', 'A pull needs a cursor; the first one comes with a snapshot')
    return page(request, reply, cursor)
  })

  app.get('/history/:table/:rowId', async (request, reply) => {
    const { table, rowId } = request.params as { table: string; rowId: string }
    return read(request, reply, { do: 'history', token: requireToken(request), table, rowId, accept: acceptOf(request) })
  })

  app.get('/audit', async (request, reply) => {
    const query = request.query as Record<string, unknown>
    const asked: StoreRequest = { do: 'audit', token: requireToken(request), query, accept: acceptOf(request) }
    return read(request, reply, asked)
  })

  app.get('/team', async (request, reply) => {
    const token = requireToken(request)
    const { success, data: since } = teamSinceSchema.safeParse((request.query as Record<string, unknown>)['since'])
    if (!success) throw new SyncError('MALFORMED', 'The request could not be read', { path: 'since' })
    const isDue = await reader.request<boolean>({ do: 'isTeamDue', token } satisfies StoreRequest)
    if (isDue) await writer.request({ do: 'publishTeam', token } satisfies StoreRequest)
    return read(request, reply, { do: 'team', token, since, accept: acceptOf(request) })
  })

  void app.register(async (scope) => {
    scope.addContentTypeParser('application/json', async (request: FastifyRequest, stream: IncomingMessage) => {
      const { key, address } = requesterOf(request)
      return pastRequests.receive(stream, key, address)
    })
    const mayReadPast = async (request: FastifyRequest) => {
      request.requester = { key: personKey(await whoami(request)), address: request.ip }
    }
    scope.post('/past', { preParsing: mayReadPast }, async (request, reply) => {
      const { bytes, release } = bodyOf(request)
      release()
      const { value } = readBody(pastRequestSchema, bytes, encodingOf(request), PAST_BODY)
      return read(request, reply, { do: 'past', token: requireToken(request), request: value, accept: acceptOf(request) })
    })
  })

  app.get('/events', async (request, reply) => {
    const who = await whoami(request)
    reply.hijack()
    streams.open(who, reply.raw)
  })
}

/** Bodies of sign-ins. Anyone can send them, so they are small and are counted separately from those of devices. */
const SIGN_IN_BODIES = {
  bodyBytes: SMALL_BODY.bytes,
  bytes: 2_000_000,
  bytesOfRequester: 500_000,
  bytesOfAddress: 500_000,
  count: 500,
  countOfAddress: 100,
  idleMs: 15_000,
}

/** Bodies with which imports request the history of calls. */
const PAST_BODIES = { ...SIGN_IN_BODIES, bodyBytes: PAST_BODY.bytes }

function requesterOf(request: FastifyRequest): Requester {
  return must(request.requester, 'The token or the key was checked before the body')
}

function envelopeOf(request: FastifyRequest): PushEnvelope {
  return must(request.pushEnvelope, 'The envelope was read before the body')
}

/** Returns the key for a person's limits and turns. They are not counted per device, because a person can enrol any number of devices. */
function personKey({ clientId, userId }: WhoAmI): string {
  return `user:${clientId}:${userId}`
}

/**
 * Devices that recently sent a valid token. Each has its own limit. All other requests are limited by address, so that invented tokens
 * give no new allowance.
 */
class KnownDevices {
  readonly #persons = new Map<string, string>()

  add(token: string | undefined, person: string): void {
    if (token !== undefined) this.#renew(hashOf(token), person)
  }

  /** Returns the device's key for the limit on requests. */
  keyOf(token: string | undefined): string | undefined {
    if (token === undefined) return undefined
    const key = hashOf(token)
    const person = this.#persons.get(key)
    if (person === undefined) return undefined
    this.#renew(key, person)
    return `device:${key}`
  }

  /** Returns the key of the person who uses the device. */
  personOf(token: string | undefined): string | undefined {
    return token === undefined ? undefined : this.#persons.get(hashOf(token))
  }

  /** Makes the device the last one to be dropped. */
  #renew(key: string, person: string): void {
    this.#persons.delete(key)
    this.#persons.set(key, person)
    if (this.#persons.size <= MOST_KNOWN_DEVICES) return
    const [oldest] = this.#persons.keys()
    if (oldest !== undefined) this.#persons.delete(oldest)
  }
}

const hashOf = (token: string) => hash('sha256', token, 'base64')

function requireProtocol(request: FastifyRequest): void {
  const version = Number(request.headers[PROTOCOL_HEADER])
  if (!SUPPORTED_PROTOCOLS.includes(version))
    throw new SyncError(
      'PROTOCOL',
      'This server and this app use different protocol versions; nothing was lost. Update the older one',
      {
        supported: [...SUPPORTED_PROTOCOLS],
      },
    )
}

/** Checks only the form of the token. The transaction that uses the token reads its person. */
function requireToken(request: FastifyRequest): string {
  const token = bearerToken(request.headers.authorization)
  if (token === undefined)
    throw new SyncError('UNAUTHENTICATED', 'This device is not enrolled on this server; sign in to the server')
  return token
}

function requirePublishKey(request: FastifyRequest, publishKey: string | null, throttle: Throttle): void {
  const now = performance.now()
  const retryAt = throttle.retryAt(request.ip, now)
  if (retryAt !== null) throw throttled(retryAt - now, 'Too many wrong keys; wait before you try again')
  const header = request.headers.authorization ?? ''
  const given = header.startsWith('Bearer ') ? header.slice(7) : ''
  const digest = (text: string) => hash('sha256', text, 'buffer')
  if (publishKey !== null && timingSafeEqual(digest(given), digest(publishKey))) return
  throttle.count(request.ip, now)
  throw new SyncError('PUBLISH_KEY', 'The publish key is missing or wrong, or this server does not accept publications')
}

/** @throws SyncError MALFORMED if the headers of a push are missing or malformed. */
function readPushEnvelope(request: FastifyRequest): PushEnvelope {
  const envelope = readEnvelope(pushEnvelopeSchema, (name) => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join() : value
  })
  if (envelope !== undefined) return envelope
  throw new SyncError('MALFORMED', 'The headers of the push do not follow the protocol; nothing was changed', { path: 'headers' })
}

function bodyOf(request: FastifyRequest): ReceivedBody {
  const body = request.body as ReceivedBody | undefined
  if (body !== undefined) return body
  throw new SyncError('UNSUPPORTED_MEDIA', 'The body must be application/json')
}

function encodingOf(request: FastifyRequest): Encoding {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (isEncoding(encoding)) return encoding
  throw new SyncError('UNSUPPORTED_MEDIA', 'The body can only be compressed with zstd or gzip')
}

function acceptOf(request: FastifyRequest): Encoding {
  return chooseEncoding(request.headers['accept-encoding'])
}

/** Returns the origin for the audit trail. It is read from the connection, never from the body. */
function originOf(request: FastifyRequest): RequestOrigin {
  const userAgent = request.headers['user-agent']?.slice(0, 300)
  return { ipAddress: request.ip, userAgent: userAgent ?? null }
}

function asSyncError(error: FastifyError | SyncError): SyncError {
  if (error instanceof SyncError) return error
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new SyncError('UNSUPPORTED_MEDIA', 'The body must be application/json')
  const { statusCode = 500 } = error
  if (statusCode === 503) return new SyncError('UNAVAILABLE', 'The server is stopping; try again')
  if (statusCode < 500) return new SyncError('MALFORMED', 'The request could not be read', { path: '' })
  return new SyncError('INTERNAL', 'The server could not handle this request; nothing was changed. Try again later')
}

function sendError(reply: FastifyReply, error: SyncError): FastifyReply {
  if (isSyncError(error, 'THROTTLED')) reply.header('retry-after', String(error.data.retryAfter))
  return reply.code(error.status).type('application/json').send(JSON.stringify(error.toBody()))
}

/** Logs a fault of the server: its kind, the code of its cause, and where it was thrown. Its message is left out: it may quote a row. */
function logFault(log: Logger, error: Error): void {
  const fault = error.cause instanceof Error ? error.cause : error
  log.error({ event: 'fault', error: fault.name, reason: faultReason(error), frames: framesOf(fault) })
}

/** Logs the route, the result and the time. The URL, network addresses and names are left out. */
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
