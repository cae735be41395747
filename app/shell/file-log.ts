import { mkdirSync, renameSync, statSync, truncateSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/id.ts'
import { unlessUnwritable } from '../workspace/home.ts'
import type { Log } from '../../platform/log/log.ts'

const MAX_BYTES = 5 * 1024 * 1024
/** How many times longer than allowed a file may become that cannot be renamed. */
const LONGEST = 4

export type FileLog = {
  readonly path: string
  readonly log: Log
  /** Resolves when all lines until now are in the file. */
  readonly flush: () => Promise<void>
}

/**
 * Opens a log of JSON lines in the home. If a line does not fit, the file is renamed to `NAME.log.1` and a new one begins. The size is read
 * before each line, because other processes append to the same file.
 * @param maxBytes of one of the two files.
 */
export function openFileLog(home: string, name: string, clock: Clock, maxBytes = MAX_BYTES): FileLog {
  const folder = join(home, 'logs')
  const path = join(folder, `${name}.log`)
  unlessUnwritable(home, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))

  /** Synchronous, so that hardly any time is left for another process to rename the file between the two calls. */
  const rotate = (bytes: number) => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size === 0 || size + bytes <= maxBytes) return
    try {
      renameSync(path, `${path}.1`)
    } catch {
      // A longer file is better than missing lines, but the disk must not fill up.
      if (size > LONGEST * maxBytes) truncateSync(path)
    }
  }
  const append = async (text: string) => {
    rotate(Buffer.byteLength(text))
    await appendFile(path, text, { mode: 0o600 })
  }

  let written = Promise.resolve()
  return {
    path,
    log: (line) => {
      const text = `${JSON.stringify({ time: new Date(clock()).toISOString(), ...line })}\n`
      // A log that cannot be written, for example on a full disk, must not end the application.
      written = written.then(() => append(text)).catch(() => {})
    },
    flush: () => written,
  }
}
