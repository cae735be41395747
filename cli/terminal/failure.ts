import { ORPCError } from '@orpc/client'
import { API_ERRORS, AppError, type ApiErrorCode } from '../../core/errors.ts'
import { EXIT, EXIT_OF_ERROR, type ExitCode } from './exit-codes.ts'

/** The error of a command for standard error. */
export type Failure = { readonly code: string; readonly message: string; readonly data: unknown; readonly exit: ExitCode }

/** A mistake in the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The person pressed Ctrl+C. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'

  /** @param kept a sentence about what was kept */
  constructor(kept = 'Nothing was changed.') {
    super(`Interrupted. ${kept}`)
  }
}

function isApiCode(code: string): code is ApiErrorCode {
  return Object.hasOwn(API_ERRORS, code)
}

/** @param logPath the file with the details of an unexpected error */
export function toFailure(error: unknown, logPath: string): Failure {
  if (error instanceof UsageError) return { code: 'USAGE', message: error.message, data: null, exit: EXIT.usage }
  if (error instanceof InterruptedError)
    return { code: 'INTERRUPTED', message: error.message, data: null, exit: EXIT.interrupted }
  if (error instanceof ORPCError || error instanceof AppError) {
    const { code, message } = error
    const data: unknown = error.data ?? null
    if (isApiCode(code)) return { code, message, data, exit: EXIT_OF_ERROR[code] }
  }
  const message = `An unexpected error occurred. Everything saved before is kept. Details are in ${logPath}.`
  return { code: 'UNEXPECTED', message, data: null, exit: EXIT.unexpected }
}

/** Returns the issues of an INVALID error, which its message does not contain. */
function issuesOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return []
  return (data.issues as { path?: unknown; message?: unknown }[]).map(
    ({ path, message }) => `  ${String(path)}: ${String(message)}`,
  )
}

function clientsOf(data: unknown): string[] {
  if (typeof data !== 'object' || data === null || !('clients' in data) || !Array.isArray(data.clients)) return []
  return (data.clients as { id: string; name: string }[]).map(({ id, name }) => `  --client ${id}   ${name}`)
}

export function describeFailure({ code, message, data }: Failure): string {
  const howTo = code === 'DO_NOT_CALL' ? ['To schedule it anyway, add --despite-do-not-call.'] : []
  return [message, ...howTo, ...issuesOf(data), ...clientsOf(data)].join('\n')
}
