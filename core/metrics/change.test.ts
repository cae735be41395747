import { expect, test } from 'vitest'
import { changeOf } from './change.ts'
import { figure, NO_CALLS, type CallCounts, type MetricKey } from './metrics.ts'

const of = (key: MetricKey, counts: Partial<CallCounts>) => figure(key, { ...NO_CALLS, ...counts })

test('counts change by a share of the former value', () => {
  expect(changeOf(of('calls', { completed: 12 }), of('calls', { completed: 10 }))).toEqual({ kind: 'relative', value: 0.2 })
  expect(changeOf(of('calls', { completed: 0 }), of('calls', { completed: 10 }))).toEqual({ kind: 'relative', value: -1 })
})

test('rates change by points', () => {
  const change = changeOf(of('close_rate', { completed: 4, won: 1 }), of('close_rate', { completed: 10, won: 4 }))
  expect(change).toEqual({ kind: 'points', value: expect.closeTo(-0.15) as number })
})

test('a count that was 0 is new; nothing before and now is no change', () => {
  expect(changeOf(of('calls', { completed: 1 }), of('calls', {}))).toEqual({ kind: 'new' })
  expect(changeOf(of('calls', {}), of('calls', {}))).toEqual({ kind: 'relative', value: 0 })
})

test('a rate without a denominator in one of the periods has no change', () => {
  expect(changeOf(of('win_rate', {}), of('win_rate', { won: 1 }))).toBeNull()
  expect(changeOf(of('win_rate', { won: 1 }), of('win_rate', {}))).toBeNull()
})
