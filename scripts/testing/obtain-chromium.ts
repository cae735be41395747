import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../../loopback/chromium.ts'
import { TREE } from '../tree.ts'

export const HOW_TO_GET_CHROMIUM = `The end-to-end tests need Chromium, Chrome or Edge. None was found, and none could be installed. Do one of these and run npm test again:
  install it from your system's packages (Debian, Ubuntu: apt-get install chromium)
  npx playwright install --with-deps chromium
  set CHROMIUM_PATH to the program of one that is there`

/**
 * Returns a Chromium for the end-to-end tests: the machine's own, else Debian's package if it can be installed, else Playwright's.
 * Returns undefined if none is available.
 */
export async function obtainChromium(say: (line: string) => void): Promise<string | undefined> {
  const here = findChromium()
  if (here !== undefined || isNamed()) return here
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    say('Installing Chromium from Debian’s packages …')
    installFromDebian()
    const installed = findChromium()
    if (installed !== undefined) return installed
  }
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  say('Fetching Playwright’s Chromium …')
  run(process.execPath, [join(TREE, 'node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'])
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
}

/** A browser chosen in the environment is never replaced by another one. */
function isNamed(): boolean {
  return process.env.CHROMIUM_PATH !== undefined && process.env.CHROMIUM_PATH !== ''
}

function installFromDebian(): void {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  if (!run('apt-get', ['update', '-q'], env)) return
  run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], env)
}

/** The output goes to standard error, because it explains a failure. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, ...env } }).status === 0
}
