import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { SyncError } from '../core/sync/errors.ts'
import { OpenSockets } from './http/open-sockets.ts'
import { Enrolment } from './http/enrolment.ts'
import { EventStreams } from './http/event-streams.ts'
import { createHttp, type HttpLimits } from './http/http.ts'
import type { Change } from './service/push.ts'
import { Readiness } from './http/readiness.ts'
import { framesOf } from '../platform/log/frames.ts'
import { Passwords } from '../platform/passwords/passwords.ts'
import { Thread, type ThreadOptions } from '../platform/threads/thread.ts'
import type { IntakeThreadData } from './threads/intake-thread.ts'
import type { StoreRequest, StoreThreadData } from './threads/store-thread.ts'
import { THREAD_ERRORS } from './threads/thread-errors.ts'

export type SyncServerOptions = {
  /** Created if absent. */
  readonly dataDir: string
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** null: the server accepts no publications. */
  readonly publishKey: string | null
  /** The number of proxies in front of the server that report a connection's address. */
  readonly proxies: number
  readonly log: Logger
  readonly limits?: Partial<HttpLimits>
  /** The work factor of the hash that a password is compared with if there is no account. */
  readonly decoyCost?: number
  /** Refused sign-ins are answered at whole multiples of this time, ms. */
  readonly refusalStepMs?: number
  /** The most failed sign-ins per network address and hour. */
  readonly failuresPerHour?: number
  /** With less free space in its folder the server reports that it is not ready. */
  readonly minFreeBytes?: number
}

const DEFAULTS = { decoyCost: 12, refusalStepMs: 500, failuresPerHour: 100, minFreeBytes: 64 * 1_024 * 1_024 }

export type SyncServer = {
  readonly url: string
  /** Refuses new requests, answers those under way, ends the streams, and closes the store. */
  close(): Promise<void>
}

/** How long a stop waits for connections that neither finish nor close. */
const STOP_MS = 10_000

/** The number of intake threads for long bodies: each requester has one body under way, so one requester cannot occupy them all. */
const LONG_INTAKES = 2

/** The threads' files are next to this one, in the sources and in a build. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'mjs'
const storeThread = new URL(`./threads/store-thread.${extension}`, import.meta.url)
const intakeThread = new URL(`./threads/intake-thread.${extension}`, import.meta.url)
const passwordThread = new URL(
  extension === 'ts' ? '../platform/passwords/password-thread.ts' : './threads/password-thread.mjs',
  import.meta.url,
)

/** Half of the default: the memory of a thread that handles batches is nearly all garbage. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 24 }

/**
 * Wires the server: HTTP on the main thread, SQLite in one thread that writes and one that reads, bcrypt in a fourth, and three more
 * threads that unpack and check bodies. A long read does not delay writes, a hostile body delays neither reads nor writes, and none of them
 * delays the event streams.
 * @throws if the store cannot be opened or the port is taken.
 */
export async function startSyncServer(options: SyncServerOptions): Promise<SyncServer> {
  const { dataDir, log } = options
  const path = join(dataDir, 'server.db')
  const streams = new EventStreams()
  const onLost = (error: Error) => log.error({ event: 'thread_lost', error: error.name, frames: framesOf(error) })
  const common = {
    errors: THREAD_ERRORS,
    onLost,
    resourceLimits: RESOURCE_LIMITS,
    closePatienceMs: null,
  } satisfies Partial<ThreadOptions>
  const thread = (name: string, entry: URL, data: unknown) =>
    new Thread({ ...common, name, entry, data, onNotice: (notice) => streams.notify(notice as Change) })
  const { decoyCost, refusalStepMs, failuresPerHour, minFreeBytes } = { ...DEFAULTS, ...options }
  const passwords = new Passwords({ ...common, entry: passwordThread }, decoyCost)
  const epoch = randomBytes(8).toString('hex')
  const writer = thread('writer', storeThread, { path, newEpoch: epoch } satisfies StoreThreadData)
  const reader = thread('reader', storeThread, { path, newEpoch: null } satisfies StoreThreadData)
  const intake = (hasLowPriority: boolean) => thread('intake', intakeThread, { hasLowPriority } satisfies IntakeThreadData)
  const intakes = { short: intake(false), long: Array.from({ length: LONG_INTAKES }, () => intake(true)) }
  const closeThreads = () =>
    Promise.all([...[reader, passwords, intakes.short, ...intakes.long].map((each) => each.close())]).then(() => writer.close())
  try {
    // The writer creates or migrates the file, so it starts first.
    await checkThread(writer)
    await checkThread(reader)
    const enrolment = new Enrolment({ reader, writer, passwords }, { refusalStepMs, failuresPerHour })
    const readiness = new Readiness({ reader, writer, dataDir, log, minFreeBytes })
    const http = await createHttp({ ...options, reader, writer, intakes, enrolment, readiness, streams })
    const connections = new OpenSockets(http.server)
    await http.listen({ host: options.host, port: options.port })
    const { port } = http.server.address() as AddressInfo
    const host = options.host.includes(':') ? `[${options.host}]` : options.host
    return {
      url: `http://${host}:${port}`,
      async close() {
        const force = setTimeout(() => http.server.closeAllConnections(), STOP_MS)
        const closed = http.close()
        connections.stop()
        await closed
        clearTimeout(force)
        await closeThreads()
      },
    }
  } catch (error) {
    streams.close()
    await closeThreads()
    throw error
  }
}

async function checkThread(thread: Thread): Promise<void> {
  try {
    await thread.request({ do: 'check' } satisfies StoreRequest)
  } catch (error) {
    throw error instanceof SyncError && error.cause instanceof Error ? error.cause : error
  }
}
