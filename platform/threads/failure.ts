import { TypedError, type ErrorFacts } from '../../core/typed-error.ts'

/** An error without a type, on its way between threads. `reason`: the code of Node or SQLite, for example `SQLITE_FULL`. */
export type Fault = { readonly message: string; readonly stack: string; readonly reason: string | null }

/** A failed request as data. */
export type Failure = { readonly typed: ErrorFacts } | { readonly fault: Fault }

export function toFailure(error: unknown): Failure {
  if (error instanceof TypedError) return { typed: error.toFacts() }
  if (!(error instanceof Error)) return { fault: { message: String(error), stack: String(error), reason: null } }
  const { message, stack = message } = error
  return { fault: { message, stack, reason: 'code' in error ? String(error.code) : null } }
}

/** The errors of a product, as the owner of a thread makes them. */
export type ThreadErrors = {
  readonly fromFacts: (facts: ErrorFacts) => Error
  readonly fromFault: (fault: Fault) => Error
  /** The thread ended with requests open. */
  readonly lost: (threadName: string, cause: unknown) => Error
  /** A request came after `close`. */
  readonly closing: () => Error
}

/** The errors with which a failure is made again on the other side. */
export type Rebuild = Pick<ThreadErrors, 'fromFacts' | 'fromFault'>

export function fromFailure(failure: Failure, errors: Rebuild): Error {
  return 'typed' in failure ? errors.fromFacts(failure.typed) : errors.fromFault(failure.fault)
}
