import { openAsBlob } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { must } from '../../core/assert.ts'
import { importMapSchema, type ImportMap, type ImportPreview, type ImportReport } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { plainError } from '../../core/plain-errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { UsageError } from '../failure.ts'
import { record, table } from '../output.ts'
import { RefusedFile } from '../refused-file.ts'
import type { GlobalOptions, Runner, Signed } from '../runner.ts'
import { addMapCommands, savedMap } from './import-maps.ts'
import { describeReport } from './import-report.ts'
import { addUndoCommands } from './import-undo.ts'

type ImportOptions = GlobalOptions & {
  readonly map?: string
  readonly dryRun?: boolean
  readonly overwrite?: boolean
  readonly refused?: string
  readonly savedMap?: string
  readonly saveMap?: string
}

const MAX_BYTES = 256 * 1024 * 1024

function missing(path: string): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', `There is no file ${path}, or it cannot be read. Nothing was imported.`)
}

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

async function readMap(path: string): Promise<ImportMap> {
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`--map: ${path} is not JSON (${error.message}). Nothing was imported.`)
    throw missing(path)
  }
  const parsed = importMapSchema.strict().safeParse(json, { error: plainError })
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({ path: ['map', ...issue.path].join('.'), message: issue.message }))
  throw new AppError(
    'INVALID',
    `${path} is not a map. Nothing was imported; “import inspect FILE --json” prints one that fits.`,
    { issues },
  )
}

function describePreview({ fileName, encoding, delimiter, rowCount, columns, suggestedMap, warnings }: ImportPreview): string {
  const facts = record([
    ['File', fileName],
    ['Rows', String(rowCount)],
    ['Encoding', encoding],
    ['Delimiter', delimiter === '\t' ? 'tab' : delimiter],
  ])
  const rows = columns.map(({ name, samples, distinct }) => [
    name,
    distinct === null ? 'many' : String(distinct.length),
    samples.slice(0, 4).join(' | '),
  ])
  const doubts = warnings.length === 0 ? '' : `\n\n${warnings.map((warning) => `! ${warning}`).join('\n')}`
  return `${facts}\n\n${table(['Column', 'Values', 'Samples'], rows)}${doubts}\n\nSuggested map:\n${JSON.stringify(suggestedMap, null, 2)}`
}

function exitOf({ cancelled, refused }: ImportReport): ExitCode {
  if (cancelled) return EXIT.interrupted
  return refused > 0 ? EXIT.refusedRows : EXIT.ok
}

/** Runs an inspected file in; Ctrl+C ends it after the rows under way, with a report of what is in. */
async function runImport(
  runner: Runner,
  { api, out }: Signed,
  input: { readonly importId: string; readonly map: ImportMap; readonly dryRun: boolean; readonly overwrite: boolean },
): Promise<ImportReport> {
  const abort = new AbortController()
  const release = runner.io.onInterrupt(() => {
    out.note('Stopping after the rows under way …')
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
  const command = program
    .command('import')
    .description('import calls from a CSV file; importing the same file again changes nothing')
    .argument('<file>')
    .option('--map <file>', 'JSON: which column fills which field (default: the suggested one)')
    .option('--saved-map <name>', 'use a mapping that was saved by this name')
    .option('--save-map <name>', 'save the mapping by this name, for files with the same header')
    .option('--dry-run', 'tell what would be done, write nothing')
    .option('--overwrite', 'change calls that exist; without it they are kept and their rows are refused')
    .option('--refused <file>', 'write the refused rows there, with their reasons')
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<ImportOptions>()
      const source = await openFile(runner.path(file))
      if (options.map !== undefined && options.savedMap !== undefined)
        throw new UsageError('Give --map or --saved-map, not both. Nothing was imported.')
      const given = options.map === undefined ? undefined : await readMap(runner.path(options.map))
      await runner.signedIn(options, async (signed) => {
        const { api, out, zone } = signed
        const { importId, suggestedMap, savedMaps, columns, warnings } = await api.imports.inspect({ file: source })
        const chosen = options.savedMap === undefined ? given : await savedMap(signed, options.savedMap)
        if (chosen === undefined) {
          out.note('No --map given; the suggested one is used. “import inspect FILE” shows it.')
          for (const { name } of savedMaps)
            out.note(`A mapping for this header is saved as “${name}”; --saved-map "${name}" uses it.`)
          for (const warning of warnings) out.note(`! ${warning}`)
        }
        const map = chosen ?? suggestedMap
        if (options.saveMap !== undefined)
          await api.imports.saveMap({ name: options.saveMap, header: columns.map(({ name }) => name), map })
        const refusedFile =
          options.refused === undefined
            ? undefined
            : await RefusedFile.prepare(
                runner.path(options.refused),
                [file, options.map].flatMap((each) => (each === undefined ? [] : [runner.path(each)])),
              )
        const report = await runImport(runner, signed, {
          importId,
          map,
          dryRun: options.dryRun === true,
          overwrite: options.overwrite === true,
        })
        await refusedFile?.finish(report.refusedCsv)
        out.result({ ...report, map, suggested: chosen === undefined, warnings: chosen === undefined ? warnings : [] }, () =>
          describeReport(report, zone),
        )
        return exitOf(report)
      })
    })

  addUndoCommands(command, runner)
  addMapCommands(command, runner)

  command
    .command('inspect')
    .description('say what is in a file, with a map that fits; writes nothing')
    .argument('<file>')
    .action(async (file: string, _options, self: Command) => {
      const options = self.optsWithGlobals<GlobalOptions>()
      const source = await openFile(runner.path(file))
      await runner.signedIn(options, async ({ api, out }) => {
        const preview = await api.imports.inspect({ file: source })
        out.result(preview, () => describePreview(preview))
      })
    })
}
