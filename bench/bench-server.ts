import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { must } from '../core/assert.ts'
import { serverBuild } from '../scripts/building/builds.ts'
import { buildIfStale } from '../scripts/building/stale-build.ts'
import { TREE } from '../scripts/tree.ts'

export const PUBLISH_KEY = 'a publish key of the benchmark'

export type BenchServer = { readonly url: string; readonly peakMb: () => number; readonly stop: () => Promise<void> }

/** Returns the most memory that a process has used so far, MB; NaN if the system does not report it. */
export function peakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
  } catch {
    return Number.NaN
  }
}

/** Starts the built server in a separate process, on a temporary folder. */
export async function startServer(): Promise<BenchServer> {
  await buildIfStale(serverBuild)
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-bench-server-'))
  const main = join(TREE, serverBuild.output, 'main.mjs')
  const child = spawn(process.execPath, [main, `--data=${folder}`, '--port=0', '--log=warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PROPAGANDA_PUBLISH_KEY: PUBLISH_KEY },
  })
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: must(child.stdout, 'Standard output is piped') })) {
    const url = /ready at (\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { url, peakMb: () => peakMb(child.pid ?? 0), stop }
  }
  throw new Error('The server ended before it was ready')
}
