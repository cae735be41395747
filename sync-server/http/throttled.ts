import { SyncError } from '../../core/sync/errors.ts'

/** A refusal until `waitMs` from now. */
export function throttled(waitMs: number, message: string): SyncError<'THROTTLED'> {
  return new SyncError('THROTTLED', message, { retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)) })
}
