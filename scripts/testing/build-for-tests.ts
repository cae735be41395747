import { join } from 'node:path'
import { BUNDLE_VARIABLE } from '../../app/testing/bundle.ts'
import { testsBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'

/**
 * The set-up of a whole run: builds the programs that tests start. The processes that run the tests inherit the variables. Each program and
 * each of its threads reads up to 2 MB of JavaScript, so Node stores the compiled code in the folder of the build.
 */
export default async function buildForTests(): Promise<void> {
  await buildIfStale(testsBuild, () => console.log('Building the programs that the tests start …'))
  const folder = join(TREE, testsBuild.output)
  process.env[BUNDLE_VARIABLE] = folder
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
}
