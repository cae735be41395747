import { openAsBlob } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Option, type Command } from 'commander'
import { must } from '../../core/assert.ts'
import type { ColumnFate, ImportMap, ImportPreview, ImportQuestion, ImportReport } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { DURATION_FORMATS, type DurationFormat } from '../../core/import/duration.ts'
import { DECIMAL_SIGNS, type DecimalSign } from '../../core/import/number-text.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { UsageError } from '../failure.ts'
import { record, table } from '../output.ts'
import {
  addReadingOptions,
  describeLines,
  missing,
  readingOf,
  readingOfMap,
  readMap,
  type ReadingOptions,
} from './import-reading.ts'
import type { GlobalOptions, Runner, Signed } from '../runner.ts'

type ImportOptions = GlobalOptions &
  ReadingOptions & {
    readonly map?: string
    readonly dryRun?: boolean
    readonly refused?: string
    readonly durationFormat?: DurationFormat
    readonly durationDecimal?: DecimalSign
  }

const MAX_BYTES = 256 * 1024 * 1024
/** Refusals that are printed; all of them are in the file of `--refused`. */
const SHOWN_ISSUES = 20

/** The file, as the window would hand it over; refused before it is read where it is too large. */
async function openFile(path: string): Promise<File> {
  let size: number
  try {
    const found = await stat(path)
    if (!found.isFile()) throw missing(path)
    size = found.size
  } catch (error) {
    throw error instanceof AppError ? error : missing(path)
  }
  if (size > MAX_BYTES) {
    const hint = `It has ${Math.ceil(size / 1024 / 1024)} MB; at most 256 MB are taken at once. Split it and import the parts one after the other.`
    throw new AppError('UNREADABLE_FILE', `The file could not be read; nothing was imported. ${hint}`, { hint })
  }
  return new File([await openAsBlob(path)], basename(path))
}

function describePreview(preview: ImportPreview): string {
  const { fileName, kind, encoding, delimiter, headerLine, rowCount, columns, suggestedMap, warnings, fates } = preview
  const facts = record([
    ['File', fileName],
    ['Rows', String(rowCount)],
    ['Lines', describeLines(preview.lineAccount)],
    ['Header', headerLine === 0 ? 'none' : `line ${headerLine}`],
    ...(kind === 'csv'
      ? ([
          ['Encoding', encoding],
          ['Delimiter', delimiter === '\t' ? 'tab' : delimiter],
        ] as const)
      : ([['Sheet', preview.sheet]] as const)),
  ])
  const rows = columns.map(({ name, samples, distinct }) => [
    name,
    distinct === null ? 'many' : String(distinct.length),
    samples.slice(0, 4).join(' | '),
  ])
  const doubts = [...warnings, ...fates.questions.map(({ message }) => message)].map((doubt) => `! ${doubt}`)
  const columnsTable = table(['Column', 'Values', 'Samples'], rows)
  const counted = `What becomes of the columns (first ${fates.countedRows} rows):\n${describeFates(fates.fates)}`
  return `${facts}\n\n${columnsTable}\n\n${counted}${doubts.length === 0 ? '' : `\n\n${doubts.join('\n')}`}\n\nSuggested map:\n${JSON.stringify(suggestedMap, null, 2)}`
}

const COUNTS = [
  ['used', 'used'],
  ['cleaned', 'cleaned'],
  ['doubted', 'doubtful'],
  ['leftOut', 'left out'],
  ['refused', 'in refused rows'],
] as const

/** A line for each column, and one for each example of values that did not fit or were cleaned. */
function describeFates(fates: readonly ColumnFate[]): string {
  return table(
    ['Column', 'Fills', 'Read as', 'Values'],
    fates.flatMap((fate) => {
      const counts = COUNTS.flatMap(([key, label]) => (fate[key] === 0 ? [] : [`${fate[key]} ${label}`]))
      const examples = fate.examples.map(({ line, value, became, why }) => {
        const change = became === null || became === value ? '' : ` -> ${became}`
        return ['', '', '', `  line ${line}: ${value}${change} (${why})`]
      })
      const shown = fate.fields.length === 0 ? [] : examples
      const fills = fate.fields.length === 0 ? 'not used' : fate.fields.join(', ')
      return [[fate.column, fills, fate.readAs ?? '', counts.join(', ') || 'empty'], ...shown]
    }),
  )
}

function describeReport(report: ImportReport): string {
  const would = report.dryRun ? ' (dry run, nothing was written)' : ''
  const facts = record([
    ['Rows', `${report.rows}${would}${report.cancelled ? ', then it was cancelled; import the same file again to go on' : ''}`],
    ['Created', String(report.created)],
    ['Updated', String(report.updated)],
    ['Unchanged', String(report.unchanged)],
    ['Refused', String(report.refused)],
    ['Lines', report.lineAccount === null ? null : describeLines(report.lineAccount)],
    ['New agents', report.createdUsers.length === 0 ? null : report.createdUsers.join(', ')],
    ['New reasons', report.createdLossReasons.length === 0 ? null : report.createdLossReasons.join(', ')],
  ])
  const fates = `${facts}\n\nWhat became of the columns:\n${describeFates(report.columns)}`
  if (report.issues.length === 0) return fates
  const shown = report.issues.slice(0, SHOWN_ISSUES)
  const rest =
    report.refused > SHOWN_ISSUES
      ? `\n… ${report.refused} rows were refused; --refused FILE writes all of them with their reasons.`
      : ''
  return `${fates}\n\n${table(
    ['Line', 'Column', 'Why'],
    shown.map(({ line, column, message }) => [String(line), column ?? '', message]),
  )}${rest}`
}

/** Returns why the file could not be written; undefined: it was, or no row was refused. */
async function writeRefused(path: string, csv: string | null): Promise<AppError<'STORAGE'> | undefined> {
  if (csv === null) return undefined
  try {
    await writeFile(path, `\ufeff${csv}`, { mode: 0o600 })
    return undefined
  } catch (error) {
    return unwritten(path, error)
  }
}

function unwritten(path: string, cause: unknown): AppError<'STORAGE'> {
  const reason = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC' ? 'full' : 'io'
  const message = `The refused rows could not be written to ${path}. The rest of the report is complete; import the same file again with another --refused FILE.`
  return new AppError('STORAGE', message, { reason }, cause)
}

const OPTIONS: Readonly<Record<ImportQuestion['option'], string>> = {
  durationFormat: '--duration-format',
  durationDecimal: '--duration-decimal',
}

function askFor(questions: readonly ImportQuestion[]): string {
  const choices = questions.map(({ option, choices: values }) => `${OPTIONS[option]} ${values.join('|')}`)
  return `${questions.map(({ message }) => message).join(' ')} Nothing was imported; run it again with ${choices.join(' and ')}.`
}

function exitOf({ cancelled, refused }: ImportReport): ExitCode {
  if (cancelled) return EXIT.interrupted
  return refused > 0 ? EXIT.refusedRows : EXIT.ok
}

/** Runs an inspected file in; Ctrl+C ends it after the rows under way, with a report of what is in. */
async function runImport(
  runner: Runner,
  { api, out }: Signed,
  importId: string,
  map: ImportMap,
  dryRun: boolean,
): Promise<ImportReport> {
  const abort = new AbortController()
  const release = runner.io.onInterrupt(() => {
    out.note('Stopping after the rows under way …')
    abort.abort()
  })
  let report: ImportReport | undefined
  try {
    for await (const event of await api.imports.run({ importId, map, dryRun }, { signal: abort.signal }))
      if (event.kind === 'report') ({ report } = event)
      else out.progress(`Importing: ${event.done} of ${event.total} rows`)
  } finally {
    release()
  }
  return must(report, 'A run ends with a report')
}

export function addImportCommands(program: Command, runner: Runner): void {
  const command = addReadingOptions(program.command('import'))
    .description('import calls from a CSV file or an Excel workbook; importing the same file again changes nothing')
    .argument('<file>')
    .option('--map <file>', 'JSON: which column fills which field (default: the suggested one)')
    .option('--dry-run', 'tell what would be done, write nothing')
    .option('--refused <file>', 'write the refused rows there, with their reasons')
    .addOption(
      new Option('--duration-format <format>', 'unit of durations that are plain numbers, or what 4:10 is').choices(
        DURATION_FORMATS,
      ),
    )
    .addOption(new Option('--duration-decimal <sign>', 'decimal sign of durations such as 1,234').choices(DECIMAL_SIGNS))
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<ImportOptions>()
      const reading = readingOf(options)
      const source = await openFile(runner.path(file))
      const chosen = options.map === undefined ? undefined : await readMap(runner.path(options.map))
      await runner.signedIn(options, async (signed) => {
        const { api, out } = signed
        const { importId, suggestedMap, warnings, fates } = await api.imports.inspect({
          file: source,
          reading: { ...readingOfMap(chosen), ...reading },
        })
        if (chosen === undefined) {
          out.note('No --map given; the suggested one is used. “import inspect FILE” shows it.')
          for (const warning of warnings) out.note(`! ${warning}`)
        }
        const { durationFormat, durationDecimal } = options
        const map: ImportMap = {
          ...(chosen === undefined ? suggestedMap : { ...chosen, ...reading }),
          ...(durationFormat === undefined ? {} : { durationFormat }),
          ...(durationDecimal === undefined ? {} : { durationDecimal }),
        }
        const open = chosen === undefined ? fates.questions.filter(({ option }) => map[option] === undefined) : []
        if (open.length > 0) throw new UsageError(askFor(open))
        const report = await runImport(runner, signed, importId, map, options.dryRun === true)
        if (chosen !== undefined) for (const warning of report.readingWarnings) out.note(`! ${warning}`)
        const failure =
          options.refused === undefined ? undefined : await writeRefused(runner.path(options.refused), report.refusedCsv)
        out.result({ ...report, map, suggested: chosen === undefined, warnings: chosen === undefined ? warnings : [] }, () =>
          describeReport(report),
        )
        // The report is printed first, because what it counts is done.
        if (failure !== undefined) throw failure
        return exitOf(report)
      })
    })

  addReadingOptions(command.command('inspect'))
    .description('say what is in a file, with a map that fits; writes nothing')
    .argument('<file>')
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions & ReadingOptions>()
      const reading = readingOf(options)
      const source = await openFile(runner.path(file))
      await runner.signedIn(options, async ({ api, out }) => {
        const preview = await api.imports.inspect({ file: source, reading })
        out.result(preview, () => describePreview(preview))
      })
    })
}
