import { mkdirSync, renameSync, statSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/id.ts'
import { unlessUnwritable } from '../home.ts'
import type { Log } from '../logging.ts'

const MAX_BYTES = 5 * 1024 * 1024

export type FileLog = {
  readonly path: string
  readonly log: Log
  /** Settles when every line so far is in the file. */
  readonly flush: () => Promise<void>
}

/** A log of JSON lines in the product's home; the file of before is kept once it grows too long. */
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
      // A log that cannot be written (a full disk) must not take the application down with it.
      written = written.then(() => appendFile(path, text, { mode: 0o600 })).catch(() => {})
    },
    flush: () => written,
  }
}
