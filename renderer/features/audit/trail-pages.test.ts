import { expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import type { TrailEntry } from '../../../core/model/audit.ts'
import { coverageOf, linesOf, refetchInterval, sentLater } from './trail-pages.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const line = (id: string, isWaiting: boolean): TrailEntry => ({
  id,
  clientId: newId(),
  userId: null,
  tableName: 'calls',
  recordId: 'r',
  action: 'UPDATE',
  oldValues: null,
  newValues: null,
  ipAddress: null,
  userAgent: null,
  createdAt: 0,
  isWaiting,
})

test('a line that was sent between the reads of two pages is shown once, in its place', () => {
  const [sent, waiting, old] = [newId(), newId(), newId()]
  const pages = [
    { rows: [line(waiting, true), line(sent, true)], coverage: 'complete' as const },
    { rows: [line(sent, false), line(old, false)], coverage: 'complete' as const },
  ]
  expect(linesOf(pages).map(({ id, isWaiting }) => [id, isWaiting])).toEqual([
    [waiting, true],
    [sent, false],
    [old, false],
  ])
  expect(coverageOf(pages)).toBe('complete')
  expect(linesOf(undefined)).toEqual([])
})

test('a line is marked as sent later if a line below it has a later time', () => {
  const at = (minute: number, isWaiting = false): TrailEntry => ({ ...line(newId(), isWaiting), createdAt: minute * 60_000 })
  const marked = (lines: readonly TrailEntry[]) => {
    const found = sentLater(lines)
    return lines.map(({ id }) => found.has(id))
  }
  expect(marked([])).toEqual([])
  expect(marked([at(4), at(3), at(3), at(1)])).toEqual([false, false, false, false])
  expect(marked([at(9), at(2), at(5), at(3), at(6), at(1)])).toEqual([false, true, true, true, false, false])
  expect(marked([at(2.1), at(2.9)]), 'the same minute on the screen').toEqual([false, false])
  // A waiting line has its own mark.
  expect(marked([at(2, true), at(5), at(3)])).toEqual([false, false, false])
  expect(marked([at(9, true), at(5), at(3)])).toEqual([false, false, false])
})

test('one page from this device alone makes the list incomplete', () => {
  expect(
    coverageOf([
      { rows: [], coverage: 'complete' },
      { rows: [], coverage: 'device' },
    ]),
  ).toBe('device')
  expect(coverageOf(undefined)).toBeUndefined()
  expect(refetchInterval([{ rows: [], coverage: 'device' }])).toBeGreaterThan(0)
  expect(refetchInterval([{ rows: [], coverage: 'complete' }])).toBe(false)
})
