import type { Command } from 'commander'
import { must } from '../../core/assert.ts'
import type { SignedIn } from '../../core/contract/contract.ts'
import type { ReplicationStatus } from '../../core/contract/replication.ts'
import { InterruptedError, UsageError } from '../failure.ts'
import { record } from '../output.ts'
import type { GlobalOptions, Runner } from '../runner.ts'

type ServerOptions = GlobalOptions & { readonly server: string }
type SyncOptions = GlobalOptions & { readonly watch?: boolean }

const STATES: Readonly<Record<ReplicationStatus['state'], string>> = {
  local: 'connected to no server',
  offline: 'server not reached',
  pending: 'changes wait',
  syncing: 'sending and fetching',
  up_to_date: 'up to date',
  attention: 'needs someone',
}

function describe({ state, pending, rejections, conflicts, serverUrl, problem }: ReplicationStatus): string {
  return record([
    ['State', STATES[state]],
    ['Server', serverUrl],
    ['Waiting', String(pending)],
    ['Refused', String(rejections)],
    ['Conflicts', String(conflicts)],
    ['Problem', problem],
  ])
}

/** @param workspace the group of verbs that these two belong to. */
export function addReplicationCommands(program: Command, workspace: Command, runner: Runner): void {
  workspace
    .command('publish')
    .description('put the workspace on a server; its key is PROPAGANDA_PUBLISH_KEY')
    .requiredOption('--server <url>', 'address of the server')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>()
      const key = runner.io.env['PROPAGANDA_PUBLISH_KEY']
      if (key === undefined || key === '')
        throw new UsageError('The server’s publish key is missing. Nothing was done; set PROPAGANDA_PUBLISH_KEY.')
      await runner.signedIn(options, async ({ api, out }) => {
        for await (const event of await api.replication.publish({ serverUrl: options.server, key }))
          if (event.kind === 'progress') out.progress(`Publishing: ${event.done} of ${event.total} parts`)
        const status = await api.replication.status()
        out.result(status, () => describe(status))
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
        for await (const event of await api.replication.join({ serverUrl: options.server, email, password, ...choice }))
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
    .option('--watch', 'go on until Ctrl+C')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<SyncOptions>()
      await runner.signedIn(options, async ({ api, out }) => {
        const status = await api.replication.sync()
        if (options.watch !== true) return out.result(status, () => describe(status))
        const abort = new AbortController()
        const release = runner.io.onInterrupt(() => abort.abort())
        try {
          for await (const each of await api.replication.follow(undefined, { signal: abort.signal }))
            out.result(each, () => `${STATES[each.state]}; ${each.pending} waiting`)
        } catch (error) {
          if (!abort.signal.aborted) throw error
        } finally {
          release()
        }
        throw new InterruptedError()
      })
    })
}
