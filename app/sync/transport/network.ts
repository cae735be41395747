import { AppError } from '../../../core/errors.ts'
import { sentence, clause } from '../../../core/messages/sentence.ts'
import type { Translatable } from '../../../core/messages/text.ts'
import type { DeviceId } from '../../../core/id.ts'
import { SyncError, isSyncError, type SyncErrorCode } from '../../../core/sync/errors.ts'
import { problemSentence } from '../../../core/sync/problem-text.ts'
import { isProblem, type PROBLEMS } from '../../../core/sync/problems.ts'
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
    const rule = sentence('server.needs-https')
    throw new AppError('INVALID', sentence('rule.unchanged', { rule: rule.text }), { issues: [{ path: 'serverUrl', ...rule }] })
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

/** Returns a refusal in the server's words, which are more exact. They are in English, so other languages have a text by the code. */
function refusal(
  code: Exclude<SyncErrorCode, keyof typeof PROBLEMS | 'WRONG_CREDENTIALS' | 'CHOOSE_CLIENT'>,
  message: string,
): Translatable {
  return { message: `${message}. What was done here is kept.`, text: clause(`server.code.${code}`) }
}

/** Turns a failure of the server, the network or this device's disk into the error that a person reads. */
export function fromSyncFailure(error: unknown): unknown {
  if (error instanceof NotTheServerError) return new AppError('UNREACHABLE', problemSentence('NOT_THE_SERVER'), undefined, error)
  if (error instanceof UnreachableError) return new AppError('UNREACHABLE', sentence('server.no-answer'), undefined, error)
  if (!(error instanceof SyncError)) {
    // Sync takes several steps, and the earlier steps are kept.
    return fromStorageFailure(error, undefined, null)
  }
  const { code } = error
  if (code === 'WRONG_CREDENTIALS')
    return new AppError('WRONG_CREDENTIALS', sentence('session.wrong-credentials'), undefined, error)
  if (isSyncError(error, 'CHOOSE_CLIENT'))
    return new AppError('CHOOSE_CLIENT', sentence('session.choose-client'), error.data, error)
  return new AppError(
    'REFUSED_BY_SERVER',
    isProblem(code) ? problemSentence(code) : refusal(code, error.message),
    { reason: code },
    error,
  )
}
