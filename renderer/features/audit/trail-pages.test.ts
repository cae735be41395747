import { expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import type { TrailEntry } from '../../../core/model/audit.ts'
import { coverageOf, linesOf, refetchInterval } from './trail-pages.ts'

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

test('a line that waited and was answered between two pages is shown once, in its place', () => {
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

test('one page of this device makes the list incomplete', () => {
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
