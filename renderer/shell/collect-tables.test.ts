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
  const reported: ChangedTables[] = []
  return { reported, tables: collectTables(400, (changed) => reported.push(changed)) }
}

test('a single change is reported at once', () => {
  const { reported, tables } = collecting()
  tables.add(['calls'])
  expect(reported).toEqual([['calls']])
})

test('a burst is reported once more when it ends, each table once', () => {
  const { reported, tables } = collecting()
  for (let n = 0; n < 100; n++) tables.add(['calls'])
  tables.add(['users', 'calls'])
  expect(reported).toHaveLength(1)
  vi.advanceTimersByTime(400)
  expect(reported.slice(1)).toEqual([['calls', 'users']])
  vi.advanceTimersByTime(10_000)
  expect(reported).toHaveLength(2)
})

test('during a long burst changes are reported once per interval', () => {
  const { reported, tables } = collecting()
  for (let ms = 0; ms < 4_000; ms += 10) {
    tables.add(['calls'])
    vi.advanceTimersByTime(10)
  }
  expect(reported.length).toBeGreaterThanOrEqual(10)
  expect(reported.length).toBeLessThanOrEqual(11)
})

test('any replaces single tables', () => {
  const { reported, tables } = collecting()
  tables.add(['calls'])
  tables.add(['users'])
  tables.add('any')
  tables.add(['calls'])
  vi.advanceTimersByTime(400)
  expect(reported[1]).toBe('any')
})

test('after cancel no change is reported', () => {
  const { reported, tables } = collecting()
  tables.add(['calls'])
  tables.add(['users'])
  tables.cancel()
  vi.advanceTimersByTime(1_000)
  expect(reported).toHaveLength(1)
})
