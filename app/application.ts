import { createRouterClient } from '@orpc/server'
import type { Api } from '../core/contract/contract.ts'
import { createIdGenerator, type Clock, type RandomBytes } from '../core/id.ts'
import { SteadyClock } from '../core/steady-clock.ts'
import type { ApiContext } from './api/handlers.ts'
import { createRouter, type ApiRouter } from './api/router.ts'
import { BulkCalls } from './jobs/bulk-calls.ts'
import { ChangeHub } from './events/change-hub.ts'
import type { WorkerEntries } from './default-workers.ts'
import { Home } from './workspace/home.ts'
import { SYNC_TOPIC } from './operations/topics.ts'
import { ExportFiles } from './export/export-files.ts'
import { Exports } from './jobs/exports.ts'
import { KnownReports } from './jobs/known-reports.ts'
import { ReportFiles } from './jobs/report-files.ts'
import { Imports } from './jobs/imports.ts'
import type { Log } from '../platform/log/log.ts'
import { THREAD_ERRORS } from './workers/thread-errors.ts'
import { Passwords } from '../platform/passwords/passwords.ts'
import { Reminders, type Timer } from './reminders/reminders.ts'
import { Sessions } from './session/sessions.ts'
import { systemUptime } from './session/system-uptime.ts'
import type { Network } from './sync/transport/network.ts'
import { DeviceSync } from './sync/device-sync.ts'
import { reactivate } from './sync/enrolment/reactivate.ts'
import { Workspace } from './workspace/workspace.ts'
import { Workspaces } from './workspace/workspaces.ts'

export type ApplicationOptions = {
  /** Folder of the product's files on this device; created if it is missing. */
  readonly home: string
  readonly clock: Clock
  /** Milliseconds since the machine's start. Default: the machine's own. */
  readonly uptime?: Clock
  readonly random: RandomBytes
  /** The device in every audit line: `address` as `ip_address`, the rest as `Propaganda/<version> (<os>) <name>`. */
  readonly device: { readonly name: string; readonly os: string; readonly version: string; readonly address: string }
  readonly workers: WorkerEntries
  readonly log: Log
  /** Requests to a server. Default: none, and this process does not sync. */
  readonly network?: Network
  /** `system`: the shell shows reminders, and adds a sink for its window. Default: windows show them. */
  readonly remindersShownBy?: 'system' | 'window'
  /** bcrypt's work factor; less than the product's own only in tests. */
  readonly bcryptCost?: number
}

export type Application = {
  /** Implements the contract; a transport hands it to its RPC handler. */
  readonly router: ApiRouter
  /** The context to pass with every request of one window, browser cookie or command. The same key carries the same session. */
  readonly openConnection: (key: string) => ApiContext
  /** The API in this process, through the same router and the same checks as from a window. */
  readonly apiOf: (context: ApiContext) => Api
  /** The files of exports. Shells choose them, and serve downloads to the window that exported them. */
  readonly exportFiles: Pick<ExportFiles, 'choose' | 'download'>
  /** For a shell that shows the reminders of a connection itself: it adds a sink, and opens the call of a clicked reminder. */
  readonly reminders: Pick<Reminders, 'add' | 'open'>
  /** Ends sessions, lets running work finish, checkpoints the write-ahead logs and ends the threads. */
  readonly close: () => Promise<void>
}

const SWEEP_MS = 5_000

const systemTimer: Timer = (ms, run) => {
  const timer = setTimeout(run, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/** The whole application without a window. Shells and the command line differ only in how requests reach its router. */
export function createApplication(options: ApplicationOptions): Application {
  const { clock, random, device, workers, log } = options
  const hub = new ChangeHub((connection) => sessions.listeningTo(connection))
  const home = new Home(options.home)
  const newId = createIdGenerator(clock, random)
  const steady = new SteadyClock(clock, options.uptime ?? systemUptime)
  const origin = { ipAddress: device.address, userAgent: `Propaganda/${device.version} (${device.os}) ${device.name}` }
  const workspaces = new Workspaces({
    home,
    entry: workers.database,
    clock,
    newId,
    origin,
    onChange: (clientId, { changed, isOwn }) => {
      hub.changed(clientId, changed)
      reminders.changed(clientId, changed)
      if (isOwn) sync?.changed(clientId, changed)
    },
    onStorage: (clientId) => sessions.storageChanged(clientId),
  })
  const sync =
    options.network === undefined
      ? undefined
      : new DeviceSync({
          workspaces,
          home,
          clock,
          steady,
          random,
          newId,
          network: options.network,
          log,
          openAt: (clientId, path) =>
            new Workspace({ clientId, path, entry: workers.database, clock, origin, onChange: () => {} }),
          onChange: (clientId) => hub.changed(clientId, [SYNC_TOPIC]),
          onDeactivated: (clientId, userId) => sessions.endOf(clientId, userId),
        })
  const passwords = new Passwords({ entry: workers.passwords, errors: THREAD_ERRORS }, options.bcryptCost)
  const sessions = new Sessions({
    workspaces,
    passwords,
    clock,
    steady,
    onChange: (connection) => {
      hub.sessionChanged(connection)
      reminders.sessionChanged(connection)
    },
    reactivate: (signed, credentials) => reactivate(sync, signed, credentials),
  })
  const reminders = new Reminders({
    clock,
    timer: systemTimer,
    holderOf: (connection) => sessions.holderOf(connection),
    upcoming: ({ clientId, userId }, range) => workspaces.get(clientId).run('reminders.upcoming', userId, range),
    log,
  })
  const imports = new Imports({
    entry: workers.imports,
    newId,
    askPast:
      sync === undefined
        ? () => Promise.reject(new Error('This process does not sync'))
        : (signed, request) => sync.past(signed, request),
    log,
  })
  const exportFiles = new ExportFiles(options.home, random)
  const exports = new Exports({ entry: workers.exports, files: exportFiles, clock })
  const reportFiles = new ReportFiles({ entry: workers.reports, exports })
  const knownReports = new KnownReports({ sync, temporary: () => exportFiles.temporary(), newId })
  const bulk = new BulkCalls(newId)
  const jobs = { imports, exports, reportFiles, knownReports, bulk }
  const remindersShownBy = options.remindersShownBy ?? 'window'
  const router = createRouter({ ...jobs, sessions, workspaces, passwords, hub, reminders, remindersShownBy, log, clock, sync })
  sync?.start()
  const sweep = setInterval(() => {
    sessions.sweep()
    workspaces.probe()
  }, SWEEP_MS)
  sweep.unref()

  return {
    router,
    openConnection: (key) => ({ connection: key }),
    reminders: { add: (sink) => reminders.add(sink), open: (connection, callId) => reminders.open(connection, callId) },
    exportFiles: {
      choose: (connection, path) => exportFiles.choose(connection, path),
      download: (connection, token) => (sessions.isOpen(connection) ? exportFiles.download(connection, token) : undefined),
    },
    apiOf: (context) => createRouterClient(router, { context }),
    close: async () => {
      clearInterval(sweep)
      reminders.close()
      // On a full disk the audit row of the sign-out cannot be written; the threads must end anyway.
      await sessions.close().catch(() => {})
      await sync?.close().catch(() => {})
      knownReports.close()
      await Promise.all([imports.close(), exports.close(), reportFiles.close(), passwords.close()])
      await workspaces.close()
    },
  }
}
