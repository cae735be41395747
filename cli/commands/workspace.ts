import type { Command } from 'commander'
import { must } from '../../core/assert.ts'
import type { SignedIn } from '../../core/contract/session.ts'
import { DEMO_CLIENT } from '../../core/demo-account.ts'
import { InterruptedError, UsageError } from '../terminal/failure.ts'
import { record } from '../terminal/output.ts'
import type { GlobalOptions, Runner } from './runner.ts'

type CreateOptions = GlobalOptions & { readonly timeZone?: string; readonly adminEmail?: string; readonly adminName?: string }

function describe({ client, user, settings }: SignedIn): string {
  return record([
    ['Client', `${client.name} (${client.id})`],
    ['Time zone', settings.time_zone],
    ['Admin', `${user.name} <${user.email}>`],
  ])
}

/** @throws UsageError if the option is missing. */
function needed(option: string, value: string | undefined): string {
  if (value === undefined || value.trim() === '') throw new UsageError(`${option} is missing. Nothing was done.`)
  return value
}

/** Returns the command group, to which the commands of sync are added. */
export function addWorkspaceCommands(program: Command, runner: Runner): Command {
  const workspace = program.command('workspace').description('manage the clients on this device')

  workspace
    .command('create')
    .description('create a client with its first admin; --client is its name, PROPAGANDA_NEW_PASSWORD the admin’s password')
    .option('--time-zone <zone>', 'IANA name, for example Europe/Berlin (default: the device’s time zone)')
    .option('--admin-email <email>')
    .option('--admin-name <name>')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>()
      const clientName = needed('--client', options.client)
      const adminEmail = needed('--admin-email', options.adminEmail)
      const adminName = needed('--admin-name', options.adminName)
      const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
      await runner.connected(options, async ({ api, out, secrets }) => {
        const adminPassword = await secrets.admin(adminEmail)
        const session = await api.workspace.create({ clientName, timeZone, adminName, adminEmail, adminPassword })
        const { client, user, settings } = session
        out.result({ client, user, settings }, () => describe(session))
      })
    })

  workspace
    .command('demo')
    .description('create a client with generated people and three years of calls')
    .action(async (_options, command: Command) => {
      await runner.connected(command.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const abort = new AbortController()
        const release = runner.io.onInterrupt(() => abort.abort())
        let session: SignedIn | undefined
        try {
          for await (const event of await api.workspace.createDemo(undefined, { signal: abort.signal }))
            if (event.kind === 'ready') ({ session } = event)
            else out.progress(`Creating calls: ${event.done} of ${event.total}`)
        } finally {
          release()
        }
        if (abort.signal.aborted)
          throw new InterruptedError(
            `The demo client was created with only some of its calls. Sign in as ${DEMO_CLIENT.adminEmail}.`,
          )
        const { client, user, settings } = must(session, 'The demo ends with a session')
        out.result({ client, user, settings }, () => describe({ state: 'signed_in', client, user, settings }))
      })
    })

  workspace
    .command('rename')
    .description('rename the client')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const client = await api.workspace.rename({ name })
        out.result(client, () => `Renamed the client to ${client.name}.`)
      })
    })

  return workspace
}
