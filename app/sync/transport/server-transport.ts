import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { z } from 'zod'
import { parsedJson } from '../../../core/parsed-json.ts'
import {
  DIGEST_HEADER,
  envelopeHeaders,
  envelopeText,
  pageEnvelopeSchema,
  pastEnvelopeSchema,
  pushAnswerEnvelopeSchema,
  readEnvelope,
  type PageEnvelope,
  type PastEnvelope,
  type PushAnswerEnvelope,
  type PushEnvelope,
} from '../../../core/sync/envelope.ts'
import { SyncError, fromErrorBody, isSyncError } from '../../../core/sync/errors.ts'
import {
  HEARTBEAT_MS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  enrolResponseSchema,
  publishResponseSchema,
  type EnrolRequest,
  type EnrolResponse,
  type PastRequest,
  type PublishResponse,
} from '../../../core/sync/protocol.ts'

import { sha256 } from '../../../platform/digest/sha256.ts'
import { readEventStream } from './event-stream.ts'

/** Supplied by the shell: Electron's `fetch` uses the system's proxy and certificates. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The server was not reached, or the answer was interrupted. */
export class UnreachableError extends Error {
  override readonly name: string = 'UnreachableError'
}

/** The answer is not the sync server's: it came from the network's sign-in page or a proxy. */
export class NotTheServerError extends UnreachableError {
  override readonly name = 'NotTheServerError'

  constructor(options?: ErrorOptions) {
    super('The network answered instead of the sync server', options)
  }
}

/** The statuses of a proxy whose server is down. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504])

/** The longest time of a whole exchange with its body, ms. A half-open socket never answers (S20). */
const PATIENCE_MS = 60_000
/** A stream that is silent for longer than two heartbeats is half open. */
const SILENCE_MS = 2 * HEARTBEAT_MS + 5_000

/** Host names may contain characters that headers do not allow. */
const NOT_FOR_HEADERS = /[^ -~]/g

/** A smaller body fits into one packet without compression. */
const WORTH_PACKING_BYTES = 1_024

const compress = promisify(zstdCompress)

export type ServerTransportOptions = {
  readonly url: string
  readonly fetch: Fetch
  /** For the server's audit trail. */
  readonly userAgent: string
  readonly patienceMs?: number
  readonly silenceMs?: number
}

/** An answer whose body is for the thread that reads it. The main thread does not parse it. */
export type Answer<E> = { readonly envelope: E; readonly body: Uint8Array }

/** The sync server over HTTP. Every request settles or times out. */
export class ServerTransport {
  readonly #options: ServerTransportOptions

  constructor(options: ServerTransportOptions) {
    this.#options = options
  }

  /** @throws SyncError if the server refuses; UnreachableError. */
  async enrol(request: EnrolRequest): Promise<EnrolResponse> {
    const { body } = await this.#send('POST', '/v1/enrol', null, Buffer.from(JSON.stringify(request)))
    return smallAnswer(enrolResponseSchema, body)
  }

  async publish(key: string, body: Uint8Array): Promise<PublishResponse> {
    return smallAnswer(publishResponseSchema, (await this.#send('POST', '/v1/publish', key, body)).body)
  }

  /**
   * Checks that a sync server of this protocol answers, without sending a token.
   * @throws UnreachableError, NotTheServerError; SyncError if it refuses for another reason than the missing token.
   */
  async probe(): Promise<void> {
    try {
      await this.#send('GET', '/v1/snapshot', null, null)
    } catch (error) {
      if (!isSyncError(error, 'UNAUTHENTICATED')) throw error
    }
  }

  /** The body of the answer follows `pushAnswerBodySchema`. */
  async push(token: string, envelope: PushEnvelope, body: Uint8Array, signal?: AbortSignal): Promise<Answer<PushAnswerEnvelope>> {
    const answer = await this.#send('POST', '/v1/push', token, body, signal, envelopeHeaders(envelope))
    return withEnvelope(pushAnswerEnvelopeSchema, answer)
  }

  /**
   * The body of the answer follows `pageBodySchema`.
   * @param cursor null: the first page of a snapshot.
   */
  async page(token: string, cursor: string | null, signal?: AbortSignal): Promise<Answer<PageEnvelope>> {
    const path = cursor === null ? '/v1/snapshot' : `/v1/pull?cursor=${encodeURIComponent(cursor)}`
    return withEnvelope(pageEnvelopeSchema, await this.#send('GET', path, token, null, signal))
  }

  /**
   * Returns a page of the audit trail, JSON of `auditPageSchema`.
   * @param query of `auditQuerySchema`.
   */
  async audit(token: string, query: URLSearchParams): Promise<Uint8Array> {
    return (await this.#send('GET', `/v1/audit?${query.toString()}`, token, null)).body
  }

  /**
   * Returns the totals of the team that were published after `since`, JSON of `teamAnswerSchema`.
   * @throws SyncError NOT_FOUND if the server does not have them, or not for this person.
   */
  async team(token: string, since: number, signal: AbortSignal): Promise<Uint8Array> {
    return (await this.#send('GET', `/v1/team?since=${since}`, token, null, signal)).body
  }

  /** Returns the history of rows for an import. The body follows `pastResponseSchema`. @throws SyncError, UnreachableError */
  async past(token: string, request: PastRequest, signal: AbortSignal): Promise<Answer<PastEnvelope>> {
    const answer = await this.#send('POST', '/v1/past', token, Buffer.from(JSON.stringify(request)), signal)
    return withEnvelope(pastEnvelopeSchema, answer)
  }

  /**
   * Reads pokes until the stream ends, is silent for too long, or `signal` aborts. Resolves if the server ended the stream.
   * @throws SyncError, UnreachableError
   */
  async listen(token: string, onOpen: () => void, onPoke: () => void, signal: AbortSignal): Promise<void> {
    const silence = new AbortController()
    let watchdog: NodeJS.Timeout | undefined
    const restartWatchdog = () => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => silence.abort(), this.#options.silenceMs ?? SILENCE_MS)
      watchdog.unref()
    }
    restartWatchdog()
    try {
      const response = await this.#fetch('/v1/events', {
        method: 'GET',
        headers: { ...this.#headers(token), accept: 'text/event-stream' },
        signal: AbortSignal.any([signal, silence.signal]),
      })
      requireServer(response)
      if (!response.ok) throw fromErrorBody(await response.json().catch(() => null))
      if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) throw new NotTheServerError()
      if (response.body === null) return
      onOpen()
      await readEventStream(response.body, restartWatchdog, onPoke)
    } catch (error) {
      if (signal.aborted) return
      throw error instanceof SyncError ? error : unreachable(error)
    } finally {
      clearTimeout(watchdog)
    }
  }

  #headers(token: string | null): Record<string, string> {
    return {
      [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
      'user-agent': this.#options.userAgent.replaceAll(NOT_FOR_HEADERS, '?'),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    }
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    token: string | null,
    body: Uint8Array | null,
    signal?: AbortSignal,
    envelope: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const patience = AbortSignal.timeout(this.#options.patienceMs ?? PATIENCE_MS)
    const isPacked = body !== null && body.length >= WORTH_PACKING_BYTES
    const sent = body === null ? null : new Uint8Array(isPacked ? await compress(body) : body)
    const headers = { ...this.#headers(token), ...envelope }
    if (sent !== null) headers['content-type'] = 'application/json'
    if (isPacked) headers['content-encoding'] = 'zstd'
    try {
      const response = await this.#fetch(path, {
        method,
        headers,
        ...(sent === null ? {} : { body: sent }),
        signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
      })
      requireServer(response)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (response.ok) return { headers: response.headers, body: bytes }
      throw fromErrorBody(parsedJson(textOf(bytes)))
    } catch (error) {
      throw error instanceof SyncError ? error : unreachable(error)
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    return this.#options.fetch(`${this.#options.url}${path}`, { redirect: 'error', ...init })
  }
}

type HttpAnswer = { readonly headers: Headers; readonly body: Uint8Array }

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** @throws NotTheServerError if the answer has no such envelope, or an envelope that belongs to another body. */
function withEnvelope<S extends z.ZodType>(schema: S, { headers, body }: HttpAnswer): Answer<z.infer<S>> {
  const header = (name: string) => headers.get(name)
  const envelope = readEnvelope(schema, header)
  if (envelope === undefined || header(DIGEST_HEADER) !== sha256(envelopeText(header), body)) throw new NotTheServerError()
  return { envelope, body }
}

/**
 * Returns the body of an answer of a few hundred bytes, checked against its schema.
 * @throws NotTheServerError
 */
function smallAnswer<S extends z.ZodType>(schema: S, body: Uint8Array): z.infer<S> {
  const parsed = schema.safeParse(parsedJson(textOf(body)))
  if (parsed.success) return parsed.data
  throw new NotTheServerError({ cause: parsed.error })
}

/** @throws NotTheServerError if the answer lacks the header of every answer of the server; UnreachableError for a proxy's answer. */
function requireServer(response: Response): void {
  const { status, headers } = response
  if (headers.has(PROTOCOL_HEADER)) return
  void response.body?.cancel().catch(() => {})
  if (GATEWAY_STATUSES.has(status)) throw new UnreachableError(`A proxy answered with ${status}`)
  throw new NotTheServerError()
}

/** The server never redirects, so `fetch` fails on a redirect. */
function isRedirect(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) if (/redirect/i.test(current.message)) return true
  return false
}

function unreachable(cause: unknown): UnreachableError {
  if (cause instanceof UnreachableError) return cause
  if (isRedirect(cause)) return new NotTheServerError({ cause })
  return new UnreachableError('The server does not answer', { cause })
}
