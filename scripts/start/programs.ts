import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as loopback from '../../loopback/main.ts'
import { programsBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'
import { say } from './report.ts'

/** Builds the loopback shell and the command line if they are stale, and returns a program's address. */
async function built(name: 'loopback' | 'cli'): Promise<string> {
  await buildIfStale(programsBuild, () => say('Building the application …'))
  const folder = join(TREE, programsBuild.output)
  keepCompiled(join(folder, 'compiled'))
  return pathToFileURL(join(folder, `${name}.mjs`)).href
}

/** Lets Node keep the compiled code of the program and of its threads, which read megabytes of JavaScript at every start. */
function keepCompiled(folder: string): void {
  // The threads read the variable.
  process.env['NODE_COMPILE_CACHE'] ??= folder
  enableCompileCache(process.env['NODE_COMPILE_CACHE'])
}

/** Loads the loopback shell. Bundled, it and each of its threads start in a fraction of the time that the source takes. */
export async function loadLoopback(): Promise<typeof loopback> {
  return (await import(await built('loopback'))) as typeof loopback
}

/** Runs the command line with this process's arguments. */
export async function runCommandLine(): Promise<void> {
  await import(await built('cli'))
}
