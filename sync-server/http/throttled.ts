import { SyncError } from '../../core/sync/errors.ts'

/** Returns a refusal that allows the next attempt after `waitMs`. */
export function throttled(waitMs: number, message: string): SyncError<'THROTTLED'> {
  return new SyncError('THROTTLED', message, { retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)) })
}
