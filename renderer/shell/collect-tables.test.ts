import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { collectTables } from './collect-tables.ts'
import type { ChangedTables } from './collect-tables.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function collecting() {
  const handed: ChangedTables[] = []
  return { handed, tables: collectTables(400, (changed) => handed.push(changed)) }
}

test('a single change is handed on at once', () => {
  const { handed, tables } = collecting()
  tables.add(['calls'])
  expect(handed).toEqual([['calls']])
})

test('a burst is handed on once more when it is over, without doubles', () => {
  const { handed, tables } = collecting()
  for (let n = 0; n < 100; n++) tables.add(['calls'])
  tables.add(['users', 'calls'])
  expect(handed).toHaveLength(1)
  vi.advanceTimersByTime(400)
  expect(handed.slice(1)).toEqual([['calls', 'users']])
  vi.advanceTimersByTime(10_000)
  expect(handed).toHaveLength(2)
})

test('while it goes on, it is handed on once in every interval', () => {
  const { handed, tables } = collecting()
  for (let ms = 0; ms < 4_000; ms += 10) {
    tables.add(['calls'])
    vi.advanceTimersByTime(10)
  }
  expect(handed.length).toBeGreaterThanOrEqual(10)
  expect(handed.length).toBeLessThanOrEqual(11)
})

test('any table is more than some', () => {
  const { handed, tables } = collecting()
  tables.add(['calls'])
  tables.add(['users'])
  tables.add('any')
  tables.add(['calls'])
  vi.advanceTimersByTime(400)
  expect(handed[1]).toBe('any')
})

test('after cancel nothing is handed on', () => {
  const { handed, tables } = collecting()
  tables.add(['calls'])
  tables.add(['users'])
  tables.cancel()
  vi.advanceTimersByTime(1_000)
  expect(handed).toHaveLength(1)
})
