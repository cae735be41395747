import type { Command } from 'commander'
import type { ReportSummary } from '../../core/contract/reports.ts'
import { METRICS, type Figure } from '../../core/metrics/metrics.ts'
import { instantOf, listArgument, namedRange } from '../values/arguments.ts'
import { UsageError } from '../terminal/failure.ts'
import { spellDuration, spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner } from './runner.ts'
import { targetTable } from './targets.ts'

type ReportOptions = GlobalOptions & {
  readonly from?: string
  readonly to?: string
  readonly period?: string
  readonly user?: readonly string[]
}

function spellFigure({ key, value }: Figure): string {
  if (value === null) return '—'
  const { unit } = METRICS[key]
  if (unit === 'ratio') return `${(value * 100).toFixed(1)} %`
  return unit === 'seconds' ? spellDuration(Math.round(value)) : String(Math.round(value * 10) / 10)
}

function figureRows(figures: readonly Figure[]): string[][] {
  return figures.map((figure) => [
    METRICS[figure.key].label,
    spellFigure(figure),
    figure.denominator === null ? '' : `${figure.numerator} / ${figure.denominator}`,
    METRICS[figure.key].definition,
  ])
}

function describeTeam({ figures, shownDays, finishedDays }: NonNullable<ReportSummary['team']>): string {
  const days = `${shownDays} of ${finishedDays} finished days; on the others fewer than three people had calls`
  if (shownDays === 0) return `No team average: ${days}.`
  const head = `The team’s average (${days}). Calls and talk time are per day of work.`
  return `${head}\n${table(['Metric', 'Value', 'n / d', 'Definition'], figureRows(figures))}`
}

function describe({ range, figures, lossReasons, reach, team, targets }: ReportSummary, zone: string): string {
  const parts = [
    `${spellTime(range.from, zone)} up to ${spellTime(range.to, zone)} (${zone})${reach === 'own' ? ', your own calls' : ''}`,
    table(['Metric', 'Value', 'n / d', 'Definition'], figureRows(figures)),
  ]
  if (targets.length > 0) parts.push(targetTable(targets))
  if (team !== null) parts.push(describeTeam(team))
  if (lossReasons.length > 0) {
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`
    const rows = lossReasons.map((row) => [
      row.isActive ? row.name : `${row.name} (inactive)`,
      String(row.count),
      percent(row.share),
      percent(row.cumulative),
    ])
    parts.push(table(['Loss reason', 'Calls', 'Share', 'Cumulative'], rows))
  }
  return parts.join('\n\n')
}

export function addReportCommands(program: Command, runner: Runner): void {
  program
    .command('report')
    .description('show the metrics of a period')
    .option('--from <day>', 'first day, in the client’s time zone')
    .option('--to <day>', 'the day after the last one')
    .option(
      '--period <name>',
      'instead of --from and --to: today, yesterday, this_week, last_week, this_month, last_month, this_quarter, this_year, all',
    )
    .option('--user <who>', 'only these people; separate several with commas', listArgument)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>()
      const { from, to, period, user } = options
      if (period === undefined ? from === undefined || to === undefined : from !== undefined || to !== undefined)
        throw new UsageError('Give either --from and --to, or --period.')
      await runner.signedIn(options, async ({ api, out, lookup, session, zone }) => {
        const range =
          period === undefined
            ? { from: instantOf('--from', from ?? '', zone), to: instantOf('--to', to ?? '', zone) }
            : namedRange(period, runner.io.clock(), zone, session.settings.week_start)
        if (range.from > range.to) throw new UsageError(`--from ${from ?? ''} is after --to ${to ?? ''}.`)
        const summary = await api.reports.summary({ range, ...(user === undefined ? {} : { userIds: await lookup.users(user) }) })
        out.result({ timeZone: zone, ...summary }, () => describe(summary, zone))
      })
    })
}
