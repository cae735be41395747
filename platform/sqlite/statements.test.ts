import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInMemory, type Sqlite } from './database.ts'
import { statementsOf } from './statements.ts'

let sqlite: Sqlite
beforeEach(() => {
  sqlite = openInMemory()
  sqlite.exec('CREATE TABLE numbers (n INTEGER, word TEXT); INSERT INTO numbers VALUES (1, NULL), (2, NULL), (3, NULL)')
})
afterEach(() => void sqlite.close())

const SELECT = 'SELECT n FROM numbers WHERE n >= ? ORDER BY n'

test('a connection has one set of statements, and compiles each text once', () => {
  const statements = statementsOf(sqlite)
  expect(statementsOf(sqlite)).toBe(statements)
  expect(statements.get(SELECT)).toBe(statements.get(SELECT))
})

test('the same text returns objects or arrays, whichever the caller wants', () => {
  const statements = statementsOf(sqlite)
  expect(statements.raw(SELECT, 2)).toEqual([[2], [3]])
  expect(statements.all(SELECT, 2)).toEqual([{ n: 2 }, { n: 3 }])
  expect(statements.one(SELECT, 2)).toEqual({ n: 2 })
  expect(statements.one(SELECT, 4)).toBeUndefined()
  expect([...statements.iterate(SELECT, 3)]).toEqual([{ n: 3 }])
})

test('a write returns the number of changed rows', () => {
  expect(statementsOf(sqlite).run('UPDATE numbers SET word = ? WHERE n < ?', 'few', 3)).toBe(2)
})
