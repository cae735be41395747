import { z } from 'zod'
import { TypedError, type ErrorFacts } from '../typed-error.ts'

/**
 * All refusals of a request, sent as `{ "error": { code, message, data } }` with the status given here. A refused request changes
 * nothing. The reason for refusing a single operation is in its verdict.
 */
export const SYNC_ERRORS = {
  /** Does not follow the protocol: not JSON, a wrong shape, columns of different length. */
  MALFORMED: { status: 400, data: z.object({ path: z.string() }) },
  /** Server and device have no protocol version in common. Nothing is lost; one of them needs an update. */
  PROTOCOL: { status: 426, data: z.object({ supported: z.array(z.int()) }) },
  /** An operation has a column or table that this server does not have yet. The device keeps it and retries after the server's update. */
  SERVER_OUTDATED: { status: 409, data: z.object({ table: z.string(), column: z.string().nullable() }) },
  /** No token, or not one of this server. */
  UNAUTHENTICATED: { status: 401 },
  /** The device was revoked: it stops (S17). */
  DEVICE_REVOKED: { status: 403 },
  /** The user was deactivated: sessions end, the outbox is kept (S17). */
  USER_DEACTIVATED: { status: 403 },
  /** E-mail or password is wrong. */
  WRONG_CREDENTIALS: { status: 401 },
  /** E-mail and password match accounts of several clients: enrol again with `clientId`. */
  CHOOSE_CLIENT: { status: 409, data: z.object({ clients: z.array(z.object({ id: z.string(), name: z.string() })) }) },
  /** Another person enrolled a device under this id, or it is a copy: enrol again under a new id (S6). */
  DEVICE_TAKEN: { status: 409 },
  /** Try again after `retryAfter` seconds. */
  THROTTLED: { status: 429, data: z.object({ retryAfter: z.int() }) },
  /** The request has more bytes or operations than allowed. */
  TOO_LARGE: { status: 413, data: z.object({ limit: z.int() }) },
  /** The server already has the operation with other content, or another operation with its number (S3). */
  OPERATION_ALTERED: { status: 409, data: z.object({ opId: z.string().nullable() }) },
  /** Not a cursor that this server made for this person. */
  CURSOR: { status: 400 },
  /** The server was restored or replaced: the device stops and keeps everything (S6). */
  EPOCH: { status: 409, data: z.object({ epoch: z.string() }) },
  /** The cursor is older than the change feed: the device stops and keeps everything (S21). */
  SNAPSHOT_REQUIRED: { status: 409 },
  /** The publish key is missing or wrong, or this server accepts no publications. */
  PUBLISH_KEY: { status: 401 },
  /** The client is on this server already. */
  ALREADY_PUBLISHED: { status: 409 },
  /** Another publication of this client replaced this one, or a part of it is missing: start again. */
  PUBLICATION: { status: 409, data: z.object({ nextChunk: z.int() }) },
  /** A published row breaks a rule of the model. */
  INVALID_ROW: { status: 422, data: z.object({ table: z.string(), rowId: z.string().nullable(), field: z.string().nullable() }) },
  NOT_FOUND: { status: 404 },
  /** Not JSON, or compressed with an unsupported method. */
  UNSUPPORTED_MEDIA: { status: 415 },
  /** Busy or stopping; acknowledged operations are kept. Try again. */
  UNAVAILABLE: { status: 503 },
  /** A fault of the server. Nothing was changed; try again later. */
  INTERNAL: { status: 500 },
} as const

export type SyncErrorCode = keyof typeof SYNC_ERRORS

const codes = Object.keys(SYNC_ERRORS) as [SyncErrorCode, ...SyncErrorCode[]]
export const syncErrorBodySchema = z.object({
  error: z.object({ code: z.enum(codes), message: z.string(), data: z.unknown().optional() }),
})
export type SyncErrorBody = z.infer<typeof syncErrorBodySchema>

/** A typed refusal. The server throws it, and the device rebuilds it with `fromErrorBody`. */
export class SyncError<C extends SyncErrorCode = SyncErrorCode> extends TypedError<typeof SYNC_ERRORS, C> {
  override readonly name = 'SyncError'

  /** Rebuilds an error that another thread of this process sent. Its data needs no second check. */
  static fromFacts({ code, message, data }: ErrorFacts, cause?: unknown): SyncError {
    return new SyncError(code as 'MALFORMED', message, data as SyncError<'MALFORMED'>['data'], cause)
  }

  get status(): number {
    return SYNC_ERRORS[this.code].status
  }

  toBody(): SyncErrorBody {
    const { code, message, data } = this
    return { error: data === undefined ? { code, message } : { code, message, data } }
  }
}

/** Whether `error` is a refusal with this code, so that its data can be read. */
export function isSyncError<C extends SyncErrorCode>(error: unknown, code: C): error is SyncError<C> {
  return error instanceof SyncError && error.code === code
}

/** Returns the error of a server's answer; INTERNAL if the answer is not from such a server (for example from a proxy). */
export function fromErrorBody(body: unknown): SyncError {
  const parsed = syncErrorBodySchema.safeParse(body)
  if (!parsed.success) return new SyncError('INTERNAL', 'The server’s answer could not be read')
  const { code, message, data } = parsed.data.error
  const rule = SYNC_ERRORS[code]
  if (!('data' in rule)) return SyncError.fromFacts({ code, message, data: undefined })
  const known = rule.data.safeParse(data)
  return known.success ? SyncError.fromFacts({ code, message, data: known.data }) : new SyncError('INTERNAL', message)
}
