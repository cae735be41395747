import { AppError } from '../../../core/errors.ts'
import type { DeviceId } from '../../../core/id.ts'
import { SyncError, isSyncError } from '../../../core/sync/errors.ts'
import { isProblem, PROBLEMS } from '../../../core/sync/problems.ts'
import { fromStorageFailure } from '../../../db/errors.ts'
import type { SecretStore } from './secret-store.ts'
import { NotTheServerError, ServerTransport, UnreachableError, type Fetch } from './server-transport.ts'

/** Timers, so that tests move time. */
export type Timers = {
  readonly set: (ms: number, run: () => void) => unknown
  readonly clear: (timer: unknown) => void
}

/** What sync needs of the shell. */
export type Network = {
  readonly fetch: Fetch
  readonly secrets: SecretStore
  readonly timers: Timers
  /** The device's name in the server's list of devices. */
  readonly deviceName: string
  readonly userAgent: string
  /** Unique on the device. Begins with the process id, so that other processes can check whether it runs. */
  readonly processName: string
  /** Whether the process with this name has certainly ended. */
  readonly isProcessDead: (processName: string) => boolean
  /** Whether engines run for as long as the application does. A single command syncs only on request. */
  readonly runsContinuously: boolean
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Returns the server's address in one spelling. It has to be https except on this device, because passwords and tokens are sent.
 * @throws AppError INVALID
 */
export function serverAddress(text: string): string {
  const url = new URL(text)
  if (url.protocol !== 'https:' && !LOCAL_HOSTS.has(url.hostname)) {
    const message = 'A server on another computer needs https'
    throw new AppError('INVALID', `${message}. Nothing was changed.`, { issues: [{ path: 'serverUrl', message }] })
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** @param limits Default: those of `ServerTransport`. */
export function transportTo(
  { fetch, userAgent }: Network,
  url: string,
  limits: { readonly patienceMs?: number } = {},
): ServerTransport {
  return new ServerTransport({ url, fetch, userAgent, ...limits })
}

/** Returns the device as a request for a token describes it. */
export function deviceOf({ deviceName }: Network, id: DeviceId): { readonly id: DeviceId; readonly name: string } {
  return { id, name: deviceName.slice(0, 100) }
}

/** Turns a failure of the server, the network or this device's disk into the error that a person reads. */
export function fromSyncFailure(error: unknown): unknown {
  if (error instanceof NotTheServerError) return new AppError('UNREACHABLE', PROBLEMS.NOT_THE_SERVER.text, undefined, error)
  if (error instanceof UnreachableError)
    return new AppError(
      'UNREACHABLE',
      'The server does not answer. What was done here is kept; check the address and the network, then try again.',
      undefined,
      error,
    )
  if (isSyncError(error, 'WRONG_CREDENTIALS'))
    return new AppError('WRONG_CREDENTIALS', 'E-mail or password is wrong. Check both and try again.', undefined, error)
  if (isSyncError(error, 'CHOOSE_CLIENT')) return new AppError('CHOOSE_CLIENT', error.message, error.data, error)
  if (error instanceof SyncError)
    return new AppError(
      'REFUSED_BY_SERVER',
      // The server's message is for developers. A code with a text for people gets that text.
      isProblem(error.code) ? PROBLEMS[error.code].text : `${error.message}. What was done here is kept.`,
      { reason: String(error.code) },
      error,
    )
  // Sync takes several steps, and the earlier steps are kept.
  return fromStorageFailure(error, undefined, null)
}
