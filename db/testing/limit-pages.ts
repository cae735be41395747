/*
 * For tests that cannot mount a small disk. It is loaded into a process of the product (--import). While the file named by
 * PROPAGANDA_FULL_MARK exists, no database grows: SQLite fails a write that needs another page, as on a full disk.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorkspaceFile, openWritable, type Sqlite } from '../open.ts'

const mark = process.env['PROPAGANDA_FULL_MARK'] ?? ''
const UNLIMITED = 4_294_967_294

/** The driver's class: only `open.ts` imports it. */
function driver(): Sqlite {
  const folder = mkdtempSync(join(tmpdir(), 'propaganda-limit-'))
  const path = join(folder, 'any.db')
  createWorkspaceFile(path, { deviceId: 'any' })
  const db = openWritable(path)
  db.close()
  rmSync(folder, { recursive: true })
  return Object.getPrototypeOf(db.sqlite) as Sqlite
}

const prototype = driver()
const exec: Sqlite['exec'] = Reflect.get(prototype, 'exec')
prototype.exec = function (this: Sqlite, sql: string) {
  if (sql === 'BEGIN IMMEDIATE') {
    const pages = existsSync(mark) ? (this.pragma('page_count', { simple: true }) as number) : UNLIMITED
    this.pragma(`max_page_count = ${pages}`)
  }
  return exec.call(this, sql)
}
