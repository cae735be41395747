import { unzipSync } from 'fflate'
import fc from 'fast-check'
import readWorkbook from 'read-excel-file/universal'
import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { SheetColumn } from './sheet.ts'
import { CellTooLongError } from './sheet.ts'
import { written } from './testing/written.ts'
import { XlsxWriter } from './xlsx-writer.ts'

const TEXT: SheetColumn = { header: 'Text', kind: 'text' }
const open = (maxRows?: number) => (write: (bytes: Uint8Array) => void) =>
  new XlsxWriter(write, { timeZone: 'Europe/Berlin', ...(maxRows === undefined ? {} : { maxRows }) })

const read = (bytes: Buffer) => readWorkbook(new Uint8Array(bytes).buffer, { trim: false })

test('cells have the types of their columns, and times are dates in the zone', async () => {
  const columns: SheetColumn[] = [
    TEXT,
    { header: 'Seconds', kind: 'integer' },
    { header: 'Share', kind: 'percent' },
    { header: 'When', kind: 'time' },
    { header: 'Day', kind: 'date' },
  ]
  const rows = [
    ['=1+1', -3, 0.25, Date.UTC(2026, 6, 1, 12, 0, 1), 20_000],
    ['+49 170 1234567', 0, null, Date.UTC(2026, 2, 1, 10, 0, 0, 1), null],
    ['', Number.NaN, 1, null, 0],
    // Workbooks have no dates before 1900.
    ['—', null, null, null, -30_000],
  ]
  const [sheet] = await read(written(open(), { name: 'Calls', columns, rows }))
  expect(sheet).toEqual({
    sheet: 'Calls',
    data: [
      ['Text', 'Seconds', 'Share', 'When', 'Day'],
      ['=1+1', -3, 0.25, new Date('2026-07-01T14:00:01Z'), new Date('2024-10-04T00:00:00Z')],
      ['+49 170 1234567', 0, null, new Date('2026-03-01T00:00:00Z'), null],
      [null, null, 1, null, new Date('1970-01-01T00:00:00Z')],
      ['—', null, null, null, '1887-11-12'],
    ],
  })
})

test('texts are read back without loss, also with characters that XML does not allow', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })
  const special = fc.constantFrom(
    '_x0041_',
    '_x005F_x0041_',
    '\r\n',
    '\u0000',
    '\u0007\uffff',
    ' a ',
    '\t',
    ']]>',
    '<b>&amp;"\'',
    '😀',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(text, special), { minLength: 1, maxLength: 20 }), async (texts) => {
      const [sheet] = await read(written(open(), { name: 'A', columns: [TEXT], rows: texts.map((each) => [each]) }))
      expect(must(sheet, 'One sheet is written').data.slice(1)).toEqual(texts.map((each) => [each]))
    }),
    { numRuns: 50 },
  )
})

test('an unpaired surrogate becomes the replacement character, and the workbook stays readable', async () => {
  const [sheet] = await read(written(open(), { name: 'A', columns: [TEXT], rows: [['a\ud800b']] }))
  expect(sheet?.data[1]).toEqual(['a\ufffdb'])
})

test('rows beyond the limit of a sheet continue in another sheet, with the headers', async () => {
  const rows = [['a'], ['b'], ['c'], ['d'], ['e']]
  const sheets = await read(
    written(open(3), { name: 'Calls', columns: [TEXT], rows }, { name: 'calls', columns: [TEXT], rows: [] }),
  )
  expect(sheets).toEqual([
    { sheet: 'Calls', data: [['Text'], ['a'], ['b']] },
    { sheet: 'Calls (2)', data: [['Text'], ['c'], ['d']] },
    { sheet: 'Calls (3)', data: [['Text'], ['e']] },
    { sheet: 'calls (4)', data: [['Text']] },
  ])
})

test('names of sheets have allowed characters and lengths', async () => {
  const names = ["'A[1]: b/c*?\\'", 'x'.repeat(40), 'x'.repeat(50), ' ']
  const sheets = await read(written(open(), ...names.map((name) => ({ name, columns: [TEXT], rows: [] }))))
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['A 1   b c', 'x'.repeat(31), `${'x'.repeat(27)} (2)`, 'Sheet'])
})

test('a text that is too long for a cell is refused, with its place', () => {
  const rows = [['ok'], ['x'.repeat(32_767)], ['x'.repeat(32_768)]]
  expect(() => written(open(), { name: 'Calls', columns: [TEXT], rows })).toThrow(CellTooLongError)
  expect(() => written(open(), { name: 'Calls', columns: [TEXT], rows })).toThrow('Row 3, “Text”: 32768 characters')
})

test('a sheet that is too wide for a page is printed on several', () => {
  const columns = Array.from({ length: 5 }, (): SheetColumn => ({ ...TEXT, width: 60 }))
  const parts = unzipSync(written(open(), { name: 'Wide', columns, rows: [] }))
  const sheet = Buffer.from(must(parts['xl/worksheets/sheet1.xml'], 'The workbook has a sheet')).toString('utf8')
  expect(sheet).toContain('<pageSetup orientation="landscape"')
  expect(sheet).not.toContain('fitToPage')
})

test('the headers are frozen and have a filter, and the columns have widths', () => {
  const columns: SheetColumn[] = [TEXT, { header: 'When', kind: 'time', width: 30 }]
  const parts = unzipSync(written(open(), { name: 'It’s', columns, rows: [['a', 0]] }))
  const text = (name: string) => Buffer.from(must(parts[name], `The workbook has ${name}`)).toString('utf8')
  const sheet = text('xl/worksheets/sheet1.xml')
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>')
  expect(sheet).toContain('<autoFilter ref="A1:B2"/>')
  expect(sheet).toContain('<pageSetUpPr fitToPage="1"/>')
  expect(sheet).toContain('<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>')
  expect(sheet).toContain('<col min="2" max="2" width="30" customWidth="1"/>')
  expect(text('xl/workbook.xml')).toContain('hidden="1">\'It’s\'!$A$1:$B$2<')
})

test('more columns than letters have names of two letters', async () => {
  const columns = Array.from({ length: 60 }, (_, at): SheetColumn => ({ header: `C${at}`, kind: 'integer' }))
  const row = columns.map((_, at) => at)
  const [sheet] = await read(written(open(), { name: 'A', columns, rows: [row] }))
  expect(sheet?.data[1]).toEqual(row)
})

test('a file without a sheet is a workbook', async () => {
  expect(await read(written(open()))).toHaveLength(1)
})
