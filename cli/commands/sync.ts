import { ORPCError } from '@orpc/client'
import type { Command } from 'commander'
import { must } from '../../core/assert.ts'
import type { SignedIn } from '../../core/contract/session.ts'
import type { SyncStatus } from '../../core/contract/sync.ts'
import { problemText } from '../../core/sync/problem-text.ts'
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts'
import { UsageError } from '../terminal/failure.ts'
import type { CliIo } from '../terminal/io.ts'
import { record, spellTime } from '../terminal/output.ts'
import { requireAs, type GlobalOptions, type Runner, type Signed } from './runner.ts'

type ServerOptions = GlobalOptions & { readonly server: string }
type SyncOptions = GlobalOptions & { readonly watch?: boolean }

/** The interval of activity signals, ms; shorter than the shortest time after which an idle session locks. */
const ACTIVITY_MS = 20_000

const STATES: Readonly<Record<SyncStatus['state'], string>> = {
  local: 'not connected to a server',
  offline: 'server not reached',
  pending: 'changes waiting to be sent',
  syncing: 'sending and fetching',
  up_to_date: 'up to date',
  attention: 'needs attention',
}

/** Returns the lines that `sync` and `status` show. */
export function syncLines(
  { state, pending, rejections, conflicts, serverUrl, lastContactAt, problem }: SyncStatus,
  zone: string,
): [string, string | null][] {
  return [
    ['State', STATES[state]],
    ['Server', serverUrl],
    ['Last contact', lastContactAt === null ? null : spellTime(lastContactAt, zone)],
    ['Waiting', String(pending)],
    ['Refused', String(rejections)],
    ['Conflicts', String(conflicts)],
    ['Problem', problem === null ? null : `${problem}: ${problemText(problem)}`],
  ]
}

function describe(status: SyncStatus, zone: string): string {
  return record(syncLines(status, zone))
}

/** Returns the status in one line. */
function describeBriefly({ state, pending, rejections, conflicts, problem }: SyncStatus): string {
  const counts = [
    `${pending} waiting`,
    ...(rejections > 0 ? [`${rejections} refused`] : []),
    ...(conflicts > 0 ? [`${conflicts} in conflict`] : []),
    ...(problem === null ? [] : [`${problem}: ${problemText(problem)}`]),
  ]
  return `${STATES[state]}; ${counts.join(', ')}`
}

const TEMPORARY_STORAGE: ReadonlySet<unknown> = new Set(['full', 'readonly', 'busy', 'io'])

/** Returns whether the device retries automatically. Watching then continues, and the status shows the problem. */
function isTemporary(error: unknown): boolean {
  if (!(error instanceof ORPCError)) return false
  if (error.code === 'STORAGE') return TEMPORARY_STORAGE.has((error.data as { reason?: unknown } | undefined)?.reason)
  return error.code === 'UNREACHABLE' || error.code === 'REFUSED_BY_SERVER'
}

/**
 * Syncs and prints every change of the status, until Ctrl+C. Returns exit code 130.
 * @throws CONFLICT if the workspace has no server; SESSION_EXPIRED when the session ends.
 */
async function watch({ api, out }: Signed, io: CliIo): Promise<ExitCode> {
  const end = new AbortController()
  const release = io.onInterrupt(() => end.abort())
  // Keeps the session unlocked: the person gave the password, and no key is pressed while this runs.
  const activity = setInterval(() => void api.session.touch().catch(() => {}), ACTIVITY_MS)
  try {
    const firstSync = api.sync.now().then(
      () => undefined,
      (error: unknown) => {
        if (isTemporary(error)) return undefined
        end.abort()
        return error
      },
    )
    let last = ''
    for await (const status of await api.sync.follow(undefined, { signal: end.signal })) {
      const line = describeBriefly(status)
      if (line !== last && status.state !== 'local') out.result(status, () => line)
      last = line
    }
    // Do not wait for a first sync that Ctrl+C interrupted.
    const failure: unknown = await Promise.race([firstSync, Promise.resolve()])
    if (failure !== undefined) throw failure
    return EXIT.interrupted
  } finally {
    clearInterval(activity)
    release()
  }
}

/** @param workspace the group to which `publish`, `server` and `join` are added. */
export function addSyncCommands(program: Command, workspace: Command, runner: Runner): void {
  workspace
    .command('publish')
    .description('publish the workspace to a server; set PROPAGANDA_PUBLISH_KEY to the server’s key')
    .requiredOption('--server <url>', 'address of the server')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>()
      const key = runner.io.env['PROPAGANDA_PUBLISH_KEY']
      if (key === undefined || key === '')
        throw new UsageError('The server’s publish key is missing. Nothing was done. Set PROPAGANDA_PUBLISH_KEY.')
      await runner.signedIn(options, async ({ api, out, zone }) => {
        for await (const event of await api.sync.publish({ serverUrl: options.server, key }))
          if (event.kind === 'progress') out.progress(`Publishing: ${event.done} of ${event.total} parts`)
        const status = await api.sync.status()
        out.result(status, () => describe(status, zone))
      })
    })

  const server = workspace.command('server').description('the sync server of this workspace')

  server
    .command('set')
    .description('change the server’s address, if the same server answers at the new one')
    .argument('<url>', 'the new address')
    .action(async (serverUrl: string, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, zone }) => {
        const status = await api.sync.moveServer({ serverUrl })
        out.result(status, () => describe(status, zone))
      })
    })

  server
    .command('sign-in')
    .description('sign in to the server again, for example after the home was copied or the server refused this device')
    .action(async (_options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, session, current, zone }) => {
        const status = await api.sync.signInAgain({ email: session.user.email, password: current })
        out.result(status, () => describe(status, zone))
      })
    })

  workspace
    .command('join')
    .description('join a workspace: bring a client from a server to this device, as the person of --as')
    .requiredOption('--server <url>', 'address of the server')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>()
      const email = requireAs(options)
      await runner.connected(options, async ({ api, out, secrets }) => {
        const password = await secrets.own(email)
        const choice = options.client === undefined ? {} : { clientId: options.client }
        let session: SignedIn | undefined
        for await (const event of await api.sync.join({ serverUrl: options.server, email, password, ...choice }))
          if (event.kind === 'ready') ({ session } = event)
          else out.progress(`Fetching: ${event.done} of ${event.total}`)
        const { client, user, settings } = must(session, 'A join ends with a session')
        out.result({ client, user, settings }, () =>
          record([
            ['Client', `${client.name} (${client.id})`],
            ['Time zone', settings.time_zone],
            ['You', `${user.name} <${user.email}>`],
          ]),
        )
      })
    })

  program
    .command('sync')
    .description('send and receive all changes')
    .option('--watch', 'continue until Ctrl+C and print a line for every change; with --json, one JSON document per line')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<SyncOptions>()
      await runner.signedIn(options, async (signed) => {
        if (options.watch === true) return watch(signed, runner.io)
        const status = await signed.api.sync.now()
        signed.out.result(status, () => describe(status, signed.zone))
      })
    })
}
