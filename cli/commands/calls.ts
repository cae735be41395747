import { Option, type Command } from 'commander'
import { CALL_SORTS, type CallFilter, type CallSort } from '../../core/contract/calls.ts'
import type { CallId } from '../../core/id.ts'
import type { TrailEntry } from '../../core/model/audit.ts'
import type { Call, CallOutcome, CallStatus, CallType } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { countArgument, listArgument, listOf, rangeOf } from '../values/arguments.ts'
import { DESCRIBED_FIELDS, fieldLabel, spellField } from '../values/call-text.ts'
import { newCallOf, patchOf, withCallOptions, type CallOptions } from '../values/call-options.ts'
import { UsageError } from '../terminal/failure.ts'
import type { Lookup } from '../values/lookup.ts'
import { record, spellDuration, spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'
import { auditTable } from './audit.ts'

type ListOptions = GlobalOptions & {
  readonly from?: string
  readonly to?: string
  readonly user?: readonly string[]
  readonly type?: CallType[]
  readonly status?: CallStatus[]
  readonly outcome?: CallOutcome[]
  readonly reason?: readonly string[]
  readonly text?: string
  readonly sort: CallSort['by']
  readonly ascending?: boolean
  readonly limit: number
  readonly after?: string
  readonly all?: boolean
}

const PAGE = 500
/** The value of `--reason` for lost calls without a reason. */
const NO_REASON = 'none'

type Names = Awaited<ReturnType<Lookup['names']>>

function describe(call: Call, names: Names, zone: string): string {
  return record([
    ['Id', call.id],
    ...DESCRIBED_FIELDS.map((field) => {
      const value = call[field]
      return [fieldLabel(field), value === null ? null : spellField(field, value, names, zone)] as const
    }),
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

async function filterOf(options: ListOptions, { lookup, zone }: Signed): Promise<CallFilter> {
  const { user, type, status, outcome, reason, text } = options
  return {
    ...rangeOf(options, zone),
    ...(user === undefined ? {} : { userIds: await lookup.users(user) }),
    ...(type === undefined ? {} : { callTypes: type }),
    ...(status === undefined ? {} : { statuses: status }),
    ...(outcome === undefined ? {} : { outcomes: outcome }),
    ...(reason === undefined
      ? {}
      : { lossReasonIds: await Promise.all(reason.map(async (one) => (one === NO_REASON ? null : lookup.lossReason(one)))) }),
    ...(text === undefined ? {} : { text }),
  }
}

/** Reads one page, or all pages. */
async function pagesOf(options: ListOptions, { api }: Signed, filter: CallFilter) {
  const sort: CallSort = { by: options.sort, direction: options.ascending === true ? 'asc' : 'desc' }
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
  const call = program.command('call').description('manage calls')

  const show = async ({ out, lookup, zone }: Signed, found: Call) => {
    const names = out.json ? undefined : await lookup.names()
    out.result(found, () => (names === undefined ? '' : describe(found, names, zone)))
  }

  withCallOptions(call.command('add').description('log a call; default: your own, completed now, undecided')).action(
    async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & CallOptions>()
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
        await show(signed, await api.calls.create(fields))
      })
    },
  )

  call
    .command('list')
    .description('list the calls that you may see, latest first')
    .option('--from <time>', 'calls at or after this day or time; days are in the client’s time zone')
    .option('--to <time>', 'calls before this day or time')
    .option('--user <who>', 'calls of these people; separate several with commas', listArgument)
    .option('--type <types>', CALL_TYPES.join(', '), listOf(CALL_TYPES))
    .option('--status <statuses>', CALL_STATUSES.join(', '), listOf(CALL_STATUSES))
    .option('--outcome <outcomes>', CALL_OUTCOMES.join(', '), listOf(CALL_OUTCOMES))
    .option('--reason <reasons>', `loss reasons; ${NO_REASON}: lost calls without a reason`, listArgument)
    .option('--text <words>', 'words that start like these, or contain these, in name, e-mail, phone or notes')
    .addOption(new Option('--sort <by>').choices(CALL_SORTS).default('eventAt'))
    .option('--ascending', 'sort in ascending order')
    .option('--limit <n>', 'number of calls', countArgument, 50)
    .option('--after <cursor>', 'continue after a page; use its “next”')
    .option('--all', 'list all calls')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>()
      await runner.signedIn(options, async (signed) => {
        const { api, out, lookup, zone } = signed
        const filter = await filterOf(options, signed)
        const page = await pagesOf(options, signed, filter)
        if (out.json) return out.result(page, () => '')
        const [{ total }, names] = await Promise.all([api.calls.count({ filter }), lookup.names()])
        out.result(page, () => callTable(page.rows, names, zone))
        out.note(
          page.rows.length === total ? `${total} ${total === 1 ? 'call' : 'calls'}` : `${page.rows.length} of ${total} calls`,
        )
      })
    })

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
    call.command('edit').description('change the given fields; an empty text clears a field').argument('<id>'),
  ).action(async (id: CallId, _options, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions & CallOptions>()
    await runner.signedIn(options, async (signed) => {
      const { api, lookup, zone } = signed
      const before = await api.calls.get({ id })
      const patch = patchOf(options, await referencesOf(options, lookup), before, zone, runner.io.clock())
      if (Object.keys(patch).length === 0) throw new UsageError('Nothing to change. Give at least one field.')
      await show(signed, await api.calls.update({ id, patch }))
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
