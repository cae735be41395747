import type { Command } from 'commander'
import type { CallFilter } from '../../core/contract/calls.ts'
import type { CallId } from '../../core/id.ts'
import type { TrailEntry } from '../../core/model/audit.ts'
import type { Call } from '../../core/model/call.ts'
import { countArgument } from '../values/arguments.ts'
import { filterOf, sortOf, withFilterOptions, type FilterOptions } from '../values/call-filter.ts'
import { DESCRIBED_FIELDS, fieldLabel, spellField } from '../values/call-text.ts'
import { newCallOf, patchOf, withCallOptions, type CallOptions } from '../values/call-options.ts'
import { UsageError } from '../terminal/failure.ts'
import type { Lookup } from '../values/lookup.ts'
import { record, spellDuration, spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'
import { auditTable } from './audit.ts'
import { addExportCommand } from './call-export.ts'

type ListOptions = GlobalOptions &
  FilterOptions & {
    readonly limit: number
    readonly after?: string
    readonly all?: boolean
  }

const PAGE = 500

const DESPITE_DO_NOT_CALL = [
  '--despite-do-not-call',
  'schedule an outbound call although the prospect is on the do-not-call list',
] as const
type Despite = { readonly despiteDoNotCall?: boolean }

type Names = Awaited<ReturnType<Lookup['names']>>

function describe(call: Call, names: Names, zone: string): string {
  return record([
    ['Id', call.id],
    ...DESCRIBED_FIELDS.map((field) => {
      const value = call[field]
      return [fieldLabel(field), value === null ? null : spellField(field, value, names, zone)] as const
    }),
    ['Continues call', call.followsCallId],
  ])
}

function callTable(calls: readonly Call[], names: Names, zone: string): string {
  const rows = calls.map((call) => [
    spellTime(call.eventAt, zone),
    names.user(call.userId),
    call.prospectName,
    call.callType,
    call.status,
    call.outcome ?? '',
    names.lossReason(call.lossReasonId),
    spellDuration(call.callDuration),
    call.id,
  ])
  return table(['When', 'Agent', 'Prospect', 'Type', 'Status', 'Outcome', 'Loss reason', 'Duration', 'Id'], rows)
}

async function referencesOf(options: CallOptions, lookup: Lookup) {
  const { user, reason } = options
  return {
    userId: user === undefined ? undefined : await lookup.user(user),
    lossReasonId: reason === undefined ? undefined : reason === '' ? null : await lookup.lossReason(reason),
  }
}

/** Reads one page, or all pages. */
async function pagesOf(options: ListOptions, { api }: Signed, filter: CallFilter) {
  const sort = sortOf(options)
  const rows: Call[] = []
  let after: string | null = options.after ?? null
  for (;;) {
    const left = options.all === true ? PAGE : options.limit - rows.length
    const page = await api.calls.list({ filter, sort, after, limit: Math.max(1, Math.min(PAGE, left)) })
    rows.push(...page.rows)
    if (page.next === null || (options.all !== true && rows.length >= options.limit)) return { rows, next: page.next }
    after = page.next
  }
}

export function addCallCommands(program: Command, runner: Runner): void {
  const call = program.command('call').alias('calls').description('manage calls')

  const show = async ({ out, lookup, zone }: Signed, found: Call) => {
    const names = out.json ? undefined : await lookup.names()
    out.result(found, () => (names === undefined ? '' : describe(found, names, zone)))
  }

  withCallOptions(call.command('add').description('log a call; default: your own, completed now, undecided'))
    .option('--follows <id>', 'the call that the new one continues')
    .option(...DESPITE_DO_NOT_CALL)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & CallOptions & Despite & { readonly follows?: CallId }>()
      if (options.prospect === undefined) throw new UsageError('--prospect is missing. Nothing was done.')
      await runner.signedIn(options, async (signed) => {
        const { api, lookup, session, zone } = signed
        const references = await referencesOf(options, lookup)
        const fields = newCallOf(
          options,
          { ...references, userId: references.userId ?? session.user.id },
          zone,
          runner.io.clock(),
        )
        const { follows = null, despiteDoNotCall = false } = options
        await show(signed, await api.calls.create({ ...fields, followsCallId: follows, despiteDoNotCall }))
      })
    })

  withFilterOptions(call.command('list'))
    .description('list the calls that you may see, latest first')
    .option('--limit <n>', 'number of calls', countArgument, 50)
    .option('--after <cursor>', 'continue after a page; use its “next”')
    .option('--all', 'list all calls')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>()
      await runner.signedIn(options, async (signed) => {
        const { api, out, lookup, zone } = signed
        const filter = await filterOf(options, lookup, zone)
        const page = await pagesOf(options, signed, filter)
        if (out.json) return out.result(page, () => '')
        const [{ total, exact }, names] = await Promise.all([api.calls.count({ filter }), lookup.names()])
        out.result(page, () => callTable(page.rows, names, zone))
        out.note(
          exact && page.rows.length === total
            ? `${total} ${total === 1 ? 'call' : 'calls'}`
            : `${page.rows.length} of ${total}${exact ? '' : '+'} calls`,
        )
      })
    })

  addExportCommand(call, runner)

  call
    .command('show')
    .description('show one call')
    .argument('<id>')
    .option('--history', 'also show its audit trail')
    .action(async (id: CallId, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { readonly history?: boolean }>()
      await runner.signedIn(options, async (signed) => {
        const { api, out, lookup, zone } = signed
        const found = await api.calls.get({ id })
        if (options.history !== true) return show(signed, found)
        const history = await api.calls.history({ id })
        const names = await lookup.names()
        out.result({ ...found, history }, () => `${describe(found, names, zone)}\n\n${auditTable(history, names, zone)}`)
      })
    })

  call
    .command('chain')
    .description('list the calls that continue one another, of which the call is one')
    .argument('<id>')
    .action(async (id: CallId, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, lookup, zone }) => {
        const chain = await api.calls.chain({ id })
        const names = await lookup.names()
        out.result(chain, () => callTable(chain, names, zone))
      })
    })

  call
    .command('history')
    .description('show the audit trail of a call, also of a deleted call')
    .argument('<id>')
    .action(async (id: CallId, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out, lookup, zone }) => {
        const history: TrailEntry[] = await api.calls.history({ id })
        const names = await lookup.names()
        out.result(history, () => auditTable(history, names, zone))
      })
    })

  withCallOptions(
    call
      .command('edit')
      .description('change the given fields; an empty text clears a field')
      .argument('<id>')
      .option(...DESPITE_DO_NOT_CALL),
  ).action(async (id: CallId, _options, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & CallOptions & Despite>()
    await runner.signedIn(options, async (signed) => {
      const { api, lookup, zone } = signed
      const before = await api.calls.get({ id })
      const patch = patchOf(options, await referencesOf(options, lookup), before, zone, runner.io.clock())
      if (Object.keys(patch).length === 0) throw new UsageError('Nothing to change. Give at least one field.')
      await show(signed, await api.calls.update({ id, patch, despiteDoNotCall: options.despiteDoNotCall ?? false }))
    })
  })

  call
    .command('delete')
    .description('delete a call; “call restore” brings it back')
    .argument('<id>')
    .action(async (id: CallId, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const deleted = await api.calls.delete({ id })
        out.result(deleted, () => `Deleted. “call restore ${deleted.id}” brings it back.`)
      })
    })

  call
    .command('restore')
    .description('restore a deleted call with its last values')
    .argument('<id>')
    .action(async (id: CallId, _options, command: Command) => {
      await runner.signedIn(command.optsWithGlobals<GlobalOptions>(), async (signed) => {
        await show(signed, await signed.api.calls.restore({ id }))
      })
    })
}
