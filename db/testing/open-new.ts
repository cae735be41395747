import { readFileSync, writeFileSync } from 'node:fs'
import type { Id } from '../../core/id.ts'
import { createWorkspaceFile, openWritable, type WritableDb } from '../open.ts'

let newFile: Buffer | undefined

/** Makes a workspace file and opens it. The file is made once and then copied: its migrations take longer than most tests. */
export function openNew(path: string, deviceId: Id): WritableDb {
  if (newFile === undefined) {
    createWorkspaceFile(path, { deviceId })
    newFile = readFileSync(path)
  } else writeFileSync(path, newFile, { mode: 0o600 })
  const db = openWritable(path)
  db.sqlite.prepare('UPDATE sync_device SET device_id = ?').run(deviceId)
  return db
}
