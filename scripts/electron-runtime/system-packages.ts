import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Debian packages, and the files that show that a package is installed. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  xvfb: ['/usr/bin/Xvfb'],
  xdotool: ['/usr/bin/xdotool'],
  unzip: ['/usr/bin/unzip'],
  'g++': ['/usr/bin/g++'],
  'libgtk-3-0': ['libgtk-3.so.0'],
  libnss3: ['libnss3.so'],
  libasound2: ['libasound.so.2'],
  libgbm1: ['libgbm.so.1'],
}

/** Returns the Debian names of the missing packages: a virtual display, its keyboard, tools, and Electron's libraries. */
export function missingSystemPackages(): string[] {
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  const has = (file: string) => (file.startsWith('/') ? existsSync(file) : (stdout ?? '').includes(`${file} `))
  return Object.entries(PACKAGES)
    .filter(([, files]) => !files.every(has))
    .map(([name]) => name)
}

/** Installs Debian's packages. Needs root. The output goes to standard error. */
export function installFromDebian(packages: readonly string[]): void {
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ===
    0
  if (run('update', '-q')) run('install', '-q', '-y', '--no-install-recommends', ...packages)
}
