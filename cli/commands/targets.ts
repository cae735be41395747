import { Option, type Command } from 'commander'
import { monthOf, TARGETS } from '../../core/metrics/targets.ts'
import {
  isRateTarget,
  monthSchema,
  TARGET_METRICS,
  type Month,
  type Target,
  type TargetMetric,
} from '../../core/model/targets.ts'
import { readTarget } from '../../core/metrics/target-text.ts'
import { UsageError } from '../terminal/failure.ts'
import { table } from '../terminal/output.ts'
import type { GlobalOptions, Runner } from './runner.ts'

type ListOptions = GlobalOptions & { readonly from?: string; readonly to?: string }
type SetOptions = GlobalOptions & { readonly month?: string; readonly user?: string }

function monthGiven(option: string, text: string): Month {
  const parsed = monthSchema.safeParse(text)
  if (!parsed.success) throw new UsageError(`${option} is not a month. Give it as YYYY-MM, for example 2026-11.`)
  return parsed.data
}

function spell(metric: TargetMetric, value: number | null): string {
  if (value === null) return '—'
  return isRateTarget(metric) ? `${(value * 100).toFixed(1)}%` : String(Math.round(value))
}

function describe(targets: readonly Target[], nameOf: (id: string) => string): string {
  const rows = targets.map(({ month, userId, metric, value }) => [
    month,
    userId === null ? 'team' : nameOf(userId),
    metric,
    spell(metric, value),
  ])
  return table(['Month', 'For', 'Figure', 'Target'], rows)
}

export function addTargetCommands(program: Command, runner: Runner): void {
  const targets = program.command('targets').description('show and set the targets of a month')

  targets
    .command('list')
    .description('list the targets of the current month, or of several months')
    .option('--from <month>', 'first month, as YYYY-MM')
    .option('--to <month>', 'last month, as YYYY-MM; default: --from')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>()
      await runner.signedIn(options, async ({ api, out, zone }) => {
        const from = options.from === undefined ? monthOf(runner.io.clock(), zone) : monthGiven('--from', options.from)
        const to = options.to === undefined ? from : monthGiven('--to', options.to)
        if (from > to) throw new UsageError(`--from ${from} is after --to ${to}.`)
        const found = await api.targets.list({ from, to })
        const names = new Map((await api.users.names()).map(({ id, name }) => [id, name]))
        out.result(found, () => describe(found, (id) => names.get(id) ?? id))
      })
    })

  targets
    .command('set')
    .description('set the target of a figure for a month; “none” removes it')
    .argument('<figure>', TARGET_METRICS.join(', '))
    .argument('<value>', 'a number of calls, or a percentage')
    .addOption(new Option('--month <month>', 'as YYYY-MM; default: the current month'))
    .option('--user <who>', 'the person whose target it is; default: the team')
    .action(async (figure: string, text: string, _options, command: Command) => {
      const options = command.optsWithGlobals<SetOptions>()
      const metric = TARGET_METRICS.find((each) => each === figure.replaceAll('-', '_'))
      if (metric === undefined) throw new UsageError(`“${figure}” is not a target. Use one of ${TARGET_METRICS.join(', ')}.`)
      const read = readTarget(metric, text === 'none' ? '' : text)
      if ('problem' in read) throw new UsageError(`${read.problem}, or “none”.`)
      await runner.signedIn(options, async ({ api, out, lookup, zone }) => {
        const month = options.month === undefined ? monthOf(runner.io.clock(), zone) : monthGiven('--month', options.month)
        const userId = options.user === undefined ? null : await lookup.user(options.user)
        const set = { month, userId, metric, value: read.value }
        await api.targets.set({ targets: [set] })
        const whose = options.user ?? 'the team'
        out.result(set, () => `Target of ${whose} for ${month}: ${TARGETS[metric].label} ${spell(metric, read.value)}`)
      })
    })
}
