import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { z } from 'zod'
import { parsedJson } from '../../../core/parsed-json.ts'
import { SyncError, fromErrorBody, isSyncError } from '../../../core/sync/errors.ts'
import {
  HEARTBEAT_MS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  auditPageSchema,
  enrolResponseSchema,
  pastResponseSchema,
  publishResponseSchema,
  type AuditPage,
  type EnrolRequest,
  type EnrolResponse,
  type PastRequest,
  type PastResponse,
  type PublishResponse,
} from '../../../core/sync/protocol.ts'

/** The shell's: Electron's honours the system's proxy and certificates. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The server was not reached, or the answer broke off. */
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

/** A whole exchange, its body included. A socket whose other end is gone says nothing, ever (S20). */
const PATIENCE_MS = 60_000
/** A stream that is silent for longer than two heartbeats is half open. */
const SILENCE_MS = 2 * HEARTBEAT_MS + 5_000

/** A computer may be called anything; with a letter that a header cannot carry no request would ever be made. */
const NOT_FOR_HEADERS = /[^ -~]/g

/** A smaller body fits into a packet anyway. */
const WORTH_PACKING_BYTES = 1_024

const compress = promisify(zstdCompress)

export type ServerConnectionOptions = {
  readonly url: string
  readonly fetch: Fetch
  /** Stands in the server's audit trail. */
  readonly userAgent: string
  readonly patienceMs?: number
  readonly silenceMs?: number
}

/** One server, as the protocol has it. Every request settles or times out. */
export class ServerConnection {
  readonly #options: ServerConnectionOptions

  constructor(options: ServerConnectionOptions) {
    this.#options = options
  }

  /** @throws SyncError as the server refuses, UnreachableError. */
  async enrol(request: EnrolRequest): Promise<EnrolResponse> {
    const text = await this.#send('POST', '/v1/enrol', null, Buffer.from(JSON.stringify(request)))
    return serverAnswer(enrolResponseSchema, text)
  }

  async publish(key: string, body: Uint8Array): Promise<PublishResponse> {
    return serverAnswer(publishResponseSchema, await this.#send('POST', '/v1/publish', key, body))
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

  /** Answers with the response as text; the thread that applies it reads it. */
  push(token: string, body: Uint8Array, signal?: AbortSignal): Promise<string> {
    return this.#send('POST', '/v1/push', token, body, signal)
  }

  /** @param cursor null: the first page of a snapshot. */
  page(token: string, cursor: string | null, signal?: AbortSignal): Promise<string> {
    const path = cursor === null ? '/v1/snapshot' : `/v1/pull?cursor=${encodeURIComponent(cursor)}`
    return this.#send('GET', path, token, null, signal)
  }

  /** @param query of `auditQuerySchema`. */
  async audit(token: string, query: URLSearchParams): Promise<AuditPage> {
    return auditPageSchema.parse(JSON.parse(await this.#send('GET', `/v1/audit?${query.toString()}`, token, null)))
  }

  /** Returns the history of rows for an import. @throws SyncError, UnreachableError */
  async past(token: string, request: PastRequest, signal: AbortSignal): Promise<PastResponse> {
    const text = await this.#send('POST', '/v1/past', token, Buffer.from(JSON.stringify(request)), signal)
    return pastResponseSchema.parse(JSON.parse(text))
  }

  /**
   * Listens for pokes until the stream ends, is silent for too long, or `signal` aborts. Resolves where it ended in good order.
   * @throws SyncError, UnreachableError
   */
  async listen(token: string, onOpen: () => void, onPoke: () => void, signal: AbortSignal): Promise<void> {
    const silence = new AbortController()
    let watchdog: NodeJS.Timeout | undefined
    const heard = () => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => silence.abort(), this.#options.silenceMs ?? SILENCE_MS)
      watchdog.unref()
    }
    heard()
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
      const decoder = new TextDecoder()
      let rest = ''
      for await (const bytes of response.body) {
        heard()
        rest += decoder.decode(bytes as Uint8Array, { stream: true })
        const events = rest.split('\n\n')
        rest = events.pop() ?? ''
        if (events.some((event) => event.startsWith('event: head'))) onPoke()
      }
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
  ): Promise<string> {
    const patience = AbortSignal.timeout(this.#options.patienceMs ?? PATIENCE_MS)
    const isPacked = body !== null && body.length >= WORTH_PACKING_BYTES
    const sent = body === null ? null : new Uint8Array(isPacked ? await compress(body) : body)
    const headers = this.#headers(token)
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
      const text = await response.text()
      if (response.ok) return text
      throw fromErrorBody(parsedJson(text))
    } catch (error) {
      throw error instanceof SyncError ? error : unreachable(error)
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    return this.#options.fetch(`${this.#options.url}${path}`, { redirect: 'error', ...init })
  }
}

/**
 * Returns the body of an answer, checked against its schema.
 * @throws NotTheServerError
 */
export function serverAnswer<S extends z.ZodType>(schema: S, text: string): z.infer<S> {
  const parsed = schema.safeParse(parsedJson(text))
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
