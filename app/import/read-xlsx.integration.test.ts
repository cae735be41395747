import { strToU8, unzipSync, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import writeWorkbook from 'write-excel-file/node'
import { openImportFile } from './open-import-file.ts'
import type { Reading } from './read-csv.ts'

type Cell = string | number | boolean | Date | null
const DATE_TIME = 'yyyy-mm-dd hh:mm'

async function workbook(sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>, format = DATE_TIME): Promise<Uint8Array> {
  const cell = (value: Cell) => (value instanceof Date ? { value, type: Date, format } : value === null ? null : { value })
  const made = writeWorkbook(
    Object.entries(sheets).map(([sheet, rows]) => ({ sheet, data: rows.map((row) => row.map(cell)) })) as never,
  ) as unknown as { toBuffer: () => Promise<Buffer> }
  return made.toBuffer()
}

async function read(bytes: Uint8Array, reading: Reading = {}) {
  const file = await openImportFile(bytes, reading)
  const rows = []
  for await (const batch of file.batches()) rows.push(...batch)
  return { file, rows, cells: rows.map(({ cells }) => cells) }
}

test('a workbook is read like a CSV file, with title, header, dates, numbers and blank rows, and with the row numbers of the sheet', async () => {
  const { file, rows } = await read(
    await workbook({
      Calls: [
        ['Calls of November', null, null, null],
        [null, null, null, null],
        ['Id', 'Agent', 'Called at', 'Seconds'],
        [1, 'Jürgen', new Date(Date.UTC(2026, 10, 2, 10, 30)), 61.5],
        [null, null, null, null],
        [2, 'Zoë', new Date(Date.UTC(2026, 10, 3)), 4915123456789],
      ],
    }),
  )
  expect(file).toMatchObject({
    kind: 'xlsx',
    sheet: 'Calls',
    headerLine: 3,
    columns: ['Id', 'Agent', 'Called at', 'Seconds'],
    account: { lines: 6, before: 1, header: 1, blank: 2, rows: 2, continued: 0 },
  })
  expect(rows).toEqual([
    { line: 4, cells: ['1', 'Jürgen', '2026-11-02 10:30:00', '61.5'], fault: null },
    { line: 6, cells: ['2', 'Zoë', '2026-11-03 00:00:00', '4915123456789'], fault: null },
  ])
})

test('a date without a time is read as a date; a time of day or a duration is read as a time', async () => {
  const day = new Date(Date.UTC(2026, 10, 2))
  const { cells } = await read(
    await workbook(
      {
        Calls: [
          ['Id', 'Date', 'Ok'],
          ['1', day, true],
          ['2', day, false],
        ],
      },
      'yyyy-mm-dd',
    ),
  )
  expect(cells).toEqual([
    ['1', '2026-11-02', 'TRUE'],
    ['2', '2026-11-02', 'FALSE'],
  ])
  const time = parts(
    '<row r="1"><c r="A1" s="1"><v>0.4375</v></c></row><row r="2"><c r="A2" s="1"><v>1.0833333333</v></c></row>',
    20,
  )
  expect((await read(time, { headerLine: 0 })).cells).toEqual([['10:30:00'], ['26:00:00']])
})

test('the first sheet with rows is read; another sheet can be chosen; a sheet that does not exist is refused', async () => {
  const bytes = await workbook({
    Cover: [['Calls']],
    May: [
      ['Id', 'Name'],
      ['1', 'Jo'],
    ],
    June: [
      ['Id', 'Name'],
      ['2', 'Al'],
    ],
  })
  expect((await read(bytes)).file).toMatchObject({ sheet: 'May', sheets: ['Cover', 'May', 'June'] })
  expect((await read(bytes, { sheet: 'June' })).cells).toEqual([['2', 'Al']])
  await expect(read(bytes, { sheet: 'July' })).rejects.toMatchObject({
    code: 'INVALID',
    message: expect.stringContaining('“June”'),
  })
})

/** Returns a minimal workbook with one sheet and one cell style in addition to the default. */
function parts(rows: string, numberFormat = 0, more: Record<string, Uint8Array> = {}): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const xml = (text: string) => strToU8(`<?xml version="1.0" encoding="UTF-8"?>${text}`)
  return zipSync({
    ...Object.fromEntries(Object.entries(more).map(([name, bytes]) => [name, [bytes, { level: 1 as const }] as const])),
    '[Content_Types].xml': xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    'xl/workbook.xml': xml(
      `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': xml(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    ),
    'xl/styles.xml': xml(
      `<styleSheet xmlns="${main}"><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="${numberFormat}" xfId="0"/></cellXfs></styleSheet>`,
    ),
    'xl/worksheets/sheet1.xml': xml(`<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`),
  })
}

test('formulas are read as their results; a formula without a result or with an error does not affect the other cells', async () => {
  const { cells } = await read(
    parts(
      '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c><c r="C1"><v>7</v></c></row>' +
        '<row r="2"><c r="A2"><f>1+1</f><v></v></c><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><v>8</v></c></row>' +
        '<row r="3"><c r="A3"><f>1+1</f></c><c r="B3" t="str"><f>"a"</f></c><c r="C3"><v>9</v></c></row>',
    ),
    { headerLine: 0 },
  )
  expect(cells.map((row) => row[2])).toEqual(['7', '8', '9'])
  expect(cells[0]).toEqual(['2', 'a', '7'])
})

test.each([
  ['that unpacks to 150 MB', () => parts('', 0, { 'xl/more.xml': new Uint8Array(150 * 1024 * 1024) })],
  ['with a cell in the last row and column', () => parts('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')],
  [
    'with a row number that is too large for a sheet',
    () => parts('<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>'),
  ],
])('a workbook %s is refused before it is read', async (_name, make) => {
  await expect(read(make())).rejects.toMatchObject({ code: 'UNREADABLE_FILE', message: expect.stringContaining('too large') })
})

test.each([
  ['an archive of something else', zipSync({ 'readme.txt': strToU8('hello') })],
  ['half an archive', zipSync({ 'xl/workbook.xml': strToU8('<workbook/>') }).subarray(0, 40)],
])('%s is refused with a hint', async (_name, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: 'UNREADABLE_FILE', message: expect.stringContaining('CSV UTF-8') })
})

test('an archive whose directory has wrong, smaller sizes is not unpacked beyond those sizes', async () => {
  const bytes = parts('<row r="1"><c r="A1"><v>1</v></c></row>', 0, { 'xl/more.xml': new Uint8Array(64 * 1024 * 1024) })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const real = 64 * 1024 * 1024
  let patched = 0
  for (let at = 0; at + 4 <= bytes.length; at++)
    if (view.getUint32(at, true) === real) {
      view.setUint32(at, 100, true)
      patched++
    }
  expect(patched).toBeGreaterThan(0)
  expect(unzipSync(bytes)['xl/more.xml']?.length).toBe(100)
  await read(bytes, { headerLine: 0 }).catch((error: unknown) => expect(error).toMatchObject({ code: 'UNREADABLE_FILE' }))
})

test('a warning names the sheets with rows that are not read', async () => {
  const sheets = {
    Cover: [['Calls']],
    Oct: [
      ['Id', 'Agent'],
      [1, 'Bea'],
    ],
    Nov: [
      ['Id', 'Agent'],
      [2, 'Bea'],
    ],
  }
  const { file } = await read(await workbook(sheets))
  expect(file).toMatchObject({ sheet: 'Oct', warnings: [{ message: expect.stringContaining('“Nov” has rows as well') }] })
  expect((await read(await workbook(sheets), { sheet: 'Nov' })).file.warnings).toEqual([])
})

test('a time of day is read in a workbook that counts days from 1904', async () => {
  const at = new Date(Date.UTC(1904, 0, 1, 10, 30))
  const { cells } = await read(
    await workbook({
      Calls: [
        ['Id', 'Date', 'Time'],
        ['a', new Date(Date.UTC(2026, 10, 2)), at],
      ],
    }),
  )
  expect(cells).toEqual([['a', '2026-11-02', '10:30:00']])
})
