import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openCsv, type CsvRow, type Reading } from './read-csv.ts'

async function read(text: string | Uint8Array, options: Reading = {}) {
  const file = await openCsv(typeof text === 'string' ? Buffer.from(text) : text, options)
  const rows: CsvRow[] = []
  for await (const batch of file.batches()) rows.push(...batch)
  return {
    file,
    rows,
    cells: rows.map((row) => row.cells),
    lines: rows.map((row) => row.line),
    faults: rows.map((row) => row.fault?.message ?? null),
  }
}

test('values may contain quotes, delimiters and line breaks; lines are counted as an editor shows them', async () => {
  const { cells, lines, faults } = await read('Name,Notes\n"Smith, Jo","said ""hi""\r\nand left"\nBea,plain\n')
  expect(cells).toEqual([
    ['Smith, Jo', 'said "hi"\r\nand left'],
    ['Bea', 'plain'],
  ])
  expect(lines).toEqual([2, 4])
  expect(faults).toEqual([null, null])
})

test('a row with too few or too many values is refused; blank lines and trailing delimiters are not', async () => {
  const { cells, faults, lines } = await read('a,b,c\n1,2,3\n\n4,5\n,,\n6,7,8,9\n10,11,12,,\n')
  expect(lines).toEqual([2, 4, 6, 7])
  expect(cells[0]).toEqual(['1', '2', '3'])
  expect(faults).toEqual([null, expect.stringContaining('2 values'), expect.stringContaining('4 values'), null])
})

test('for a quote that is never closed only its line is refused', async () => {
  const { cells, faults, lines } = await read('a,b\n1,2\n3,"oops\n5,6\n7,8\n')
  expect(lines).toEqual([2, 3, 4, 5])
  expect(faults).toEqual([null, expect.stringContaining('quotation mark'), null, null])
  expect(cells[2]).toEqual(['5', '6'])
})

test('a quote that is never closed does not hide the rows up to the next quote', async () => {
  const row = (n: number) => `${n},Bea,Jo Smith,2026-11-02,ok`
  const rows = Array.from({ length: 20_000 }, (_, n) => row(n + 1))
  rows[4_999] = '5000,Bea,Jo Smith,2026-11-02,"called back'
  rows[14_999] = '15000,Bea,Jo Smith,2026-11-02,"said ""yes"""'
  const { rows: found, file } = await read(['Id,Agent,Name,Date,Note', ...rows].join('\n'))
  expect(found).toHaveLength(20_000)
  expect(found.filter(({ fault }) => fault !== null).map(({ line }) => line)).toEqual([5_001])
  expect(file.account).toMatchObject({ lines: 20_001, header: 1, rows: 20_000, continued: 0 })
})

test.each([
  ['at the end of a later row', '3,Bea,Al,2026-11-02,a desk of 6"'],
  ['in the middle of a later row', '3,Bea,6",2026-11-02,x'],
])('rows between an open quote and one %s are refused until a person chooses', async (_name, closing) => {
  const lines = [
    'Id,Agent,Name,Date,Note',
    '1,Bea,Jo,2026-11-02,"called back',
    '2,Ben,Cy,2026-11-03,x',
    closing,
    '4,Bo,Di,2026-11-04,y',
  ]
  const { rows, file } = await read(lines.join('\n'))
  const doubted = rows.filter(({ fault }) => fault !== null).map(({ line }) => line)
  expect(rows.map(({ line }) => line)).toEqual([2, 3, 4, 5])
  expect(doubted[0]).toBe(2)
  expect(rows[3]?.fault).toBeNull()
  const asLines = await read(lines.join('\n'), { multilineCells: false })
  expect(asLines.faults).toEqual([null, null, null, null])
  expect(asLines.cells[0]?.[4]).toBe('"called back')
  if (doubted.length > 1) expect(file.warnings.map(({ message }) => message).join(' ')).toContain('line 2')
})

test.each([
  ['blank lines and a row with too many values', ['', '2,Ben,Cy,2026-11-03,,too much', '3,Ben,Cy,2026-11-03,', '']],
  ['rows without their last value', ['2,Ben,Cy,2026-11-03', '3,Ben,Cy,2026-11-03', '4,Ben,Cy,2026-11-03']],
])('a quoted value that contains %s is refused until a person chooses', async (_name, between) => {
  const lines = ['1,Bea,Jo,2026-11-02,"called back', ...between, '5,Bo,Di,2026-11-04,"', 'second line"', '6,Bo,Di,2026-11-04,y']
  const text = ['Id,Agent,Name,Date,Note', ...lines].join('\n')
  const { file, rows } = await read(text)
  expect(file.doubts).toEqual([{ line: 2, lastLine: 3 + between.length }])
  expect(rows.at(-1)).toMatchObject({ line: 5 + between.length, fault: null })
  expect(rows[0]?.fault?.message).toContain('Choose whether a value may span lines')
})

test('in a file without a header whose rows are all in doubt, no line of the text after them becomes the header', async () => {
  const row = (n: number, note: string) => `${n},Bea,Jo,2026-11-02,${note}`
  const lines = [row(1, '"called back'), row(2, ''), row(3, ''), row(4, ''), row(5, '"'), 'second line', '', 'end"']
  const { file } = await read(lines.join('\n'))
  expect(file).toMatchObject({ headerLine: 0, doubts: [{ line: 1, lastLine: 5 }], account: { rows: 7, blank: 1 } })
  expect(file.columns).toHaveLength(5)
})

const numbered = (row: (n: number) => string, from = 0, to = 40) =>
  Array.from({ length: to - from }, (_, index) => `${row(from + index)}\n`).join('')
const day = (n: number) => `2026-11-${10 + (n % 10)}`

test.each([
  ['names and notes only', 'Name,Note\n', (n: number) => `Person ${n},"Hello, I called\nShe said yes, maybe"`],
  ['three columns', 'Name,Date,Note\n', (n: number) => `Person ${n},${day(n)},"Called, twice\nno answer, busy, later"`],
  ['no header', '', (n: number) => `${day(n)},Person ${n},"He said yes\nand then, we, will, see"`],
  [
    'no header, three lines',
    '',
    (n: number) => `${day(n)},Person ${n},"He said: yes, maybe\nand then, we, will, see\nbye, then, and"`,
  ],
  [
    'no header, a note in every third row',
    '',
    (n: number) => `${day(n)},Person ${n},${n % 3 === 0 ? '"a, b, c, d\ne, f, g, h\ni, j, k, l"' : 'ok'},x`,
  ],
  [
    'addresses',
    'Id,Name,Phone,Address\n',
    (n: number) => `${n},Person ${n},+49 30 1234${n},"Main Street ${n}, Building 4\nBerlin, 10115, BE, Germany"`,
  ],
  [
    'addresses that end with a postal code and a town',
    'Id,Name,Phone,Address\n',
    (n: number) => `${n},Person ${n},+49 30 1234${n},"Company Ltd\nMain Street ${n}\n10115, Berlin"`,
  ],
  [
    'a last line that is wider than the table',
    'Id,Agent,Date,Note\n',
    (n: number) => `${n},Bea,${day(n)},"Wants:\nvans, bikes, cars, and planes"`,
  ],
  ['a note in the middle', 'Id,Note,Agent\n', (n: number) => `${n},"Dear Bea,\nwe met, talked, agreed",Bea`],
  ['a comma before the closing mark', 'Id,Agent,Note\n', (n: number) => `${n},Bea,"Dear all,\nwe met, talked, then left,"`],
  ['quoted cells', 'Id,Agent,Name,Note\n', (n: number) => `${n},"Bea","Jo","Line one\nLine two, with, commas"`],
  [
    'semicolons',
    'Datum;Name;Notiz\n',
    (n: number) => `${day(n)};Person ${n};"Angerufen; keiner da\nzweiter Versuch; Mailbox; Rückruf"`,
  ],
])('notes that contain delimiters on several lines are single values (%s)', async (_name, header, row) => {
  const { file, rows, faults } = await read(header + numbered(row))
  expect(file.doubts).toEqual([])
  expect(file.warnings).toEqual([])
  expect(faults.filter((fault) => fault !== null)).toEqual([])
  expect(rows).toHaveLength(40)
})

const fullRow = (n: number) => `${n},Ben,Cy,2026-11-03,note`
const shortRow = (n: number) => `${n},Ben,Cy,2026-11-03`

test.each([
  [
    'rows without their last value, closed by a stray mark',
    '10,Bea,Jo,2026-11-02,"called back',
    shortRow,
    '40,Bo,Di,2026-11-04,wants 27"',
  ],
  ['rows without their last value, closed in a shorter row', '10,Bea,Jo,2026-11-02,"called back', shortRow, '40,Bo,Di 27"'],
  [
    'rows without their last two values',
    '10,Bea,Jo,2026-11-02,"called back',
    (n: number) => `${n},Ben,Cy`,
    '40,Bo,Di,2026-11-04,wants 27"',
  ],
  ['rows after a row that ends early', '10,Bea,"Jo', fullRow, '40,Bo",2026-11-02,x'],
  ['rows after a mark in the second cell', '10,"Bea,Jo,2026-11-02', shortRow, '40,Bo",Di,2026-11-04,x'],
  ['rows after a row that ends at the mark', '10,"Bea', fullRow, '40,Bo",Di,2026-11-04,x'],
])('a quoted value that contains %s is doubted', async (_name, opening, between, closing) => {
  const text = `Id,Agent,Name,Date,Note\n${numbered(fullRow, 1, 10)}${opening}\n${numbered(between, 11, 40)}${closing}\n${numbered(fullRow, 41, 60)}`
  const { file, faults, lines } = await read(text)
  expect(file.doubts).toEqual([{ line: 11, lastLine: 41 }])
  expect(lines).toHaveLength(59)
  expect(faults.filter((fault) => fault !== null)).toHaveLength(31)
})

test('a file of three rows with such notes has no doubt', async () => {
  const { file, rows } = await read(`Id,Date,Note\n${numbered((n) => `${n},${day(n)},"Called, twice\nno, answer, busy"`, 0, 3)}`)
  expect(file.doubts).toEqual([])
  expect(rows).toHaveLength(3)
})

test('a single row without its last value in a quoted value is doubted', async () => {
  const { file } = await read(
    `Id,Agent,Name,Date,Note\n${numbered(fullRow, 1, 10)}10,Bea,Jo,2026-11-02,"x\n11,Bo,Di,2026-11-04"\n${numbered(fullRow, 12, 60)}`,
  )
  expect(file.doubts).toEqual([{ line: 11, lastLine: 12 }])
})

test('a note over several lines is one row', async () => {
  const note = 'Dear all,\nwe called, twice, and\n\n- "no answer" said ""they""\nbye'
  const { rows, file } = await read(`Id,Agent,Date,Note\n1,Bea,2026-11-02,"${note.replaceAll('"', '""')}"\n2,Ben,2026-11-03,x\n`)
  expect(rows).toEqual([
    { line: 2, cells: ['1', 'Bea', '2026-11-02', note], fault: null },
    { line: 7, cells: ['2', 'Ben', '2026-11-03', 'x'], fault: null },
  ])
  expect(file.account).toEqual({
    lines: 7,
    before: 0,
    header: 1,
    blank: 0,
    rows: 2,
    continued: 4,
    spans: [{ line: 2, lastLine: 6 }],
  })
})

test.each([
  ['prose', 'a line of a transcript, with a comma'],
  ['rows', '7,Bea,2026-11-02,ghost'],
])('the lines of a quoted cell of over 1 MB are not read as rows (%s)', async (_name, line) => {
  const text = `Id,Agent,Date,Note\n1,Bea,2026-11-02,"transcript\n${`${line}\n`.repeat(60_000)}end"\n2,Ben,2026-11-03,x\n`
  const { rows, file } = await read(text)
  expect(rows.filter(({ fault }) => fault === null).map(({ cells }) => cells[0])).toEqual(['2'])
  const { lines, header, rows: count, continued } = file.account
  expect({ lines, sum: header + count + continued }).toEqual({ lines: 60_004, sum: 60_004 })
})

test('quotation marks after a space are removed from names and values', async () => {
  const { cells, file } = await read('Id, "Agent", "Note"\n1, "Bea", "Smith, Jo"\n2, "Al", "ok"\n3,Cy, "the ""big"" one"\n')
  expect(file.columns).toEqual(['Id', 'Agent', 'Note'])
  expect(cells).toEqual([
    ['1', 'Bea', 'Smith, Jo'],
    ['2', 'Al', 'ok'],
    ['3', 'Cy', 'the "big" one'],
  ])
})

test('a header that is repeated between rows is not a row', async () => {
  const { cells, file } = await read('Id,Note\n1,a\nId,Note\n2,b\n')
  expect(cells).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ])
  expect(file.account).toMatchObject({ lines: 4, header: 2, rows: 2 })
})

test('a row of over 1 MB on one line is refused, and the rows around it are read', async () => {
  const { rows, file } = await read(`Id,Note\n1,a\n2,${'x'.repeat(1_100_000)}\n3,c\n`)
  expect(rows.map(({ line, fault }) => [line, fault?.message ?? null])).toEqual([
    [2, null],
    [3, 'The row is longer than 1 MB; line 3 was not read'],
    [4, null],
  ])
  expect(file.account).toMatchObject({ lines: 4, header: 1, rows: 3 })
})

test('batches of long rows are small', async () => {
  const file = await openCsv(Buffer.from(`Id,Note\n${`1,${'x'.repeat(500_000)}\n`.repeat(40)}`))
  let largest = 0
  let count = 0
  for await (const batch of file.batches()) {
    largest = Math.max(largest, batch.length)
    count += batch.length
  }
  expect(count).toBe(40)
  expect(largest).toBeLessThan(10)
})

test('many quotes that are never closed are read fast', async () => {
  for (const multilineCells of [undefined, true]) {
    const { rows } = await read(`a,b\n${'1,"x\n'.repeat(50_000)}`, { multilineCells })
    expect(rows).toHaveLength(50_000)
  }
})

test('a quote in the middle of a value is a character', async () => {
  expect((await read('a,b\n5" pipe,x\n"5" pipe",x\n')).cells).toEqual([
    ['5" pipe', 'x'],
    ['"5" pipe"', 'x'],
  ])
})

test('an unclosed quote in a large file does not hide the rows after it', async () => {
  const filler = `${'x'.repeat(99)},y\n`
  const { rows, faults } = await read(`a,b\n"open,1\n${filler.repeat(30_000)}`)
  expect(rows).toHaveLength(30_001)
  expect(faults[0]).toContain('quotation mark')
  expect(faults.slice(1).every((fault) => fault === null)).toBe(true)
})

test('only the row with a NUL character is refused', async () => {
  expect((await read('Name,Notes\nJo Smith,wants \0 a quote\nBea,is interested\n')).faults).toEqual([
    expect.stringContaining('NUL'),
    null,
  ])
})

test.each(['\n', '\r\n', '\r'])('lines may end with %j', async (end) => {
  expect((await read(['a,b', '1,2', '3,4'].join(end))).cells).toEqual([
    ['1', '2'],
    ['3', '4'],
  ])
})

test('every line is counted: before the header, header, blank, row, continued row', async () => {
  const { file } = await read('sep=;\nCalls of November\n\nId;Name;Note\n1;Jo;"a\nb"\n;;\n2;Al;x\n3;"B;y\n4;C;z;w\n')
  expect(file.account).toEqual({
    lines: 10,
    before: 2,
    header: 1,
    blank: 2,
    rows: 4,
    continued: 1,
    spans: [{ line: 5, lastLine: 6 }],
  })
})

test('cells that an exporter leaves out at the end of a row are read as empty', async () => {
  const { cells, faults, file } = await read('Id,Name,Note,Score\n1,Jo\n2,Al,x,3\n3,Cy,y\n4,Di,z,5\n')
  expect(faults).toEqual([null, null, null, null])
  expect(cells[0]).toEqual(['1', 'Jo', '', ''])
  expect(file.warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('2 rows have fewer values than the header (first on line 2)'),
  ])
})

test.each([
  ['an exporter that writes empty cells', 'Id,Name,Note,Score\n1,Jo,,\n2,Al\n3,Cy,y,4\n', [null, '2 values', null]],
  ['a row split by a line break', 'Id,Name,Note,Score\n1,Jo,called\nback,7\n3,Cy,y,4\n', ['3 values', '2 values', null]],
  ['a file that is cut off', 'Id,Name,Note,Score\n1,Jo,x,3\n2,Al', [null, '2 values']],
])('short rows are refused: %s', async (_name, text, expected) => {
  const { faults } = await read(text)
  expect(faults).toEqual(expected.map((fault) => (fault === null ? null : expect.stringContaining(fault))))
})

test('spaces before a quote are allowed', async () => {
  expect((await read('Id, Name, Note\n1, "Smith, Jo", x\n')).cells).toEqual([['1', 'Smith, Jo', ' x']])
})

test('quotes inside a quoted value need not be doubled', async () => {
  expect((await read('Id,Note,Score\n1,"said "yes, sure" to me",3\n')).cells).toEqual([['1', 'said "yes, sure" to me', '3']])
})

test('a column name of 585 characters is kept, one of 5,000 is cut, and missing names are numbered', async () => {
  const long = 'How satisfied were you? '.repeat(25).slice(0, 585)
  const { file } = await read(`Id,${long},Date\n1,x,2026-11-02\n`)
  expect(file.columns[1]).toBe(long.trim())
  expect((await read(`Id,${'x'.repeat(5_000)},Date\n1,x,2026-11-02\n`)).file.columns[1]?.length).toBeLessThan(2_000)
  expect((await read('Id,Date\n1,2026-11-02,x\n2,2026-11-03,y\n')).file).toMatchObject({
    columns: ['Id', 'Date', 'Column 3'],
    warnings: [{ message: expect.stringContaining('line 1 names 2 columns') }],
  })
})

test('a given header line is used; a line that does not exist is refused', async () => {
  const text = 'Id,Name\n1,Jo\n2,Al\n'
  expect((await read(text, { headerLine: 2 })).file).toMatchObject({ columns: ['1', 'Jo'], account: { before: 1, rows: 1 } })
  expect((await read(text, { headerLine: 0 })).file).toMatchObject({ columns: ['Column 1', 'Column 2'], account: { rows: 3 } })
  await expect(read(text, { headerLine: 9 })).rejects.toMatchObject({ code: 'INVALID' })
})

test('a file with only a header has no rows; a file of blank lines is refused', async () => {
  expect((await read('a,b\n')).rows).toEqual([])
  await expect(read('\n\n , \n')).rejects.toMatchObject({ code: 'UNREADABLE_FILE' })
})

test('headers are trimmed and distinct, and empty headers get a name', async () => {
  expect((await read(' Name ,Notes,, Notes\na,b,c,d\n')).file.columns).toEqual(['Name', 'Notes', 'Column 3', 'Notes (2)'])
})

test('a file without a header is recognised', async () => {
  const { file, cells } = await read('ID1,Diane,1-Jan-21,9:12\nID2,Becky,1-Jan-21,9:14\n')
  expect(file.hasHeader).toBe(false)
  expect(file.columns).toEqual(['Column 1', 'Column 2', 'Column 3', 'Column 4'])
  expect(cells).toHaveLength(2)
})

test('a UTF-16 file with semicolons is read', async () => {
  const { file, cells } = await read(Buffer.from('\ufeffName;Ort\nJürgen;Köln\n', 'utf16le'))
  expect(file).toMatchObject({ encoding: 'utf-16le', delimiter: ';', columns: ['Name', 'Ort'] })
  expect(cells).toEqual([['Jürgen', 'Köln']])
})

test('any table that is written as CSV is read back with the correct line numbers', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\n', '\r\n', ' ', "'", '€'), maxLength: 8 })
  const width = 3
  const table = fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 })
  const quote = (value: string) => `"${value.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom(undefined, true),
      async (rows, delimiter, multilineCells) => {
        const written = rows.map((row) => row.map(quote).join(delimiter))
        const text = ['h1,h2,h3'.replaceAll(',', delimiter), ...written].join('\n')
        const { rows: found } = await read(text, { delimiter, headerLine: 1, multilineCells })
        const filled = rows.flatMap((row, index) => {
          const line = 2 + written.slice(0, index).reduce((sum, before) => sum + before.split('\n').length, 0)
          return row.every((value) => value.trim() === '') ? [] : [{ line, cells: row, fault: null }]
        })
        expect(found).toEqual(filled)
      },
    ),
  )
})

test('any bytes are read or refused as unreadable, and rows are in the order of lines', async () => {
  const noise = fc.uint8Array({ minLength: 1, maxLength: 400 })
  const almost = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '\0', ' '), minLength: 1, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        noise,
        almost.map((text) => new Uint8Array(Buffer.from(text))),
      ),
      async (bytes) => {
        try {
          const { lines } = await read(bytes)
          expect(lines).toEqual(lines.toSorted((a, b) => a - b))
        } catch (error) {
          expect(error).toMatchObject({ code: 'UNREADABLE_FILE' })
        }
      },
    ),
    { numRuns: 300 },
  )
})
