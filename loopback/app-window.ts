import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { windowFolder } from '../app/workspace/home.ts'
import { writeLaunchFile } from './launch-file.ts'

/** A browser that passes the address to a running instance, or cannot start, ends within this time, ms. */
const EARLY_END_MS = 3_000

export type WindowEnd =
  /** The person closed the window. */
  | 'closed'
  /** No window was opened. */
  | 'failed'

/**
 * Opens the address in a window without a browser's bars, with its own profile: extensions of the person's browser have no access to it, and
 * no other window has its cookies. No debugging port is opened, because through it any program on the device could control the window.
 *
 * @param address a launch address; it is passed in a file, because other users can read a command line
 * @param onEnd called once, when the window is closed or could not be opened
 */
export function openAppWindow(browser: string, address: string, home: string, onEnd: (end: WindowEnd) => void): void {
  const startedAt = performance.now()
  const profile = windowFolder(home, 'browser-profile')
  const file = writeLaunchFile(profile.isTemporary ? profile.path : home, address)
  const removeFiles = () => {
    file.remove()
    if (profile.isTemporary) rmSync(profile.path, { recursive: true, force: true, maxRetries: 3 })
  }
  const args = [
    `--app=${file.url}`,
    `--user-data-dir=${profile.path}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-extensions',
    '--disable-background-networking',
    '--window-size=1440,900',
  ]
  const child = spawn(browser, args, { stdio: 'ignore', detached: true })
  let isReported = false
  const reportEnd = (end: WindowEnd) => {
    if (!isReported) onEnd(end)
    isReported = true
  }
  child.once('error', () => {
    removeFiles()
    reportEnd('failed')
  })
  child.once('exit', (code) => {
    // A browser that passes the file to a running instance ends immediately, and that instance may not have read the file yet.
    if (code !== 0 || performance.now() - startedAt > EARLY_END_MS) removeFiles()
    if (code !== 0) reportEnd('failed')
    else if (performance.now() - startedAt > EARLY_END_MS) reportEnd('closed')
  })
  child.unref()
}
