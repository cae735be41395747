import { AppError } from '../../../core/errors.ts'
import { SyncError, isSyncError, type SyncErrorCode } from '../../../core/sync/errors.ts'
import { NotTheServerError, UnreachableError } from '../transport/server-transport.ts'

/** The server no longer accepts this device's token. */
export type LostCode = 'UNAUTHENTICATED' | 'DEVICE_REVOKED' | 'USER_DEACTIVATED'
const LOST: ReadonlySet<SyncErrorCode> = new Set(['UNAUTHENTICATED', 'DEVICE_REVOKED', 'USER_DEACTIVATED'])

function isLost(code: SyncErrorCode): code is LostCode {
  return LOST.has(code)
}

/** The engine's reaction to a failed push or pull. */
export type Failure =
  /** The server was not reached. `problem`: something else answered. */
  | { readonly kind: 'unreachable'; readonly problem: 'NOT_THE_SERVER' | null }
  /** The token is refused: the engine ends. */
  | { readonly kind: 'lost'; readonly problem: LostCode }
  /** The server would refuse the same request again. This direction waits for the next poll, the other one continues. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** Retried with back-off. `problem` null: the status shows none. */
  | { readonly kind: 'passing'; readonly problem: string | null; readonly retryAfterMs: number }

const STORAGE_PROBLEMS = {
  full: 'DISK_FULL',
  readonly: 'DISK_READ_ONLY',
  io: 'DISK_ERROR',
  busy: 'DISK_BUSY',
  damaged: 'FILE_DAMAGED',
  newer: 'FILE_NEWER',
  foreign: 'FILE_FOREIGN',
} as const

function isStorageReason(reason: string): reason is keyof typeof STORAGE_PROBLEMS {
  return Object.hasOwn(STORAGE_PROBLEMS, reason)
}

/**
 * A fault is shown from this failure in a row on. Many faults end without help: the other direction brings the rows that are missing.
 */
const SHOWN_FROM = 3

/** @param inARow the number of failures in a row, this one included. */
export function classify(error: unknown, inARow: number): Failure {
  if (error instanceof NotTheServerError) return { kind: 'unreachable', problem: 'NOT_THE_SERVER' }
  if (error instanceof UnreachableError) return { kind: 'unreachable', problem: null }
  if (error instanceof SyncError) return ofServer(error, inARow)
  if (error instanceof AppError) return ofDevice(error, inARow)
  return passing(inARow < SHOWN_FROM ? null : 'FAULT')
}

function passing(problem: string | null, retryAfterMs = 0): Failure {
  return { kind: 'passing', problem, retryAfterMs }
}

function ofServer(error: SyncError, inARow: number): Failure {
  const { code } = error
  if (isLost(code)) return { kind: 'lost', problem: code }
  if (isSyncError(error, 'THROTTLED')) return passing(null, error.data.retryAfter * 1_000)
  if (code === 'UNAVAILABLE' || code === 'INTERNAL') return passing(inARow < SHOWN_FROM ? null : 'INTERNAL')
  return { kind: 'refused', problem: code }
}

function ofDevice(error: AppError, inARow: number): Failure {
  const data: unknown = error.data
  const reason = typeof data === 'object' && data !== null && 'reason' in data ? String(data.reason) : ''
  if (error.code === 'STORAGE') return passing(isStorageReason(reason) ? STORAGE_PROBLEMS[reason] : 'DISK_ERROR')
  if (error.code === 'REFUSED_BY_SERVER')
    return reason === 'NOT_THE_SERVER' ? { kind: 'unreachable', problem: reason } : { kind: 'refused', problem: reason }
  return passing(inARow < SHOWN_FROM ? null : 'FAULT')
}
