import { Option, type Command } from 'commander'
import type { LossReason, User } from '../../core/model/people.ts'
import { ROLES, type Role } from '../../core/roles.ts'
import { UsageError } from '../terminal/failure.ts'
import { record, spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner } from './runner.ts'

type PersonOptions = GlobalOptions & { readonly email?: string; readonly name?: string; readonly role?: Role }
type ReasonOptions = GlobalOptions & { readonly description?: string }

function describeUser(user: User, zone: string): string {
  return record([
    ['Id', user.id],
    ['Name', user.name],
    ['E-mail', user.email],
    ['Role', user.role],
    ['Active', user.isActive ? 'yes' : 'no'],
    ['Password', user.hasPassword === null ? 'unknown on this device' : user.hasPassword ? 'set' : 'none: cannot sign in'],
    ['Last sign-in', user.lastLogin === null ? null : spellTime(user.lastLogin, zone)],
  ])
}

function describeReason({ id, name, description, isActive }: LossReason): string {
  return record([
    ['Id', id],
    ['Name', name],
    ['Description', description],
    ['Active', isActive ? 'yes' : 'no'],
  ])
}

export function addUserCommands(program: Command, runner: Runner): void {
  const user = program.command('user').description('manage people; WHO is an e-mail address, a name or an id')
  const role = () => new Option('--role <role>').choices(ROLES)

  user
    .command('add')
    .description('add a person with the password in PROPAGANDA_NEW_PASSWORD')
    .requiredOption('--email <email>')
    .requiredOption('--name <name>')
    .addOption(role().makeOptionMandatory())
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & Required<Pick<PersonOptions, 'email' | 'name' | 'role'>>>()
      await runner.signedIn(options, async ({ api, out, secrets, zone }) => {
        const { email, name, role: chosen } = options
        const added = await api.users.create({ email, name, role: chosen, password: await secrets.next(email) })
        out.result(added, () => describeUser(added, zone))
      })
    })

  user
    .command('list')
    .description('list all people, including deactivated ones')
    .action(async (_options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, zone }) => {
        const users = await api.users.list()
        const rows = users.map((one) => [
          one.name,
          one.email,
          one.role,
          one.isActive ? 'yes' : 'no',
          spellTime(one.lastLogin, zone),
          one.id,
        ])
        out.result(users, () => table(['Name', 'E-mail', 'Role', 'Active', 'Last sign-in', 'Id'], rows))
      })
    })

  user
    .command('edit')
    .description('change a person’s name, e-mail address or role')
    .argument('<who>')
    .option('--email <email>')
    .option('--name <name>')
    .addOption(role())
    .action(async (who: string, _options, command: Command) => {
      const options = command.optsWithGlobals<PersonOptions>()
      const { email, name, role: chosen } = options
      const patch = {
        ...(email === undefined ? {} : { email }),
        ...(name === undefined ? {} : { name }),
        ...(chosen === undefined ? {} : { role: chosen }),
      }
      if (Object.keys(patch).length === 0) throw new UsageError('Nothing to change. Give --email, --name or --role.')
      await runner.signedIn(options, async ({ api, out, lookup, zone }) => {
        const changed = await api.users.update({ id: await lookup.user(who), patch })
        out.result(changed, () => describeUser(changed, zone))
      })
    })

  for (const [verb, isActive] of [
    ['deactivate', false],
    ['activate', true],
  ] as const)
    user
      .command(verb)
      .description(
        isActive ? 'allow a person to sign in again' : 'prevent a person from signing in; their calls are kept under their name',
      )
      .argument('<who>')
      .action(async (who: string, _options, command: Command) => {
        await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, lookup, zone }) => {
          const changed = await api.users.setActive({ id: await lookup.user(who), isActive })
          out.result(changed, () => describeUser(changed, zone))
        })
      })

  user
    .command('set-password')
    .description('set a person’s password to the value of PROPAGANDA_NEW_PASSWORD')
    .argument('<who>')
    .action(async (who: string, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, lookup, secrets, zone }) => {
        const id = await lookup.user(who)
        const changed = await api.users.setPassword({ id, password: await secrets.next(who) })
        out.result(changed, () => describeUser(changed, zone))
      })
    })

  user
    .command('change-password')
    .description('change your own password to the value of PROPAGANDA_NEW_PASSWORD')
    .action(async (_options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, secrets, session, current }) => {
        await api.session.changePassword({ current, next: await secrets.next(session.user.email) })
        out.result({ id: session.user.id }, () => 'Your password is changed.')
      })
    })
}

export function addReasonCommands(program: Command, runner: Runner): void {
  const reason = program.command('reason').description('manage loss reasons; REASON is a name or an id')

  reason
    .command('list')
    .description('list all loss reasons, including inactive ones')
    .action(async (_options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const reasons = await api.lossReasons.list()
        const rows = reasons.map(({ id, name, description, isActive }) => [name, isActive ? 'yes' : 'no', id, description ?? ''])
        out.result(reasons, () => table(['Name', 'Active', 'Id', 'Description'], rows))
      })
    })

  reason
    .command('add')
    .argument('<name>')
    .option('--description <text>')
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ReasonOptions>()
      await runner.signedIn(options, async ({ api, out }) => {
        const added = await api.lossReasons.create({ name, description: options.description ?? null })
        out.result(added, () => describeReason(added))
      })
    })

  reason
    .command('rename')
    .argument('<reason>')
    .argument('<name>', 'the new name')
    .option('--description <text>')
    .action(async (which: string, name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ReasonOptions>()
      const { description } = options
      await runner.signedIn(options, async ({ api, out, lookup }) => {
        const patch = { name, ...(description === undefined ? {} : { description }) }
        const changed = await api.lossReasons.update({ id: await lookup.lossReason(which), patch })
        out.result(changed, () => describeReason(changed))
      })
    })

  for (const [verb, isActive] of [
    ['deactivate', false],
    ['activate', true],
  ] as const)
    reason
      .command(verb)
      .description(
        isActive
          ? 'offer an inactive reason again'
          : 'deactivate a reason: it is not offered for new calls, and old calls keep it',
      )
      .argument('<reason>')
      .action(async (which: string, _options, command: Command) => {
        await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, lookup }) => {
          const changed = await api.lossReasons.setActive({ id: await lookup.lossReason(which), isActive })
          out.result(changed, () => describeReason(changed))
        })
      })
}
