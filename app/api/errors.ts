import { ORPCError } from '@orpc/server'
import { ValidationError } from '@orpc/contract'
import { API_ERRORS, AppError, type ApiErrorCode } from '../../core/errors.ts'
import type { Log } from '../logging.ts'

/** `field.0.name`, as forms spell it. */
function spellPath(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  return (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
}

/** Frames only: the first line of a stack repeats the message, which may quote what a person typed. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return ''
  return error.stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .join('\n')
}

/**
 * Whatever a procedure threw, as one of the contract's errors. An unforeseen one is logged without its message and reaches the caller
 * as INTERNAL_SERVER_ERROR without details.
 */
export function toContractError(error: unknown, path: readonly string[], log: Log): unknown {
  if (error instanceof AppError) {
    const { status } = API_ERRORS[error.code as ApiErrorCode]
    return new ORPCError(error.code, { status, message: error.message, data: error.data, cause: error })
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const issues = error.cause.issues.map((issue) => ({ path: spellPath(issue.path), message: issue.message }))
    const message = `${issues[0]?.message ?? 'The request is not valid'}. Nothing was changed.`
    return new ORPCError('INVALID', { status: API_ERRORS.INVALID.status, message, data: { issues }, cause: error })
  }
  if (error instanceof ORPCError) return error
  const name = error instanceof Error ? error.name : typeof error
  log({ level: 'error', event: 'api.failed', procedure: path.join('.'), error: name, frames: framesOf(error) })
  return error
}
