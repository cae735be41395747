import type { Command } from 'commander'
import type { DoNotCallId } from '../../core/id.ts'
import type { DoNotCallEntry } from '../../core/model/do-not-call-entry.ts'
import { UsageError } from '../terminal/failure.ts'
import { spellTime, table } from '../terminal/output.ts'
import { countArgument } from '../values/arguments.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'

/** The most entries of one request. */
const PAGE = 500

type ContactOptions = { readonly phone?: string; readonly email?: string }

function withContact(command: Command): Command {
  return command
    .option('--phone <number>', 'the prospect’s phone number')
    .option('--email <email>', 'the prospect’s e-mail address')
}

/** @throws UsageError without a contact. */
function contactOf({ phone, email }: ContactOptions): ContactOptions {
  if (phone === undefined && email === undefined) throw new UsageError('Give --phone, --email or both. Nothing was done.')
  return { ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) }
}

async function entryTable({ lookup, zone }: Signed, entries: readonly DoNotCallEntry[]): Promise<string> {
  const names = await lookup.names()
  const rows = entries.map(({ id, reason, userId, createdAt, liftedAt, liftedBy }) => [
    spellTime(createdAt, zone),
    names.user(userId),
    reason ?? '',
    liftedAt === null ? 'in force' : `lifted ${spellTime(liftedAt, zone)} by ${liftedBy === null ? '' : names.user(liftedBy)}`,
    id,
  ])
  return table(['Added', 'By', 'Reason', 'State', 'Id'], rows)
}

export function addDoNotCallCommands(program: Command, runner: Runner): void {
  const list = program
    .command('do-not-call')
    .description('prospects who do not want to be called; the list shows no numbers or addresses')

  withContact(list.command('check').description('find out whether a phone number or an e-mail address is on the list')).action(
    async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ContactOptions>()
      const contact = contactOf(options)
      await runner.signedIn(options, async (signed) => {
        const found = await signed.api.doNotCall.check(contact)
        const { entry, isReadable } = found
        const unread = isReadable
          ? ''
          : '\nThe number could not be compared. Give it with its country code, for example +49 30 5551234.'
        const text = entry === null ? 'Not on the list.' : await entryTable(signed, [entry])
        signed.out.result(found, () => `${text}${unread}`)
      })
    },
  )

  withContact(list.command('add').description('add a phone number, an e-mail address or both to the list'))
    .option('--reason <text>', 'why; everyone in the client can read it, so it must not contain the number or the address')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & ContactOptions & { readonly reason?: string }>()
      const contact = contactOf(options)
      await runner.signedIn(options, async (signed) => {
        const entries = await signed.api.doNotCall.add({ ...contact, reason: options.reason ?? null })
        const text = await entryTable(signed, entries)
        signed.out.result(entries, () => text)
      })
    })

  list
    .command('lift')
    .description('lift an entry and all other entries of its contact; lifted entries stay in the list')
    .argument('<id>')
    .action(async (id: DoNotCallId, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async (signed) => {
        const entry = await signed.api.doNotCall.lift({ id })
        const text = await entryTable(signed, [entry])
        signed.out.result(entry, () => text)
      })
    })

  list
    .command('list')
    .description('list the entries, the newest first')
    .option('--limit <n>', 'number of entries', countArgument, 50)
    .option('--after <id>', 'continue after the entry with this id, the “next” of the previous page')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { readonly limit: number; readonly after?: DoNotCallId }>()
      await runner.signedIn(options, async (signed) => {
        const rows: DoNotCallEntry[] = []
        let next: DoNotCallId | null = options.after ?? null
        do {
          const page = await signed.api.doNotCall.list({ limit: Math.min(PAGE, options.limit - rows.length), after: next })
          rows.push(...page.rows)
          next = page.next
        } while (next !== null && rows.length < options.limit)
        const text = await entryTable(signed, rows)
        signed.out.result({ rows, next }, () => text)
        if (next !== null) signed.out.note(`There are more entries. To list them, add --after ${next}`)
      })
    })
}
