import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeAtomicFile } from '../platform/files/atomic-file.ts'

export type LaunchFile = {
  /** The URL that the browser gets instead of the address. */
  readonly url: string
  readonly remove: () => void
}

/**
 * Writes a page that opens a launch address to a file that only its owner can read. The browser's command line names this file instead of
 * the address, because every user of the machine can read a command line, and the first use of a launch token gives access.
 */
export function writeLaunchFile(home: string, address: string): LaunchFile {
  const folder = join(home, 'launch')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Also corrects the mode of an existing folder.
  chmodSync(folder, 0o700)
  const path = join(folder, `${process.pid}.html`)
  const body = `<!doctype html>
<meta charset="utf-8" />
<meta http-equiv="refresh" content="0; url=${address}" />
<title>Propaganda Dashboard</title>
<a href="${address}">Open Propaganda Dashboard</a>
`
  writeAtomicFile(path, body)
  return { url: pathToFileURL(path).href, remove: () => rmSync(path, { force: true }) }
}
