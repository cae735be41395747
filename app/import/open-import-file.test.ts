import { expect, test } from 'vitest'
import { openImportFile } from './open-import-file.ts'
import type { Reading } from './read-csv.ts'
import { RefusedRows } from './refused-rows.ts'

test.each<[string, Reading]>([
  ['no choice', {}],
  ['a header further down', { headerLine: 3 }],
  ['no header', { headerLine: 0 }],
  ['another encoding', { encoding: 'windows-1250' }],
  ['a sheet of a workbook', { sheet: 'Calls' }],
  ['values on one line', { multilineCells: false }],
])('a file of refused rows is read correctly if the mapping of the first file has %s', async (_, reading) => {
  const refused = new RefusedRows(['Column 1', 'Column 2'], ';')
  refused.add({ cells: ['Jürgen', '=1+1'] }, [{ line: 5, column: null, message: 'x; y', value: null }])
  const file = await openImportFile(Buffer.from(refused.toCsv() ?? ''), { ...reading, delimiter: ';' })
  expect(file.columns).toEqual(['Column 1', 'Column 2'])
  for await (const batch of file.batches()) expect(batch.map(({ cells }) => cells)).toEqual([['Jürgen', '=1+1']])
  expect(file.account).toMatchObject({ rows: 1, header: 1 })
})

test('a file with the header of the reasons inside a cell is read by the mapping', async () => {
  const file = await openImportFile(Buffer.from('Calls that were not Refused because,\nB,A\n1,2\n'), { headerLine: 2 })
  expect(file.columns).toEqual(['B', 'A'])
  await expect(openImportFile(Buffer.from('A,B\n1,2\n'), { headerLine: 0 })).resolves.toMatchObject({
    columns: ['Column 1', 'Column 2'],
  })
})
