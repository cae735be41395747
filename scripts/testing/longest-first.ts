import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { TREE } from '../tree.ts'

/** The integration tests that take longest, by the processor time that they took alone, from about 100 to about 20 seconds. */
export const LONGEST = [
  'app/sync/large-rows.integration.test.ts',
  'sync-server/kill.integration.test.ts',
  'app/kill.integration.test.ts',
  'app/sync/restored-server.integration.test.ts',
  'app/sync/joined-import.integration.test.ts',
  'scripts/start/start.integration.test.ts',
  'loopback/full-disk.integration.test.ts',
  'app/sync/first-contact.integration.test.ts',
  'app/sync/trail.integration.test.ts',
  'cli/commands.integration.test.ts',
  'scripts/simulation/convergence.fuzz.test.ts',
  'app/unknown-address.integration.test.ts',
]

/** Starts the longest files first, so that no worker waits at the end for a file that another one started late. */
export class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.indexOf(relative(TREE, moduleId).replaceAll('\\', '/'))
      return index === -1 ? LONGEST.length : index
    }
    // eslint-disable-next-line unicorn/no-array-sort -- a method of the sequencer, which is no array
    const usual = await super.sort(specifications)
    return usual.toSorted((a, b) => place(a) - place(b))
  }
}
