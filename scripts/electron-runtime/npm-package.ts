import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package of npm with the SHA-512 of its archive, in base64. */
export type PinnedPackage = {
  readonly name: string
  readonly version: string
  readonly sha512: string
}

/**
 * Downloads a package with the npm client and unpacks it. None of its scripts run.
 *
 * @returns the folder of its files
 * @throws {Error} if the archive is not the pinned one
 */
export function fetchPackage({ name, version, sha512 }: PinnedPackage, folder: string): string {
  const output = execFileSync(
    'npm',
    ['pack', `${name}@${version}`, '--ignore-scripts', '--json', `--pack-destination=${folder}`],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' },
  )
  const [packed] = JSON.parse(output) as { filename: string }[]
  const archive = join(folder, packed?.filename.replace(/^@/, '').replaceAll('/', '-') ?? '')
  const actual = createHash('sha512').update(readFileSync(archive)).digest('base64')
  if (actual !== sha512) throw new Error(`${name}@${version} has the SHA-512 ${actual}, expected ${sha512}. It was not unpacked.`)
  execFileSync('tar', ['-xzf', archive, '-C', folder])
  return join(folder, 'package')
}
