import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as loopback from '../../loopback/main.ts'
import { programsBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'
import { say } from './report.ts'

/** Builds the loopback shell and the command line if they are stale, and returns a program's address. */
async function built(name: 'loopback' | 'cli'): Promise<string> {
  const isNew = await buildIfStale(programsBuild, () => say('Building the application …'))
  if (isNew) forgetCompiled(join(TREE, '.cache', 'compiled'))
  return pathToFileURL(join(TREE, programsBuild.output, `${name}.mjs`)).href
}

/**
 * Removes the compiled code of former builds, which would stay for ever, because the names of a build's files change. The folders stay: Node
 * has made them at the start of this process, and stores compiled code in them at its end.
 */
function forgetCompiled(folder: string): void {
  for (const file of globSync('*/*', { cwd: folder })) rmSync(join(folder, file), { force: true })
}

/** Loads the loopback shell. Bundled, it and each of its threads start in a fraction of the time that the source takes. */
export async function loadLoopback(): Promise<typeof loopback> {
  return (await import(await built('loopback'))) as typeof loopback
}

/** Runs the command line with this process's arguments. */
export async function runCommandLine(): Promise<void> {
  await import(await built('cli'))
}
