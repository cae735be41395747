import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openImportFile } from './open-import-file.ts'
import { openCsv } from './read-csv.ts'
import { RefusedRows, REASON_COLUMN, withoutReasons } from './refused-rows.ts'

const issue = (message: string, column: string | null = 'A', value: string | null = null, line = 2) => ({
  line,
  column,
  message,
  value,
})

async function readBack(refused: RefusedRows) {
  const file = await openImportFile(Buffer.from(refused.toCsv() ?? ''))
  const rows: (readonly string[])[] = []
  for await (const batch of file.batches()) rows.push(...batch.map(({ cells }) => cells))
  return { columns: file.columns, rows }
}

test('a refused row is written with its reason and the delimiter of the source', async () => {
  const refused = new RefusedRows(['A', 'B;C'], ';')
  refused.add({ cells: ['x;y', 'said "no"\nand left'] }, [issue('is wrong'), issue('the row is wrong', null)])
  const file = await openCsv(Buffer.from(refused.toCsv() ?? ''))
  const rows = []
  for await (const batch of file.batches()) rows.push(...batch)
  expect(file.columns).toEqual([REASON_COLUMN, 'A', 'B;C'])
  expect(rows.map(({ cells }) => cells)).toEqual([['A: is wrong; the row is wrong', 'x;y', 'said "no"\nand left']])
})

test('the file begins with a byte order mark', () => {
  const refused = new RefusedRows(['A'], ',')
  refused.add({ cells: ['ü'] }, [issue('x')])
  expect(refused.toCsv()?.startsWith('\ufeffRefused because,A\r\n')).toBe(true)
})

test('formulas are guarded; phone numbers and negative amounts are not changed', () => {
  const refused = new RefusedRows(['A', 'B', 'C', 'D', 'E', 'F', 'G'], ',')
  refused.add({ cells: ['=1+1', '@SUM(A1)', '+cmd|x', '-2+3+cmd', '+49 (30) 12-34', '-5', '- called back'] }, [issue('x')])
  expect(refused.toCsv()?.split('\r\n')[1]).toBe("A: x,'=1+1,'@SUM(A1),'+cmd|x,'-2+3+cmd,+49 (30) 12-34,-5,'- called back")
})

test('full-width signs and tabs are guarded, which some spreadsheets run as formulas', () => {
  const refused = new RefusedRows(['A', 'B', 'C', 'D', 'E'], ',')
  refused.add({ cells: ['＝1+1', '＠SUM(A1)', '＋1', '－1', '\t=1+1'] }, [issue('x')])
  expect(refused.toCsv()?.split('\r\n')[1]).toBe("A: x,'＝1+1,'＠SUM(A1),'＋1,'－1,'\t=1+1")
})

test('a cell with a line break of any kind is quoted', () => {
  const refused = new RefusedRows(['A', 'B', 'C'], ';')
  refused.add({ cells: ['a\nb', 'a\rb', 'a\r\nb'] }, [issue('x')])
  expect(refused.toCsv()?.slice('\ufeffRefused because;A;B;C\r\n'.length)).toBe('A: x;"a\nb";"a\rb";"a\r\nb"\r\n')
})

test('every cell is read back unchanged, also a cell that begins with apostrophes', async () => {
  const sign = fc.constantFrom("'", "''", '=', '@', '+', '-', '＝', '－', '\t', '"', ';', '')
  const cell = fc
    .tuple(sign, sign, fc.constantFrom('called back', '1+1', '49 30', 'é', ''))
    .map((parts) => `a${parts.join('')}`.slice(1))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
      const refused = new RefusedRows(['A', '-B', 'C'], ';')
      for (const [a, b] of rows) refused.add({ cells: [a, b, 'end'] }, [issue('x')])
      const back = await readBack(refused)
      expect(back.columns).toEqual(['A', '-B', 'C'])
      expect(back.rows).toEqual(rows.map(([a, b]) => [a, b, 'end']))
    }),
  )
})

test('rows that are shorter or longer than the header keep their width', async () => {
  const refused = new RefusedRows(['A', 'B'], ',')
  refused.add({ cells: ['1'] }, [issue('short', null)])
  refused.add({ cells: ['1', '2', '3'] }, [issue('long', null)])
  expect(refused.toCsv()).toBe('\ufeffRefused because,A,B\r\nshort,1\r\nlong,1,2,3\r\n')
  expect((await readBack(refused)).rows).toEqual([['1'], ['1', '2', '3']])
})

test('a file without the column of reasons keeps its apostrophes', async () => {
  const file = withoutReasons(await openCsv(Buffer.from("A,B\n'=1+1,x\n")))
  for await (const batch of file.batches()) expect(batch.map(({ cells }) => cells)).toEqual([["'=1+1", 'x']])
})

test('equal refusals are one group, and the largest group is first', () => {
  const refused = new RefusedRows(['A', 'B'], ',')
  refused.add({ cells: ['x', 'y'] }, [issue('is wrong', 'A', 'x', 2)])
  for (let line = 3; line < 30; line++) refused.add({ cells: ['z', 'y'] }, [issue('is wrong', 'A', 'z', line)])
  expect(refused.groups).toEqual([
    { column: 'A', message: 'is wrong', value: 'z', count: 27, lines: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
    { column: 'A', message: 'is wrong', value: 'x', count: 1, lines: [2] },
  ])
})

test('the report lists the first 200 issues, and the file has all rows', () => {
  const refused = new RefusedRows(['A'], ',')
  expect(refused.toCsv()).toBeNull()
  for (let n = 0; n < 1_000; n++) refused.add({ cells: [String(n)] }, [issue('x')])
  expect(refused.count).toBe(1_000)
  expect(refused.issues).toHaveLength(200)
  expect(refused.groups).toEqual([expect.objectContaining({ count: 1_000 })])
  expect(refused.toCsv()?.split('\r\n')).toHaveLength(1_002)
})
