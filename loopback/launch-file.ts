import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type LaunchFile = {
  /** To be given to a browser in place of the address. */
  readonly url: string
  readonly remove: () => void
}

/**
 * Puts a launch address into a file that only its owner can read. A browser's command line can be read by every user of the machine, and
 * the first to use a launch token gets the window. So the command line names this file, and the file leads to the address.
 */
export function writeLaunchFile(home: string, address: string): LaunchFile {
  const folder = join(home, 'launch')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Whatever the mode of a folder that was there before.
  chmodSync(folder, 0o700)
  const path = join(folder, `${process.pid}.html`)
  rmSync(path, { force: true })
  const body = `<!doctype html>
<meta charset="utf-8" />
<meta http-equiv="refresh" content="0; url=${address}" />
<title>Propaganda Dashboard</title>
<a href="${address}">Open Propaganda Dashboard</a>
`
  writeFileSync(path, body, { mode: 0o600, flag: 'wx' })
  return { url: pathToFileURL(path).href, remove: () => rmSync(path, { force: true }) }
}
