import fc from 'fast-check'
import { parse, type Options } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { guard, unguard } from '../../core/text/formula-guard.ts'
import { CsvWriter } from './csv-writer.ts'
import type { Cell, SheetColumn } from './sheet.ts'
import { written } from './testing/written.ts'

const TEXT: SheetColumn = { header: 'Text', kind: 'text' }

const parsed = (text: string, options: Options = {}): unknown => parse(text, { from: 2, ...options })

function csv(
  style: 'safe' | 'raw',
  columns: readonly SheetColumn[],
  rows: readonly (readonly Cell[])[],
  timeZone = 'Europe/Berlin',
) {
  return written((write) => new CsvWriter(write, { timeZone, style }), { name: 'Calls', columns, rows }).toString('utf8')
}

test('a safe file begins with a byte order mark, and its lines end with CRLF', () => {
  expect(csv('safe', [TEXT, { header: 'Seconds', kind: 'integer' }], [['Ann', 61]])).toBe('\ufeffText,Seconds\r\nAnn,61\r\n')
  expect(csv('raw', [TEXT], [['Ann']])).toBe('Text\r\nAnn\r\n')
})

test('cells with separators, quotes, line ends or outer spaces are quoted', () => {
  expect(csv('raw', [TEXT], [['a,b'], ['say "hi"'], ['two\nlines'], [' x '], ['']])).toBe(
    'Text\r\n"a,b"\r\n"say ""hi"""\r\n"two\nlines"\r\n" x "\r\n\r\n',
  )
})

test.for(['=1+1', '@SUM(A1)', '+cmd|’ /C calc’!A0', '-2+3+cmd', '\t=1', '  =1+1', ' -1+cmd', '＝1+1', "'=1+1"])(
  'a safe file does not run %j; a raw one keeps it',
  (text) => {
    expect(parsed(csv('safe', [TEXT], [[text]]), { bom: true })).toEqual([[`'${text}`]])
    expect(parsed(csv('raw', [TEXT], [[text]]))).toEqual([[text]])
  },
)

test.for([
  ['Ann;=1+1', "Ann;'=1+1"],
  ['Ann; @SUM(A1);x', "Ann;' @SUM(A1);x"],
  ['two\n=1+1', "two\n'=1+1"],
  ['\r=1', "'\r'=1"],
  ['\n=1', "'\n'=1"],
  ["Ann;'=1+1", "Ann;''=1+1"],
  ['=1;=2', "'=1;'=2"],
  ['0301234567;+49 30 1234567', '0301234567;+49 30 1234567'],
] as const)('a spreadsheet that begins a cell after a semicolon or a line end does not run %j', ([text, safe]) => {
  expect(parsed(csv('safe', [TEXT], [[text]]), { bom: true })).toEqual([[safe]])
  expect(parsed(csv('raw', [TEXT], [[text]]))).toEqual([[text]])
  expect(unguard(guard(text))).toBe(text)
})

test('a text with a separator of another region is quoted', () => {
  expect(csv('raw', [TEXT], [['a;b'], ['a\tb']])).toBe('Text\r\n"a;b"\r\n"a\tb"\r\n')
})

test.for(['+49 30 1234567', '+491701234567', '+1 (555) 010-9999', '-12.5', '0301234567', "O'Hara", "'t Hooft"])(
  'a safe file keeps %j as it is',
  (text) => {
    expect(parsed(csv('safe', [TEXT], [[text]]), { bom: true })).toEqual([[text]])
  },
)

test('negative numbers are numbers, and a header that is a formula is guarded', () => {
  expect(csv('safe', [{ header: '=1', kind: 'number' }], [[-1.5], [null]])).toBe("\ufeff'=1\r\n-1.5\r\n\r\n")
})

test('times are in the zone: date and time for a spreadsheet, ISO 8601 with offset for a program', () => {
  const time: SheetColumn = { header: 'When', kind: 'time' }
  // The first and the second 02:30 of the day on which the clocks are set back.
  const [first, second] = [Date.UTC(2026, 9, 25, 0, 30, 1, 7), Date.UTC(2026, 9, 25, 1, 30)]
  const dateAlone = Date.UTC(2026, 2, 1, 10, 0, 0, 1)
  const rows = [first, second, dateAlone, null].map((at) => [at])
  expect(csv('safe', [time], rows)).toBe('\ufeffWhen\r\n2026-10-25 02:30:01\r\n2026-10-25 02:30:00\r\n2026-03-01\r\n\r\n')
  expect(csv('raw', [time], rows)).toBe(
    'When\r\n2026-10-25T02:30:01.007+02:00\r\n2026-10-25T02:30:00.000+01:00\r\n2026-03-01\r\n\r\n',
  )
  expect(csv('raw', [time], [[Date.UTC(2026, 0, 1)]], 'Asia/Kathmandu')).toBe('When\r\n2026-01-01T05:45:00.000+05:45\r\n')
})

test('another parser reads the same texts from every row', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", ';', ' ', '\t', '\r', '\n', '1', 'a', '＝'), maxLength: 8 }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
      const columns: SheetColumn[] = [TEXT, { header: 'Other', kind: 'text' }]
      expect(parsed(csv('raw', columns, rows))).toEqual(rows)
      const safe = parsed(csv('safe', columns, rows), { bom: true })
      expect(safe).toEqual(rows.map((row) => row.map(guard)))
      expect(rows.map((row) => row.map(guard).map(unguard))).toEqual(rows)
    }),
  )
})
