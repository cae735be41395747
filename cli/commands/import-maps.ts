import type { Command } from 'commander'
import type { ImportMap } from '../../core/contract/imports.ts'
import { AppError } from '../../core/errors.ts'
import { spellTime, table } from '../terminal/output.ts'
import type { GlobalOptions, Runner, Signed } from './runner.ts'

/** @throws AppError NOT_FOUND */
export async function savedMap({ api }: Signed, name: string): Promise<ImportMap> {
  const found = (await api.imports.maps()).find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw AppError.inEnglish(
      'NOT_FOUND',
      `No mapping is saved as “${name}” on this device. Nothing was imported. To list saved mappings, run “import maps”.`,
    )
  return found.map
}

export function addMapCommands(command: Command, runner: Runner): void {
  command
    .command('maps')
    .description('list the mappings that are saved on this device')
    .action(async (_options, self: Command) => {
      await runner.signedIn(self.optsWithGlobals<GlobalOptions>(), async ({ api, out, zone }) => {
        const maps = await api.imports.maps()
        out.result(maps, () =>
          maps.length === 0
            ? 'No mapping is saved on this device.'
            : table(
                ['Name', 'Saved', 'Columns'],
                maps.map(({ name, savedAt, header }) => [name, spellTime(savedAt, zone), header.join(', ')]),
              ),
        )
      })
    })

  command
    .command('delete-map')
    .description('delete a saved mapping')
    .argument('<name>')
    .action(async (name: string, _options, self: Command) => {
      await runner.signedIn(self.optsWithGlobals<GlobalOptions>(), async ({ api, out }) => {
        const deleted = await api.imports.deleteMap({ name })
        out.result(deleted, () => `Deleted the mapping ${name}.`)
      })
    })
}
