import { join } from 'node:path'
import { TREE } from '../tree.ts'
import type { Build } from './stale-build.ts'

const CONFIG = join(TREE, 'vite.config.ts')
/** Inputs of every build. */
const COMMON_INPUTS = ['core/**/*.ts', 'vite.config.ts', 'package-lock.json']
/** Inputs of the builds that run in Node. The window's code cannot import `platform/`. */
const NODE_INPUTS = [...COMMON_INPUTS, 'platform/**/*.ts']

/** Runs one of the builds of vite.config.ts, by its mode. Vite is loaded only if there is something to build. */
async function viteBuild(mode: string, outDir: string): Promise<void> {
  const { build } = await import('vite')
  await build({ configFile: CONFIG, mode, logLevel: 'warn', build: { outDir } })
}

/** The window's files, for Electron and loopback. */
export const rendererBuild: Build = {
  name: 'renderer',
  tree: TREE,
  inputs: ['renderer/**/*', ...COMMON_INPUTS],
  output: 'dist/renderer',
  make: (folder) => viteBuild('production', folder),
}

/** The desktop shell's process, its preload script and the worker threads. */
export const electronBuild: Build = {
  name: 'electron',
  tree: TREE,
  inputs: ['electron/**/*.ts', 'app/**/*.ts', 'db/**/*', ...NODE_INPUTS],
  output: 'dist/electron',
  make: async (folder) => {
    await viteBuild('main', folder)
    await viteBuild('preload', folder)
  },
}

/** The sync server and its threads. */
export const serverBuild: Build = {
  name: 'sync-server',
  tree: TREE,
  inputs: ['sync-server/**/*.ts', ...NODE_INPUTS],
  output: 'dist/sync-server',
  make: (folder) => viteBuild('server', folder),
}

/** The loopback shell and the command line, with the worker threads. */
export const programsBuild: Build = {
  name: 'programs',
  tree: TREE,
  inputs: ['loopback/**/*.ts', 'cli/**/*.ts', 'app/**/*.ts', 'db/**/*', ...NODE_INPUTS],
  output: 'dist/programs',
  make: (folder) => viteBuild('programs', folder),
}

/** The programs that integration and end-to-end tests start. The output is inside the checkout, where it finds the database driver. */
export const testsBuild: Build = {
  name: 'tests',
  tree: TREE,
  inputs: [...programsBuild.inputs, 'sync-server/**/*.ts', 'e2e/support/*.ts'],
  output: 'dist/tests',
  make: (folder) => viteBuild('tests', folder),
}
