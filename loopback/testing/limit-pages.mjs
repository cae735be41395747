/*
 * For tests where no small disk can be mounted: loaded before a process of the product, it lets no database grow while the file that
 * PROPAGANDA_FULL_MARK names exists. SQLite answers a write that needs another page as on a full disk.
 */
import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'

const mark = process.env.PROPAGANDA_FULL_MARK ?? ''
const { exec } = Database.prototype
Database.prototype.exec = function (sql) {
  if (sql === 'BEGIN IMMEDIATE') {
    const pages = existsSync(mark) ? this.pragma('page_count', { simple: true }) : 4_294_967_294
    this.pragma(`max_page_count = ${pages}`)
  }
  return exec.call(this, sql)
}
