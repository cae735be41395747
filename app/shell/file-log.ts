import { mkdirSync } from 'node:fs'
import { appendFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/id.ts'
import { unlessUnwritable } from '../workspace/home.ts'
import type { Log } from '../../platform/log/log.ts'

const MAX_BYTES = 5 * 1024 * 1024

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

  const append = async (text: string) => {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    )
    // If the file cannot be renamed, a longer file is better than a missing line.
    if (size > 0 && size + Buffer.byteLength(text) > maxBytes) await rename(path, `${path}.1`).catch(() => {})
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
