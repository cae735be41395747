import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInMemory, type Sqlite } from './database.ts'
import { asyncTransaction, transaction } from './transaction.ts'

let sqlite: Sqlite
beforeEach(() => {
  sqlite = openInMemory()
  sqlite.exec('CREATE TABLE numbers (n INTEGER UNIQUE)')
})
afterEach(() => void sqlite.close())

const insert = (n: number) => sqlite.prepare('INSERT INTO numbers VALUES (?)').run(n)
const numbers = () => sqlite.prepare('SELECT n FROM numbers ORDER BY n').pluck().all()

test('a transaction is committed with its result, or rolled back with its error', async () => {
  expect(transaction(sqlite, 'IMMEDIATE', () => insert(1).changes)).toBe(1)
  const failing = () => {
    insert(2)
    insert(1)
  }
  expect(() => transaction(sqlite, 'IMMEDIATE', failing)).toThrow(/UNIQUE/)
  expect([numbers(), sqlite.inTransaction]).toEqual([[1], false])
  expect(await asyncTransaction(sqlite, 'DEFERRED', async () => insert(3).changes)).toBe(1)
  await expect(asyncTransaction(sqlite, 'DEFERRED', async () => failing())).rejects.toThrow(/UNIQUE/)
  expect([numbers(), sqlite.inTransaction]).toEqual([[1, 3], false])
})

test('the first error is thrown, also if SQLite has already rolled the transaction back', () => {
  const work = () => {
    sqlite.exec('ROLLBACK')
    throw new Error('disk full')
  }
  expect(() => transaction(sqlite, 'IMMEDIATE', work)).toThrow('disk full')
})
