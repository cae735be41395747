import { join } from 'node:path'
import { BUNDLE_VARIABLE } from '../../app/testing/bundle.ts'
import { testsBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'

/** The set-up of a whole run: builds the programs that tests start. The processes that run the tests inherit the variable. */
export default async function buildForTests(): Promise<void> {
  await buildIfStale(testsBuild, () => console.log('Building the programs that the tests start …'))
  process.env[BUNDLE_VARIABLE] = join(TREE, testsBuild.output)
}
