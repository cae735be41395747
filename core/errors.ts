import { z } from 'zod'
import { joined, sentenceSchema, saidSchema, type Sentence, type Translatable, type Said } from './messages/text.ts'
import { TypedError, type ErrorData, type ErrorFacts, type Rest } from './typed-error.ts'

/** Why the file or the disk failed. */
export const STORAGE_REASONS = ['busy', 'full', 'readonly', 'damaged', 'newer', 'foreign', 'io'] as const
export type StorageReason = (typeof STORAGE_REASONS)[number]

/** Reasons for which nothing can be saved, although stored data can still be read. */
export const UNSAVABLE_REASONS = ['full', 'readonly', 'io'] as const satisfies readonly StorageReason[]
export type UnsavableReason = (typeof UNSAVABLE_REASONS)[number]

/** The end of the message in English: what was kept and what to do. */
const keptSchema = z.string()

/**
 * All errors with which an API call can end. They cross a process boundary as data (`code`, `message`, `data`) and are rebuilt on the other
 * side. A message says what happened, what was kept, and what to do.
 */
export const API_ERRORS = {
  /** No one is signed in on this connection. */
  UNAUTHENTICATED: { status: 401 },
  /** The session ended (idle too long, user deactivated, app restarted). */
  SESSION_EXPIRED: { status: 401 },
  /** The session is locked until the password is entered. Nothing was lost. */
  SESSION_LOCKED: { status: 423 },
  /** The password is correct, but an admin has deactivated the account. The device keeps the outbox. */
  ACCOUNT_DEACTIVATED: { status: 403, data: z.object({ kept: keptSchema }) },
  /** E-mail or password is wrong. */
  WRONG_CREDENTIALS: { status: 401 },
  /**
   * Too many wrong passwords. `waitMs`: time until the next attempt is accepted. `retryAt`: the same as a time of day, ms since the epoch;
   * only for display, because the clock may be set in between.
   */
  THROTTLED: { status: 429, data: z.object({ retryAt: z.int(), waitMs: z.int() }) },
  /** The e-mail and password match several clients. Repeat the request with `clientId`. */
  CHOOSE_CLIENT: {
    status: 409,
    data: z.object({ clients: z.array(z.object({ id: z.string(), name: z.string() })) }),
  },
  /** The role does not allow the request. */
  FORBIDDEN: { status: 403, data: z.object({ permission: z.string(), kept: keptSchema }) },
  /** The record does not exist, or this person may not see it. */
  NOT_FOUND: { status: 404 },
  /** The record already exists or conflicts with another one (unique name, last admin, …). */
  CONFLICT: {
    status: 409,
    /** `changedSince`: the record no longer has the values that the request expected, because someone has changed it. */
    data: z.object({ field: z.string().optional(), changedSince: z.boolean().optional() }),
  },
  /**
   * The prospect of a call does not want to be called. The data are of the oldest entry of the do-not-call list: who added it (`addedBy` null:
   * no name is known), when (ms, and as a day of the client) and why. The same request with `despiteDoNotCall` is carried out.
   */
  DO_NOT_CALL: {
    status: 409,
    data: z.object({
      entryId: z.string(),
      userId: z.string(),
      addedBy: z.string().nullable(),
      createdAt: z.int(),
      day: z.string(),
      reason: z.string().nullable(),
    }),
  },
  /** The record breaks a rule of the model. */
  INVALID: {
    status: 422,
    data: z.object({ issues: z.array(sentenceSchema.extend({ path: z.string() })) }),
  },
  /** An uploaded file could not be read. */
  UNREADABLE_FILE: { status: 422, data: z.object({ hint: z.string() }) },
  /** The server does not answer. Work on this device is kept. */
  UNREACHABLE: { status: 503 },
  /** The server refuses the request as a whole. `reason`: its error code. */
  REFUSED_BY_SERVER: { status: 409, data: z.object({ reason: z.string() }) },
  /** The database is busy, damaged, changed by another program, or newer than this version, or the disk cannot be read or written. */
  STORAGE: { status: 503, data: z.object({ reason: z.enum(STORAGE_REASONS), kept: keptSchema }) },
} as const

export type ApiErrorCode = keyof typeof API_ERRORS

/**
 * The errors as the contract describes them. `said` is the message as data, so that a window shows it in its own language. Windows and
 * commands without these sentences have the English message.
 */
export const CONTRACT_ERRORS = Object.fromEntries(
  Object.entries(API_ERRORS).map(([code, kind]) => [
    code,
    { ...kind, data: ('data' in kind ? kind.data : z.object({})).extend({ said: saidSchema.optional() }) },
  ]),
) as unknown as {
  readonly [C in ApiErrorCode]: {
    readonly status: (typeof API_ERRORS)[C]['status']
    readonly data: z.ZodType<
      (ErrorData<typeof API_ERRORS, C> extends infer D ? (D extends undefined ? object : D) : never) & { said?: Said }
    >
  }
}

/** A typed failure inside the application; the API router turns it into the contract's error of the same code. */
export class AppError<C extends ApiErrorCode = ApiErrorCode> extends TypedError<typeof API_ERRORS, C> {
  override readonly name = 'AppError'
  readonly said: Said

  /** @param said what happened, or that and what was kept */
  constructor(code: C, said: Translatable | Said, ...rest: Rest<ErrorData<typeof API_ERRORS, C>>) {
    const both = 'happened' in said ? said : { happened: [said], kept: [] }
    super(code, joined([...both.happened, ...both.kept]), ...rest)
    this.said = both
  }

  /** Rebuilds an error that another thread of this process sent. Its data needs no second check. Without `said` it is English only. */
  static fromFacts({ code, message, data, said = { happened: [{ message }], kept: [] } }: ErrorFacts, cause?: unknown): AppError {
    return new AppError(code as 'STORAGE', said, data as AppError<'STORAGE'>['data'], cause)
  }

  /** Returns an error of the command line, which is in English only. */
  static inEnglish<C extends ApiErrorCode>(
    code: C,
    message: string,
    ...[data, cause]: Rest<ErrorData<typeof API_ERRORS, C>>
  ): AppError<C> {
    return AppError.fromFacts({ code, message, data }, cause) as unknown as AppError<C>
  }

  override toFacts(): ErrorFacts {
    return { ...super.toFacts(), said: this.said }
  }
}

/** Whether `error` has this code, so that its data can be read. */
export function isAppError<C extends ApiErrorCode>(error: unknown, code: C): error is AppError<C> {
  return error instanceof AppError && error.code === code
}

type ExplainedCode = 'ACCOUNT_DEACTIVATED' | 'FORBIDDEN' | 'STORAGE'

/**
 * Returns an error whose data has the end of its message.
 *
 * @param happened what happened
 * @param kept what was kept and what to do
 */
export function explainedError<C extends ExplainedCode>(
  code: C,
  happened: Sentence | readonly Sentence[],
  kept: Sentence | readonly Sentence[],
  data: Omit<AppError<C>['data'], 'kept'>,
  cause?: unknown,
): AppError<C> {
  const said = { happened: [happened].flat(), kept: [kept].flat() }
  const message = joined([...said.happened, ...said.kept])
  return AppError.fromFacts({ code, message, data: { ...data, kept: joined(said.kept) }, said }, cause) as unknown as AppError<C>
}

/** Returns the error with one more sentence about what was kept. */
export function withKept(error: AppError, sentence: Translatable): AppError {
  const { code, message, said } = error
  const data: unknown = error.data
  const more = hasKept(data) ? { ...data, kept: `${data.kept} ${sentence.message}` } : data
  const facts = { code, message: `${message} ${sentence.message}`, data: more }
  return AppError.fromFacts({ ...facts, said: { ...said, kept: [...said.kept, sentence] } }, error)
}

function hasKept(data: unknown): data is { readonly kept: string } {
  return typeof data === 'object' && data !== null && 'kept' in data
}

/** Returns why nothing can be saved; undefined if `error` has another cause. */
export function unsavableReason(error: unknown): UnsavableReason | undefined {
  if (!isAppError(error, 'STORAGE')) return undefined
  return UNSAVABLE_REASONS.find((each) => each === error.data.reason)
}

export function isUnsavable(error: unknown): boolean {
  return unsavableReason(error) !== undefined
}
