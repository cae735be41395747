import type { Command } from 'commander'
import { must } from '../../core/assert.ts'
import type { ImportRun, UndoCounts } from '../../core/contract/import-undo.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { UsageError } from '../terminal/failure.ts'
import { record, spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'

type UndoOptions = GlobalOptions & { readonly dryRun?: boolean }

function stateOf({ created, undone }: ImportRun): string {
  if (undone !== null) return 'undone'
  return created === null ? 'ended early' : ''
}

function describeRuns(runs: readonly ImportRun[], zone: string): string {
  if (runs.length === 0) return 'No file was imported on this device.'
  return table(
    ['Import', 'When', 'File', 'Created', 'Updated', ''],
    runs.map((run) => [
      run.importId,
      spellTime(run.at, zone),
      run.fileName ?? run.source ?? '',
      String(run.created ?? ''),
      String(run.updated ?? ''),
      stateOf(run),
    ]),
  )
}

function describeUndo({ removed, restored, kept }: UndoCounts, dryRun: boolean): string {
  return record([
    ['Removed', `${removed}${dryRun ? ' (dry run, nothing was changed)' : ''}`],
    ['Restored', String(restored)],
    ['Kept', `${kept}${kept === 0 ? '' : ', because they were edited since the import'}`],
  ])
}

/** Returns the id of the chosen import, or of the newest that is not undone. */
async function chosenImport({ api }: Signed, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && wanted !== 'last') return wanted
  const last = (await api.imports.list()).find(({ undone }) => undone === null)
  if (last === undefined) throw new UsageError('There is no import on this device to undo. Nothing was changed.')
  return last.importId
}

export function addUndoCommands(command: Command, runner: Runner): void {
  command
    .command('list')
    .description('list the imports of this device, newest first')
    .action(async (_options, self: Command) => {
      await runner.signedIn(self.optsWithGlobals<GlobalOptions>(), async ({ api, out, zone }) => {
        const runs = await api.imports.list()
        out.result(runs, () => describeRuns(runs, zone))
      })
    })

  command
    .command('undo')
    .description('undo an import of this device; calls that were edited since the import are kept')
    .argument('[import]', 'id of the import, or “last”', 'last')
    .option('--dry-run', 'show what the undo would do, without changing anything')
    .action(async (wanted: string, _options, self: Command) => {
      const options = self.optsWithGlobals<UndoOptions>()
      const dryRun = options.dryRun === true
      await runner.signedIn(options, async (signed) => {
        const { api, out } = signed
        const importId = await chosenImport(signed, wanted)
        const abort = new AbortController()
        const release = runner.io.onInterrupt(() => {
          out.note('Stopping after the current calls …')
          abort.abort()
        })
        let counts: UndoCounts | undefined
        let cancelled = false
        try {
          for await (const event of await api.imports.undo({ importId, dryRun }, { signal: abort.signal }))
            if (event.kind === 'done') ({ counts, cancelled } = event)
            else out.progress(`Undoing: ${event.done} of ${event.total} changes`)
        } finally {
          release()
        }
        const done = must(counts, 'An undo ends with its counts')
        out.result({ importId, dryRun, cancelled, ...done }, () => describeUndo(done, dryRun))
        return cancelled ? EXIT.interrupted : EXIT.ok
      })
    })
}
