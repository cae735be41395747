import { expect, test } from 'vitest'
import { describeLines, describeSpans, withReading } from './import-reading.ts'

test('a choice replaces the previous one; without a value the option is detected', () => {
  expect(withReading({ delimiter: ',' }, 'delimiter', ';')).toEqual({ delimiter: ';' })
  expect(withReading({ delimiter: ',', headerLine: 2 }, 'delimiter', undefined)).toEqual({ headerLine: 2 })
  expect(withReading({}, 'multilineCells', false)).toEqual({ multilineCells: false })
})

test('choosing another sheet discards the header line', () => {
  expect(withReading({ sheet: 'May', headerLine: 3 }, 'sheet', 'June')).toEqual({ sheet: 'June' })
})

test('lines are described by kind, and kinds without lines are left out', () => {
  const none = { before: 0, header: 0, blank: 0, continued: 0, spans: [] }
  expect(describeLines({ ...none, lines: 1, rows: 1 })).toBe('1 line: 1 row.')
  expect(describeLines({ ...none, lines: 1_010, before: 2, header: 1, rows: 1_000, continued: 4, blank: 3 })).toBe(
    '1,010 lines: 2 before the header, the header, 1,000 rows, 4 that continue a row, 3 blank.',
  )
})

test('rows over several lines are named by their lines, the first ten of them', () => {
  expect(describeSpans({ spans: [{ line: 4, lastLine: 6 }] })).toBe('4–6')
  const many = Array.from({ length: 11 }, (_, n) => ({ line: 2 * n + 2, lastLine: 2 * n + 3 }))
  expect(describeSpans({ spans: many })).toMatch(/^2–3, .*, 20–21 and more$/)
})
