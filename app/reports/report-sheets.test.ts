import { parse } from 'csv-parse/sync'
import readWorkbook from 'read-excel-file/universal'
import { expect, test } from 'vitest'
import { METRICS } from '../../core/metrics/metrics.ts'
import { cellValue } from '../../core/reports/cells.ts'
import { sampleReport } from '../../core/reports/testing/sample-report.ts'
import { writeDocument } from '../../core/reports/write-document.ts'
import { CsvWriter } from '../../platform/sheets/csv-writer.ts'
import { XlsxWriter } from '../../platform/sheets/xlsx-writer.ts'
import type { ByteSink, SheetWriter } from '../../platform/sheets/sheet.ts'
import type { ReportDocument } from '../../core/reports/report-document.ts'
import { writeLong, writeTable, writeWorkbook } from './report-sheets.ts'

function bytesOf(open: (write: ByteSink) => SheetWriter, write: (writer: SheetWriter) => void): Buffer {
  const pieces: Buffer[] = []
  const writer = open((bytes) => void pieces.push(Buffer.from(bytes)))
  write(writer)
  writer.end()
  return Buffer.concat(pieces)
}

type Line = Readonly<Record<'section' | 'key' | 'row' | 'column' | 'unit' | 'value' | 'n' | 'd', string>>

function longCsv(document: ReportDocument): Line[] {
  const csv = bytesOf(
    (write) => new CsvWriter(write, { timeZone: document.zone, style: 'raw' }),
    (writer) => writeLong(document, writer),
  )
  return parse<Line>(csv, { columns: true, bom: true })
}

test('the long CSV has every number of the document with all its digits', () => {
  const document = writeDocument(sampleReport())
  const lines = longCsv(document)
  const found = new Map(lines.map((line) => [`${line.section} ${line.key} ${line.column}`, line]))
  let compared = 0
  for (const { key: section, columns, rows } of document.tables)
    for (const { key, cells } of rows)
      for (const [index, cell] of cells.entries()) {
        if (cell.kind === 'text') continue
        const line = found.get(`${section} ${key} ${columns[index]?.key}`)
        expect(line?.value).toBe(String(cellValue(cell, document.zone) ?? ''))
        if (cell.kind === 'ratio') expect([line?.n, line?.d]).toEqual([String(cell.n), String(cell.d)])
        compared++
      }
  expect(compared).toBeGreaterThan(800)
})

test('a rate without a denominator is empty in the files', () => {
  const lines = longCsv(writeDocument(sampleReport({ busy: 0 })))
  expect(
    lines.find(({ section, key, column }) => section === 'figures' && key === 'close_rate' && column === 'value'),
  ).toMatchObject({
    ...{ unit: 'ratio', value: '', n: '0', d: '0' },
  })
})

test('a workbook has a sheet for each table with typed cells and real dates', async () => {
  const source = sampleReport()
  const document = writeDocument(source)
  const book = bytesOf(
    (write) => new XlsxWriter(write, { timeZone: document.zone }),
    (writer) => writeWorkbook(document, writer),
  )
  const sheets = await readWorkbook(new Uint8Array(book).buffer)
  const rowsOf = (name: string) => sheets.find(({ sheet }) => sheet === name)?.data ?? []
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['Report', ...document.tables.map(({ title }) => title), 'Definitions'])
  const figures = rowsOf('Figures')
  const [head] = figures
  expect(head?.slice(0, 6)).toEqual(['Metric', 'Value (calls)', 'Value (rate)', 'Value (seconds)', 'Value n', 'Value d'])
  for (const { key, value, numerator, denominator } of source.page.figures) {
    const row = figures.find(([label]) => label === METRICS[key].label)
    const unit = METRICS[key].unit
    expect(row?.[unit === 'count' ? 1 : unit === 'ratio' ? 2 : 3]).toBe(value)
    if (denominator !== null) expect(row?.slice(4, 6)).toEqual([numerator, denominator])
  }
  const trend = rowsOf('Calls by day')
  expect(trend[1]?.[0]).toEqual(new Date('2026-11-01T00:00:00Z'))
})

test('a single table is a CSV with a line for each row', () => {
  const document = writeDocument(sampleReport())
  const people = document.tables.find(({ key }) => key === 'people')
  if (people === undefined) throw new Error('The document has a table of people')
  const csv = bytesOf(
    (write) => new CsvWriter(write, { timeZone: document.zone, style: 'safe' }),
    (writer) => writeTable(people, writer),
  )
  const rows = parse<Record<string, string>>(csv, { columns: true, bom: true })
  expect(rows).toHaveLength(people.rows.length)
  expect(Object.keys(rows[0] ?? {})).toEqual(
    expect.arrayContaining(['Name', 'Close rate', 'Close rate n', 'Close rate d', 'Lost']),
  )
})
