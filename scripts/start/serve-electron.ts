import { spawn } from 'node:child_process'
import { electronBuild, rendererBuild } from '../building/builds.ts'
import { buildIfStale } from '../building/stale-build.ts'
import { TREE } from '../tree.ts'
import { say } from './report.ts'

/** The time-out for Electron to report its window, ms. */
const READY_WITHIN = 30_000

/**
 * Builds stale parts and runs the desktop shell until the person ends it.
 *
 * @returns its exit code; undefined if it ended before its window was ready
 */
export async function serveElectron(program: string, home: string): Promise<number | undefined> {
  await buildIfStale(rendererBuild, () => say('Building the window …'))
  await buildIfStale(electronBuild, () => say('Building the desktop shell …'))
  return new Promise((resolve) => {
    const child = spawn(program, [TREE, `--home=${home}`], { stdio: ['ignore', 'pipe', 'inherit'] })
    let ready = false
    const late = setTimeout(() => child.kill(), READY_WITHIN)
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk)
      ready ||= chunk.includes('ready at')
      if (ready) clearTimeout(late)
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
    child.once('error', () => resolve(undefined))
    child.once('exit', (code) => {
      clearTimeout(late)
      resolve(ready ? (code ?? 1) : undefined)
    })
  })
}
