import { mkdirSync, renameSync, statSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
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

/** Opens a log of JSON lines in the home. If the file is too long at the start, it is renamed and a new one begins. */
export function openFileLog(home: string, name: string, clock: Clock): FileLog {
  const folder = join(home, 'logs')
  const path = join(folder, `${name}.log`)
  unlessUnwritable(home, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(path, `${path}.1`)
  })
  let written = Promise.resolve()
  return {
    path,
    log: (line) => {
      const text = `${JSON.stringify({ time: new Date(clock()).toISOString(), ...line })}\n`
      // A log that cannot be written, for example on a full disk, must not end the application.
      written = written.then(() => appendFile(path, text, { mode: 0o600 })).catch(() => {})
    },
    flush: () => written,
  }
}
