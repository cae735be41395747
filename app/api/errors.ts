import { mapEventIterator } from '@orpc/client'
import { ORPCError } from '@orpc/server'
import { ValidationError } from '@orpc/contract'
import type { z } from 'zod'
import { API_ERRORS, AppError, type ApiErrorCode } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { issueSentence } from '../../core/plain-errors.ts'
import { asValue } from '../../core/messages/text.ts'
import { framesOf } from '../../platform/log/frames.ts'
import type { Log } from '../../platform/log/log.ts'

const MOST_FRAMES = 8

/** `field.0.name`, as forms spell it. */
function spellPath(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  return (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
}

/** A short machine-readable code, such as Node's `ENOSPC`; anything longer may quote what a person typed. */
function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,49}$/.test(code) ? code : null
}

/**
 * Maps an error of a procedure to one of the contract's. An unforeseen error is logged without its message and reaches the caller as
 * INTERNAL_SERVER_ERROR without details.
 */
export function toContractError(error: unknown, path: readonly string[], log: Log): unknown {
  if (error instanceof AppError) {
    const { status } = API_ERRORS[error.code as ApiErrorCode]
    const data = { ...(error.data as object | undefined), said: error.said }
    return new ORPCError(error.code, { status, message: error.message, data, cause: error })
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const issues = error.cause.issues.map((issue) => ({
      path: spellPath(issue.path),
      ...issueSentence(issue as z.core.$ZodIssue),
    }))
    const [first = sentence('rule.request')] = issues
    const refusal = new AppError('INVALID', sentence('rule.unchanged', { rule: asValue(first) }), { issues }, error)
    return toContractError(refusal, path, log)
  }
  // An answer that breaks the contract is a bug.
  if (error instanceof ORPCError && !(error.cause instanceof ValidationError)) return error
  const name = error instanceof Error ? error.name : typeof error
  const code = codeOf(error)
  const frames = error instanceof Error ? framesOf(error).slice(0, MOST_FRAMES) : []
  log({ level: 'error', event: 'api.failed', procedure: path.join('.'), error: name, code, frames: frames.join('\n') })
  return error
}

/**
 * Maps the errors of a procedure and, where it answers with a stream, those of the stream: a generator runs after the handler has
 * returned, so that its errors pass no `catch` around the handler.
 *
 * @param signal aborts when the caller disconnects; a stream that ends for that reason has not failed
 */
export async function withContractErrors<R extends { readonly output: unknown }>(
  run: () => Promise<R>,
  path: readonly string[],
  log: Log,
  signal: AbortSignal | undefined,
): Promise<R> {
  const map = (error: unknown) => (isAbort(error, signal) ? error : toContractError(error, path, log))
  try {
    const result = await run()
    if (!isStream(result.output)) return result
    const output = mapEventIterator(result.output, {
      value: async (value: unknown) => value,
      error: async (error) => map(error),
    })
    return { ...result, output }
  } catch (error) {
    throw map(error)
  }
}

function isStream(output: unknown): output is AsyncIterator<unknown> & object {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output
}

function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error === signal.reason
}
