import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundled } from '../../app/testing/bundle.ts'

const MAIN = bundled('cli')

/** A disk without free space, or a home that is mounted read-only. A mount in a separate namespace needs no root rights. */
export type UnwritableKind = 'full' | 'read-only'

/** $0: an empty folder; $1: the home. The rest is the command, in which HOME is the home to use. */
const PREPARE: Readonly<Record<UnwritableKind, string>> = {
  full: `mount -t tmpfs -o size=16m,mode=0700 tmpfs "$0" && cp -a "$1" "$0/home" || exit 99
    cat /dev/zero > "$0/ballast" 2> /dev/null`,
  'read-only': `mkdir "$0/home" && mount --bind "$1" "$0/home" && mount -o remount,bind,ro "$0/home" || exit 99`,
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a command line on a home whose disk cannot be written. The home itself is not changed. */
export async function onUnwritable(
  kind: UnwritableKind,
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const disk = mkdtempSync(join(home, '..', 'disk-'))
  try {
    return await inNamespace(
      `${PREPARE[kind]}\nshift\nexec "$@"`,
      disk,
      home,
      [process.execPath, MAIN, `--home=${join(disk, 'home')}`, ...args],
      env,
    )
  } finally {
    rmSync(disk, { recursive: true, force: true })
  }
}

/** Runs `script` in a separate namespace. */
export async function inNamespace(
  script: string,
  disk: string,
  home: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn('unshare', ['-rm', 'sh', '-c', script, disk, home, ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, stdout, stderr }
}
