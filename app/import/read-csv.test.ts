import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectDelimiter, openCsv, type CsvRow } from './read-csv.ts'

async function read(text: string | Uint8Array, options: { delimiter?: string } = {}) {
  const file = await openCsv(typeof text === 'string' ? Buffer.from(text) : text, options)
  const rows: CsvRow[] = []
  for await (const batch of file.batches()) rows.push(...batch)
  return {
    file,
    rows,
    cells: rows.map((row) => row.cells),
    lines: rows.map((row) => row.line),
    faults: rows.map((row) => row.fault),
  }
}

test('quotes, delimiters and line breaks inside values; lines are counted as an editor shows them', async () => {
  const { cells, lines, faults } = await read('Name,Notes\n"Smith, Jo","said ""hi""\r\nand left"\nBea,plain\n')
  expect(cells).toEqual([
    ['Smith, Jo', 'said "hi"\r\nand left'],
    ['Bea', 'plain'],
  ])
  expect(lines).toEqual([2, 4])
  expect(faults).toEqual([null, null])
})

test.each([
  [',', 'a,b,c\nx;y,2,3\n'],
  [';', 'Name;Betrag;Notiz\nJo;1,5;a\nBea;2,5;b,c\n'],
  ['\t', 'a\tb\nx,y\tz\n'],
  ['|', 'a|b|c\nx, y|z|\n'],
  [',', 'only one column\nvalue\n'],
  [',', '"a;b;c",d\n"x;y",z\n'],
])('the delimiter %j is found', (delimiter, text) => expect(detectDelimiter(text)).toBe(delimiter))

test('ragged rows are faulty, blank lines and trailing delimiters are not', async () => {
  const { cells, faults, lines } = await read('a,b,c\n1,2,3\n\n4,5\n,,\n6,7,8,9\n10,11,12,,\n')
  expect(lines).toEqual([2, 4, 6, 7])
  expect(cells[0]).toEqual(['1', '2', '3'])
  expect(faults).toEqual([null, expect.stringContaining('2 values'), expect.stringContaining('4 values'), null])
})

test('a quote that is never closed costs its own line', async () => {
  const { cells, faults, lines } = await read('a,b\n1,2\n3,"oops\n5,6\n7,8\n')
  expect(lines).toEqual([2, 3, 4, 5])
  expect(faults).toEqual([null, expect.stringContaining('quotation mark'), null, null])
  expect(cells[2]).toEqual(['5', '6'])
})

test('a quote in the middle of a value is a character', async () => {
  expect((await read('a,b\n5" pipe,x\n"5" pipe",x\n')).cells).toEqual([
    ['5" pipe', 'x'],
    ['"5" pipe"', 'x'],
  ])
})

test('an unclosed quote in a large file does not swallow what follows', async () => {
  const filler = `${'x'.repeat(99)},y\n`
  const { rows, faults } = await read(`a,b\n"open,1\n${filler.repeat(30_000)}`)
  expect(rows).toHaveLength(30_001)
  expect(faults[0]).toContain('quotation mark')
  expect(faults.slice(1).every((fault) => fault === null)).toBe(true)
})

test('a NUL character spoils its row only', async () => {
  expect((await read('Name,Notes\nJo Smith,wants \0 a quote\nBea,is interested\n')).faults).toEqual([
    expect.stringContaining('NUL'),
    null,
  ])
})

test.each(['\n', '\r\n', '\r'])('line ends %j', async (end) => {
  expect((await read(['a,b', '1,2', '3,4'].join(end))).cells).toEqual([
    ['1', '2'],
    ['3', '4'],
  ])
})

test('a file with nothing but a header has no rows, one of blank lines is refused', async () => {
  expect((await read('a,b\n')).rows).toEqual([])
  await expect(read('\n\n , \n')).rejects.toMatchObject({ code: 'UNREADABLE_FILE' })
})

test('headers are trimmed, made distinct, and named where they are empty', async () => {
  expect((await read(' Name ,Notes,, Notes\na,b,c,d\n')).file.columns).toEqual(['Name', 'Notes', 'Column 3', 'Notes (2)'])
})

test('a first row of data is data', async () => {
  const { file, cells } = await read('ID1,Diane,1-Jan-21,9:12\nID2,Becky,1-Jan-21,9:14\n')
  expect(file.hasHeader).toBe(false)
  expect(file.columns).toEqual(['Column 1', 'Column 2', 'Column 3', 'Column 4'])
  expect(cells).toHaveLength(2)
})

test('UTF-16 with semicolons', async () => {
  const { file, cells } = await read(Buffer.from('\ufeffName;Ort\nJürgen;Köln\n', 'utf16le'))
  expect(file).toMatchObject({ encoding: 'utf-16le', delimiter: ';', columns: ['Name', 'Ort'] })
  expect(cells).toEqual([['Jürgen', 'Köln']])
})

test('whatever is written as CSV is read back, at the right lines, in pieces or whole', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\n', '\r\n', ' ', "'", '€'), maxLength: 8 })
  const width = 3
  const table = fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 30 })
  const quote = (value: string) => `"${value.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(',', ';', '\t', '|'), async (rows, delimiter) => {
      const written = rows.map((row) => row.map(quote).join(delimiter))
      const text = ['h1,h2,h3'.replaceAll(',', delimiter), ...written].join('\n')
      const { rows: found } = await read(text, { delimiter })
      const filled = rows.flatMap((row, index) => {
        const line = 2 + written.slice(0, index).reduce((sum, before) => sum + before.split('\n').length, 0)
        return row.every((value) => value.trim() === '') ? [] : [{ line, cells: row, fault: null }]
      })
      expect(found).toEqual(filled)
    }),
  )
})

test('no bytes at all make it throw anything but “unreadable”, and every row has a line', async () => {
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
