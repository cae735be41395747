import { readFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import type { Api } from '../../core/contract/contract.ts'
import type { ExportedFile } from '../../core/contract/exports.ts'
import type { ReportFormat } from '../../core/contract/report-files.ts'
import type { ReportRequest } from '../../core/contract/reports.ts'
import { CALL_TYPES } from '../../core/model/call-fields.ts'
import type { CallType } from '../../core/model/call.ts'
import { RANKED_BY, REPORT_TABLES, type RankedBy, type ReportTableKey } from '../../core/figures/report-parts.ts'
import type { ReportSource } from '../../core/reports/report-facts.ts'
import { writeDocument } from '../../core/reports/write-document.ts'
import { BUCKET_SIZES, COMPARISONS, type BucketSize, type Comparison } from '../../core/time/report-periods.ts'
import { daysRange, isDay, PERIODS, type TimeRange } from '../../core/time/time-range.ts'
import { instantOf, listArgument, listOf, namedRange } from '../values/arguments.ts'
import { UsageError } from '../terminal/failure.ts'
import { reportText } from './report-text.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'

type ReportOptions = GlobalOptions & {
  readonly from?: string
  readonly to?: string
  readonly period?: string
  readonly user?: readonly string[]
  readonly type?: CallType[]
  readonly compare: Comparison
  readonly bucket: 'auto' | BucketSize
  readonly rankBy: RankedBy
  /** True: CSV goes to standard output. */
  readonly csv?: string | true
  readonly xlsx?: string
  readonly pdf?: string
  readonly table?: ReportTableKey
  readonly raw?: boolean
  readonly locale: string
  readonly knownOn?: string
}

/** A file that the options name. */
type Wanted = { readonly format: ReportFormat; readonly path: string }

function checked(options: ReportOptions): void {
  const { from, to, period, csv, json, table, raw } = options
  if (period === undefined ? from === undefined || to === undefined : from !== undefined || to !== undefined)
    throw new UsageError('Give either --from and --to, or --period.')
  if (csv === true && json === true)
    throw new UsageError('Give --csv or --json, not both. To also write a CSV file, use --csv FILE.')
  if (csv === undefined && (table !== undefined || raw === true)) throw new UsageError('--table and --raw need --csv.')
}

function rangeOf({ from, to, period }: ReportOptions, { session, zone }: Signed, now: number): TimeRange {
  if (period !== undefined) return namedRange(period, now, zone, session.settings.week_start)
  const range = { from: instantOf('--from', from ?? '', zone), to: instantOf('--to', to ?? '', zone) }
  if (range.from > range.to) throw new UsageError(`--from ${from ?? ''} is after --to ${to ?? ''}.`)
  return range
}

/** Returns the end of the day of --known-on; null: the report is as it is known now. */
function knownAtOf({ knownOn }: ReportOptions, zone: string): number | null {
  if (knownOn === undefined) return null
  if (!isDay(knownOn)) throw new UsageError(`--known-on ${knownOn} is not a day. Give it as YYYY-MM-DD.`)
  return daysRange(knownOn, knownOn, zone).to
}

function wantedFiles(options: ReportOptions, runner: Runner): readonly Wanted[] {
  const { csv, xlsx, pdf } = options
  const named = [
    ['csv', csv],
    ['xlsx', xlsx],
    ['pdf', pdf],
  ] as const
  return named.flatMap(([format, path]) => (typeof path === 'string' ? [{ format, path: runner.path(path) }] : []))
}

/** Returns the report as it is known now, or as it was known before an instant. */
async function reportFrom(
  api: Api,
  request: ReportRequest,
  knownAt: number | null,
): Promise<Pick<ReportSource, 'page' | 'hours' | 'noShows' | 'known'>> {
  if (knownAt !== null) {
    const { page, hours, ...known } = await api.reports.known.page({ ...request, knownAt })
    return { page, hours, noShows: null, known }
  }
  const [page, { hours }, noShows] = await Promise.all([
    api.reports.page(request),
    api.reports.hours(request),
    api.reports.noShows.ageing(request),
  ])
  return { page, hours, noShows, known: null }
}

export function addReportCommands(program: Command, runner: Runner): void {
  program
    .command('report')
    .description('show the figures of a period, or write them to files')
    .option('--from <day>', 'first day, in the client’s time zone')
    .option('--to <day>', 'the day after the last one')
    .option('--period <name>', `instead of --from and --to: ${PERIODS.join(', ')}`)
    .option('--user <who>', 'only these people; separate several with commas', listArgument)
    .option('--type <types>', `only these types: ${CALL_TYPES.join(', ')}`, listOf(CALL_TYPES))
    .addOption(new Option('--compare <with>', 'what the period is compared with').choices(COMPARISONS).default('previous'))
    .addOption(new Option('--bucket <size>', 'size of the trend’s steps').choices(['auto', ...BUCKET_SIZES]).default('auto'))
    .addOption(new Option('--rank-by <rate>', 'the rate by which agents are ranked').choices(RANKED_BY).default('close_rate'))
    .option('--csv [file]', 'one value per line, with numerator and denominator; without a file, to standard output')
    .option('--xlsx <file>', 'an Excel workbook with a sheet for each table')
    .option('--pdf <file>', 'the report with its charts, on A4 pages')
    .addOption(new Option('--table <name>', 'with --csv: only this table, with its own columns').choices(REPORT_TABLES))
    .option('--known-on <day>', 'the figures as they were known at the end of this day, for example 2026-05-31')
    .option('--raw', 'with --csv: texts as they are, for programs; by default they cannot run as a formula in a spreadsheet')
    .option('--locale <tag>', 'with --pdf: format of the numbers, for example de', 'en')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>()
      checked(options)
      const { user, type, compare, bucket, rankBy, csv, table, raw, locale } = options
      await runner.signedIn(options, async (signed) => {
        const { api, out, lookup, session, zone, exportTo, downloaded } = signed
        const request = {
          range: rangeOf(options, signed, runner.io.clock()),
          compare,
          bucket,
          ...(user === undefined ? {} : { userIds: await lookup.users(user) }),
          ...(type === undefined ? {} : { callTypes: type }),
        }
        const knownAt = knownAtOf(options, zone)
        const choice = { ...request, knownAt, rankedBy: rankBy, style: raw === true ? 'raw' : 'safe', locale } as const
        const tableOf = (format: ReportFormat) => (format === 'csv' ? (table ?? null) : null)
        const files: (Wanted & Pick<ExportedFile, 'rows' | 'bytes'>)[] = []
        for (const { format, path } of wantedFiles(options, runner)) {
          const { rows, bytes } = await api.reports.file({ ...choice, format, table: tableOf(format), target: exportTo(path) })
          files.push({ path, format, rows, bytes })
        }
        if (csv === true) {
          const file = await api.reports.file({ ...choice, format: 'csv', table: tableOf('csv') })
          out.document(readFileSync(downloaded(file), 'utf8'))
          return
        }
        if (files.length > 0) {
          out.result({ files }, () => files.map(({ path }) => `Report written to ${path}`).join('\n'))
          return
        }
        const [{ page, hours, noShows, known }, people] = await Promise.all([
          reportFrom(api, request, knownAt),
          api.users.names(),
        ])
        const named = new Map(people.map(({ id, name }) => [id, name]))
        out.result(
          {
            timeZone: zone,
            ...(known === null ? {} : { knownOn: options.knownOn, knownAt: known.knownAt, coverage: known.coverage }),
            ...page,
            people: page.people.map((person) => ({ ...person, name: named.get(person.userId) ?? null })),
            hours,
            noShows,
          },
          () =>
            reportText(
              writeDocument({
                ...{ page, hours, noShows, people, request, known },
                client: session.client.name,
                weekStart: session.settings.week_start,
                rankedBy: rankBy,
              }),
            ),
        )
      })
    })
}
