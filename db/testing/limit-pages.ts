/*
 * For tests that cannot mount a small disk. It is loaded into a process of the product (--import). While the file named by
 * PROPAGANDA_FULL_MARK exists, no database can grow: SQLite fails a write that needs another page, as on a full disk.
 */
import { existsSync } from 'node:fs'
import { openInMemory, type Sqlite } from '../../platform/sqlite/database.ts'

const mark = process.env['PROPAGANDA_FULL_MARK'] ?? ''
const UNLIMITED = 4_294_967_294

/** Returns the prototype of all connections. */
function driver(): Sqlite {
  const sqlite = openInMemory()
  sqlite.close()
  return Object.getPrototypeOf(sqlite) as Sqlite
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
