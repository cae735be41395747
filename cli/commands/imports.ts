import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Option, type Command } from 'commander'
import { must } from '../../core/assert.ts'
import { MAX_IMPORT_BYTES } from '../../core/contract/imports.ts'
import type { ImportMap, ImportPreview, ImportQuestion, ImportReport } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { DURATION_FORMATS, type DurationFormat } from '../../core/import/duration.ts'
import { unreadable } from '../../app/import/unreadable.ts'
import { DECIMAL_SIGNS, type DecimalSign } from '../../core/import/number-text.ts'
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts'
import { UsageError } from '../terminal/failure.ts'
import { record, table } from '../terminal/output.ts'
import { RefusedFile } from '../values/refused-file.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'
import { describeUsages } from './import-columns.ts'
import {
  addReadingOptions,
  describeLines,
  missing,
  readingOf,
  readingOfMap,
  readMap,
  type ReadingOptions,
} from './import-reading.ts'
import { addMapCommands, savedMap } from './import-maps.ts'
import { describeReport } from './import-report.ts'
import { addUndoCommands } from './import-undo.ts'

type ImportOptions = GlobalOptions &
  ReadingOptions & {
    readonly map?: string
    readonly dryRun?: boolean
    readonly overwrite?: boolean
    readonly refused?: string
    readonly savedMap?: string
    readonly saveMap?: string
    readonly durationFormat?: DurationFormat
    readonly durationDecimal?: DecimalSign
  }

/** Returns the file in the form in which the window passes it. Refuses a file that is too large before reading it. */
async function openFile(path: string): Promise<File> {
  let size: number
  try {
    const found = await stat(path)
    if (!found.isFile()) throw missing(path)
    size = found.size
  } catch (error) {
    throw error instanceof AppError ? error : missing(path)
  }
  if (size > MAX_IMPORT_BYTES) {
    throw unreadable({
      message: `It has ${Math.ceil(size / 1024 / 1024)} MB; the limit is 256 MB. Split it and import the parts one after the other.`,
    })
  }
  return new File([await openAsBlob(path)], basename(path))
}

function describePreview(preview: ImportPreview): string {
  const { fileName, kind, encoding, delimiter, headerLine, rowCount, columns, suggestedMap, warnings, usages } = preview
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
  const doubts = [...warnings, ...usages.questions].map(({ message }) => message).map((doubt) => `! ${doubt}`)
  const columnsTable = table(['Column', 'Values', 'Samples'], rows)
  const counted = `How the columns are used (first ${usages.countedRows} rows):\n${describeUsages(usages.usages)}`
  return `${facts}\n\n${columnsTable}\n\n${counted}${doubts.length === 0 ? '' : `\n\n${doubts.join('\n')}`}\n\nSuggested map:\n${JSON.stringify(suggestedMap, null, 2)}`
}

const OPTIONS: Readonly<Record<ImportQuestion['option'], string>> = {
  durationFormat: '--duration-format',
  durationDecimal: '--duration-decimal',
}

function questionText(questions: readonly ImportQuestion[]): string {
  const choices = questions.map(({ option, choices: values }) => `${OPTIONS[option]} ${values.join('|')}`)
  return `${questions.map(({ message }) => message).join(' ')} Nothing was imported; run it again with ${choices.join(' and ')}.`
}

function exitOf({ cancelled, refused }: ImportReport): ExitCode {
  if (cancelled) return EXIT.interrupted
  return refused > 0 ? EXIT.refusedRows : EXIT.ok
}

/** Imports an inspected file. Ctrl+C ends the import after the current rows, with a report of the imported rows. */
async function runImport(
  runner: Runner,
  { api, out }: Signed,
  input: { readonly importId: string; readonly map: ImportMap; readonly dryRun: boolean; readonly overwrite: boolean },
): Promise<ImportReport> {
  const abort = new AbortController()
  const release = runner.io.onInterrupt(() => {
    out.note('Stopping after the current rows …')
    abort.abort()
  })
  let report: ImportReport | undefined
  try {
    for await (const event of await api.imports.run(input, { signal: abort.signal }))
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
    .option('--map <file>', 'JSON file that maps columns to fields (default: the suggested map)')
    .option('--saved-map <name>', 'use the saved mapping with this name')
    .option('--save-map <name>', 'save the mapping under this name, for files with the same header')
    .option('--dry-run', 'show what the import would do, without writing')
    .option('--overwrite', 'change existing calls; otherwise they are kept and their rows are refused')
    .option('--refused <file>', 'write the refused rows to this file, with reasons')
    .addOption(
      new Option('--duration-format <format>', 'unit of durations that are plain numbers, or the format of 4:10').choices(
        DURATION_FORMATS,
      ),
    )
    .addOption(new Option('--duration-decimal <sign>', 'decimal sign of durations such as 1,234').choices(DECIMAL_SIGNS))
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<ImportOptions>()
      const reading = readingOf(options)
      const source = await openFile(runner.path(file))
      if (options.map !== undefined && options.savedMap !== undefined)
        throw new UsageError('Give --map or --saved-map, not both. Nothing was imported.')
      const given = options.map === undefined ? undefined : await readMap(runner.path(options.map))
      await runner.signedIn(options, async (signed) => {
        const { api, out, zone } = signed
        const chosen = options.savedMap === undefined ? given : await savedMap(signed, options.savedMap)
        const { importId, suggestedMap, savedMaps, columns, warnings, usages, rowCount } = await api.imports.inspect({
          file: source,
          reading: { ...readingOfMap(chosen), ...reading },
        })
        if (chosen === undefined && rowCount === 0) throw unreadable({ message: 'It has a header but no rows.' })
        if (chosen === undefined) {
          out.note('No --map given, so the suggested map is used. To see it, run “import inspect FILE”.')
          for (const { name } of savedMaps)
            out.note(`A mapping for this header is saved as “${name}”. To use it, add --saved-map "${name}".`)
          for (const { message } of warnings) out.note(`! ${message}`)
        }
        const { durationFormat, durationDecimal } = options
        const map: ImportMap = {
          ...(chosen === undefined ? suggestedMap : { ...chosen, ...reading }),
          ...(durationFormat === undefined ? {} : { durationFormat }),
          ...(durationDecimal === undefined ? {} : { durationDecimal }),
        }
        const open = chosen === undefined ? usages.questions.filter(({ option }) => map[option] === undefined) : []
        if (open.length > 0) throw new UsageError(questionText(open))
        const refusedFile =
          options.refused === undefined
            ? undefined
            : await RefusedFile.prepare(
                runner.path(options.refused),
                [file, options.map].flatMap((each) => (each === undefined ? [] : [runner.path(each)])),
              )
        if (options.saveMap !== undefined)
          await api.imports.saveMap({ name: options.saveMap, header: columns.map(({ name }) => name), map })
        const report = await runImport(runner, signed, {
          importId,
          map,
          dryRun: options.dryRun === true,
          overwrite: options.overwrite === true,
        })
        if (chosen !== undefined) for (const { message } of report.readingWarnings) out.note(`! ${message}`)
        const failure = await refusedFile?.finish(report.refusedCsv)
        out.result({ ...report, map, suggested: chosen === undefined, warnings: chosen === undefined ? warnings : [] }, () =>
          describeReport(report, zone),
        )
        // The report is printed first, because its rows are imported although the file could not be written.
        if (failure !== undefined) throw failure
        return exitOf(report)
      })
    })

  addUndoCommands(command, runner)
  addMapCommands(command, runner)

  addReadingOptions(command.command('inspect'))
    .description('show the content of a file and a suggested map; writes nothing')
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
