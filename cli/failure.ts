import { ORPCError } from '@orpc/client'
import { API_ERRORS, AppError, type ApiErrorCode } from '../core/errors.ts'
import { EXIT, EXIT_OF_ERROR, type ExitCode } from './exit-codes.ts'

/** Why a command ended, as it is told on standard error. */
export type Failure = { readonly code: string; readonly message: string; readonly data: unknown; readonly exit: ExitCode }

/** A mistake in the command line itself. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The person pressed Ctrl+C. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'

  /** @param kept a sentence that says what was kept */
  constructor(kept = 'Nothing was changed.') {
    super(`Interrupted. ${kept}`)
  }
}

function isApiCode(code: string): code is ApiErrorCode {
  return Object.hasOwn(API_ERRORS, code)
}

/** @param logPath where the details of an unexpected error are */
export function toFailure(error: unknown, logPath: string): Failure {
  if (error instanceof UsageError) return { code: 'USAGE', message: error.message, data: null, exit: EXIT.usage }
  if (error instanceof InterruptedError)
    return { code: 'INTERRUPTED', message: error.message, data: null, exit: EXIT.interrupted }
  if (error instanceof ORPCError || error instanceof AppError) {
    const { code, message } = error
    const data: unknown = error.data ?? null
    if (isApiCode(code)) return { code, message, data, exit: EXIT_OF_ERROR[code] }
  }
  const message = `Something went wrong that should not. What was saved before is kept; details are in ${logPath}.`
  return { code: 'UNEXPECTED', message, data: null, exit: EXIT.unexpected }
}

/** The parts of an INVALID's data that its message does not say. */
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

export function describeFailure({ message, data }: Failure): string {
  return [message, ...issuesOf(data), ...clientsOf(data)].join('\n')
}
