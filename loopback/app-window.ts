import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { windowFolder } from '../app/home.ts'
import { writeLaunchFile } from './launch-file.ts'

/** A browser that hands the address to another one of its kind, or cannot start, ends within this time, in milliseconds. */
const TOO_SOON = 3_000

export type WindowEnd =
  /** The person closed the window. */
  | 'closed'
  /** There never was one. */
  | 'failed'

/**
 * Opens the address in a window without a browser's bars, on a profile of its own: no extension of the person's browser sees it, and its
 * cookies are in no other window. No debugging port is opened, because through it any program on the device could control the window.
 *
 * @param address a launch address; it is passed in a file, because other users can read a command line
 * @param onEnd called once, when the window is gone
 */
export function openAppWindow(browser: string, address: string, home: string, onEnd: (end: WindowEnd) => void): void {
  const begun = performance.now()
  const profile = windowFolder(home, 'browser-profile')
  const file = writeLaunchFile(profile.isTemporary ? profile.path : home, address)
  const tidyUp = () => {
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
  let told = false
  const tell = (end: WindowEnd) => {
    if (!told) onEnd(end)
    told = true
  }
  child.once('error', () => {
    tidyUp()
    tell('failed')
  })
  child.once('exit', (code) => {
    // A browser that passes the file to a running instance ends at once, and that instance may not have read the file yet.
    if (code !== 0 || performance.now() - begun > TOO_SOON) tidyUp()
    if (code !== 0) tell('failed')
    else if (performance.now() - begun > TOO_SOON) tell('closed')
  })
  child.unref()
}

/** Whether a window can be opened at all. */
export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return [env.DISPLAY, env.WAYLAND_DISPLAY].some((display) => display !== undefined && display !== '')
}
