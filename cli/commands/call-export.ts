import type { Command } from 'commander'
import type { ExportedFile, ExportFormat } from '../../core/contract/exports.ts'
import { filterOf, sortOf, withFilterOptions, type FilterOptions } from '../values/call-filter.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { UsageError } from '../terminal/failure.ts'
import type { GlobalOptions, Runner } from './runner.ts'

type ExportOptions = GlobalOptions &
  FilterOptions & { readonly csv?: boolean; readonly xlsx?: boolean; readonly raw?: boolean; readonly out?: string }

/** Returns the format of the options; without one, the format of the file’s ending. */
function formatOf({ csv, xlsx, raw, out = '' }: ExportOptions): ExportFormat {
  if (csv === true && xlsx === true) throw new UsageError('Give --csv or --xlsx, not both. Nothing was done.')
  const [, ending] = /\.(csv|xlsx)$/i.exec(out) ?? []
  const format = csv === true ? 'csv' : xlsx === true ? 'xlsx' : ending?.toLowerCase()
  if (format !== 'csv' && format !== 'xlsx')
    throw new UsageError('Give --csv or --xlsx, or an --out FILE that ends in .csv or .xlsx. Nothing was done.')
  if (raw === true && format === 'xlsx') throw new UsageError('--raw works only with CSV. Nothing was done.')
  return format
}

export function addExportCommand(call: Command, runner: Runner): void {
  withFilterOptions(call.command('export'))
    .description('export the calls that you can see to a file; without --csv or --xlsx, the ending of --out decides the format')
    .option('--csv', 'CSV for spreadsheets: text cannot run as a formula')
    .option('--xlsx', 'an Excel workbook')
    .option('--raw', 'CSV for programs: every value as it is stored')
    .option('--out <file>', 'the file; an existing file is replaced when the new one is complete')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>()
      const format = formatOf(options)
      if (options.out === undefined || options.out === '') throw new UsageError('--out FILE is missing. Nothing was done.')
      const path = runner.path(options.out)
      await runner.signedIn(options, async ({ api, out, lookup, zone, exportTo }) => {
        const filter = await filterOf(options, lookup, zone)
        const abort = new AbortController()
        const release = runner.io.onInterrupt(() => abort.abort())
        const style = options.raw === true ? 'raw' : 'safe'
        const input = { filter, sort: sortOf(options), format, style, target: exportTo(path) } as const
        let file: ExportedFile | undefined
        try {
          for await (const event of await api.exports.calls(input, { signal: abort.signal }))
            if (event.kind === 'done') ({ file } = event)
            else out.progress(`Exporting: ${event.done} of ${event.total} calls`)
        } catch (error) {
          if (!abort.signal.aborted) throw error
        } finally {
          release()
        }
        if (file === undefined) {
          out.note('The export was cancelled. No file was written.')
          return EXIT.interrupted
        }
        const { rows, bytes } = file
        out.result({ path, format, rows, bytes }, () => `${rows} ${rows === 1 ? 'call' : 'calls'} exported to ${path}`)
        return EXIT.ok
      })
    })
}
