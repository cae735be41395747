import { expect, test } from 'vitest'
import type { BulkReport } from '../../../core/contract/bulk.ts'
import { countLines, doneText, isPartial, reportTitle } from './bulk-text.ts'

const whole: BulkReport = {
  batchId: 'batch',
  kind: 'reassign',
  isUndo: false,
  cancelled: false,
  failure: null,
  total: 1_200,
  changed: 1_200,
  unchanged: 0,
  refused: 0,
  causes: [],
  refusals: [],
}

test('a complete action needs no report; a partial one does', () => {
  expect(isPartial(whole)).toBe(false)
  for (const part of [{ refused: 1 }, { cancelled: true }, { failure: { message: 'The disk is full.' } }])
    expect(isPartial({ ...whole, ...part })).toBe(true)
})

test('the counts of a report add up to the selected calls', () => {
  expect(countLines(whole)).toEqual([['Reassigned', '1,200']])
  const cancelled = { ...whole, kind: 'tag', changed: 500, unchanged: 10, refused: 5, total: 1_000, cancelled: true } as const
  expect(countLines(cancelled)).toEqual([
    ['Loss reason set', '500'],
    ['Already had this loss reason', '10'],
    ['Not changed', '5'],
    ['Not reached', '485'],
  ])
  expect(reportTitle(cancelled)).toBe('Action cancelled')
  expect(reportTitle({ ...whole, isUndo: true, changed: 1, total: 2 })).toBe('1 of 2 calls restored')
})

test('one line describes what was done', () => {
  expect(doneText('reassign', 1, 'Cleo Calm')).toBe('1 call reassigned to Cleo Calm')
  expect(doneText('tag', 2, 'Price')).toBe('Loss reason of 2 calls set to Price')
  expect(doneText('delete', 1_000, '')).toBe('1,000 calls deleted')
})
