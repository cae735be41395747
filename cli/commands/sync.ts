import { ORPCError } from '@orpc/client'
import type { Command } from 'commander'
import { must } from '../../core/assert.ts'
import type { SignedIn } from '../../core/contract/contract.ts'
import type { SyncStatus } from '../../core/contract/sync.ts'
import { problemText } from '../../core/sync/problems.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { UsageError } from '../failure.ts'
import type { CliIo } from '../io.ts'
import { record, spellTime } from '../output.ts'
import type { GlobalOptions, Runner, Signed } from '../runner.ts'

type ServerOptions = GlobalOptions & { readonly server: string }
type SyncOptions = GlobalOptions & { readonly watch?: boolean }

/** Less than the shortest time after which an unattended session locks. */
const AWAKE_MS = 20_000

const STATES: Readonly<Record<SyncStatus['state'], string>> = {
  local: 'not connected to a server',
  offline: 'server not reached',
  pending: 'changes wait',
  syncing: 'sending and fetching',
  up_to_date: 'up to date',
  attention: 'needs someone',
}

/** The lines that `sync` and `status` show. */
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

/** One line: what changed when it is another one. */
function describeBriefly({ state, pending, rejections, conflicts, problem }: SyncStatus): string {
  const counts = [
    `${pending} waiting`,
    ...(rejections > 0 ? [`${rejections} refused`] : []),
    ...(conflicts > 0 ? [`${conflicts} in conflict`] : []),
    ...(problem === null ? [] : [`${problem}: ${problemText(problem)}`]),
  ]
  return `${STATES[state]}; ${counts.join(', ')}`
}

const PASSING_STORAGE: ReadonlySet<unknown> = new Set(['full', 'readonly', 'busy', 'io'])

/** Whether the device retries by itself. Watching then continues, and the status shows the problem. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ORPCError)) return false
  if (error.code === 'STORAGE') return PASSING_STORAGE.has((error.data as { reason?: unknown } | undefined)?.reason)
  return error.code === 'UNREACHABLE' || error.code === 'REFUSED_BY_SERVER'
}

/**
 * Syncs and says so at every change, until Ctrl+C; ends with 130 then.
 * @throws CONFLICT where the workspace is on no server; SESSION_EXPIRED when the session has reached its end.
 */
async function watch({ api, out }: Signed, io: CliIo): Promise<ExitCode> {
  const end = new AbortController()
  const release = io.onInterrupt(() => end.abort())
  // The person who started this gave the password, and no key is pressed while it runs.
  const stayAwake = setInterval(() => void api.session.touch().catch(() => {}), AWAKE_MS)
  try {
    const begun = api.sync.now().then(
      () => undefined,
      (error: unknown) => {
        if (isPassing(error)) return undefined
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
    // Stopped in the middle of its first exchange, there is nothing to wait for.
    const failure: unknown = await Promise.race([begun, Promise.resolve()])
    if (failure !== undefined) throw failure
    return EXIT.interrupted
  } finally {
    clearInterval(stayAwake)
    release()
  }
}

/** @param workspace the group of verbs that these two belong to. */
export function addSyncCommands(program: Command, workspace: Command, runner: Runner): void {
  workspace
    .command('publish')
    .description('put the workspace on a server; its key is PROPAGANDA_PUBLISH_KEY')
    .requiredOption('--server <url>', 'address of the server')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>()
      const key = runner.io.env['PROPAGANDA_PUBLISH_KEY']
      if (key === undefined || key === '')
        throw new UsageError('The server’s publish key is missing. Nothing was done; set PROPAGANDA_PUBLISH_KEY.')
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
    .description('change the server’s address; it is changed only if the same server answers there')
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
    .description('bring a client of a server onto this device, as who --as says')
    .requiredOption('--server <url>', 'address of the server')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>()
      const email = options.as
      if (email === undefined)
        throw new UsageError('Say who joins: --as EMAIL, with the password in PROPAGANDA_PASSWORD or on standard input.')
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
    .description('send and fetch until nothing is left to do')
    .option('--watch', 'go on until Ctrl+C, with a line at every change; with --json a JSON document a line')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<SyncOptions>()
      await runner.signedIn(options, async (signed) => {
        if (options.watch === true) return watch(signed, runner.io)
        const status = await signed.api.sync.now()
        signed.out.result(status, () => describe(status, signed.zone))
      })
    })
}
