import { Option, type Command } from 'commander'
import { BY_RANK, CALL_SORTS, type CallFilter, type CallSort, type ColumnSort } from '../../core/contract/calls.ts'
import type { CallOutcome, CallStatus, CallType } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { listArgument, listOf, rangeOf } from './arguments.ts'
import type { Lookup } from './lookup.ts'

/** The options of a filtered, sorted list of calls. */
export type FilterOptions = {
  readonly from?: string
  readonly to?: string
  readonly user?: readonly string[]
  readonly type?: CallType[]
  readonly status?: CallStatus[]
  readonly outcome?: CallOutcome[]
  readonly reason?: readonly string[]
  readonly text?: string
  readonly sort?: ColumnSort['by']
  readonly ascending?: boolean
}

/** The value of `--reason` for lost calls without a reason. */
const NO_REASON = 'none'

export function withFilterOptions(command: Command): Command {
  return command
    .option('--from <time>', 'calls at or after this day or time; days are in the client’s time zone')
    .option('--to <time>', 'calls before this day or time')
    .option('--user <who>', 'calls of these people; separate several with commas', listArgument)
    .option('--type <types>', CALL_TYPES.join(', '), listOf(CALL_TYPES))
    .option('--status <statuses>', CALL_STATUSES.join(', '), listOf(CALL_STATUSES))
    .option('--outcome <outcomes>', CALL_OUTCOMES.join(', '), listOf(CALL_OUTCOMES))
    .option('--reason <reasons>', `loss reasons; ${NO_REASON}: lost calls without a reason`, listArgument)
    .option(
      '--text <words>',
      'words that start like these, or contain these, in name, e-mail, phone or notes; with typing errors in names',
    )
    .addOption(new Option('--sort <by>', 'default: eventAt; with --text the best matches first').choices(CALL_SORTS))
    .option('--ascending', 'sort in ascending order')
}

export async function filterOf(options: FilterOptions, lookup: Lookup, zone: string): Promise<CallFilter> {
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

export function sortOf({ sort, ascending, text }: FilterOptions): CallSort {
  if (sort === undefined && text !== undefined && ascending !== true) return BY_RANK
  return { by: sort ?? 'eventAt', direction: ascending === true ? 'asc' : 'desc' }
}
