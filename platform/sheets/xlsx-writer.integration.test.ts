import { expect, test } from 'vitest'
import type { SheetColumn } from './sheet.ts'
import { hasLibreOffice, readByLibreOffice } from './testing/libre-office.ts'
import { written } from './testing/written.ts'
import { XlsxWriter } from './xlsx-writer.ts'

const isInstalled = hasLibreOffice()

test('LibreOffice shows every cell, on every sheet', { timeout: 240_000 }, ({ skip }) => {
  skip(!isInstalled, 'LibreOffice is not installed; read-excel-file reads the same cells in xlsx-writer.test.ts')
  const columns: SheetColumn[] = [
    { header: 'Text', kind: 'text' },
    { header: 'Seconds', kind: 'integer' },
    { header: 'Share', kind: 'percent' },
    { header: 'When', kind: 'time' },
    { header: 'Day', kind: 'date' },
  ]
  const rows = [
    ['=1+1', -3, 0.25, Date.UTC(2026, 9, 25, 0, 30), 20_000],
    ['+49 170 1234567', 0, null, Date.UTC(2026, 2, 1, 10, 0, 0, 1), null],
    [' <b>"q"&amp; _x0041_ \n😀 ', 86_400, 1, Date.UTC(1970, 0, 1), 0],
    ['0301234567', null, null, Date.UTC(2100, 0, 1, 12, 34, 56), -30_000],
  ]
  const book = written(
    (write) => new XlsxWriter(write, { timeZone: 'Asia/Kathmandu', maxRows: 4 }),
    { name: 'Calls', columns, rows },
    { name: 'Über & mehr', columns, rows: rows.slice(0, 1) },
  )
  const headers = ['Text', 'Seconds', 'Share', 'When', 'Day']
  const shown = [
    ['=1+1', '-3', '25.0%', '2026-10-25 06:15:00', '2024-10-04'],
    ['+49 170 1234567', '0', '', '2026-03-01', ''],
    [' <b>"q"&amp; _x0041_ \n😀 ', '86400', '100.0%', '1970-01-01 05:30:00', '1970-01-01'],
    ['0301234567', '', '', '2100-01-01 18:19:56', '1887-11-12'],
  ]
  expect(readByLibreOffice(book)).toEqual({
    Calls: [headers, ...shown.slice(0, 3)],
    'Calls (2)': [headers, ...shown.slice(3)],
    'Über & mehr': [headers, ...shown.slice(0, 1)],
  })
})
