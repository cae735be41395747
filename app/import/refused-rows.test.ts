import { expect, test } from 'vitest'
import { openCsv } from './read-csv.ts'
import { RefusedRows } from './refused-rows.ts'

const issue = (message: string, column: string | null = 'A') => ({ line: 2, column, message })

test('a refused row comes back with its reason, in a file like the one that came', async () => {
  const refused = new RefusedRows(['A', 'B;C'], ';')
  refused.add({ cells: ['x;y', 'said "no"\nand left'] }, [issue('is wrong'), issue('and so is all', null)], 2)
  const file = await openCsv(Buffer.from(refused.toCsv() ?? ''))
  const rows = []
  for await (const batch of file.batches()) rows.push(...batch)
  expect(file.columns).toEqual(['A', 'B;C', 'Refused because'])
  expect(rows.map(({ cells }) => cells)).toEqual([['x;y', 'said "no"\nand left', 'A: is wrong; and so is all']])
})

test('formulas are disarmed, phone numbers and negative amounts are left alone', () => {
  const refused = new RefusedRows(['A', 'B', 'C', 'D', 'E', 'F'], ',')
  refused.add({ cells: ['=1+1', '@SUM(A1)', '+cmd|x', '-2+3+cmd', '+49 (30) 12-34', '-5'] }, [issue('x')], 6)
  expect(refused.toCsv()?.split('\r\n')[1]).toBe("'=1+1,'@SUM(A1),'+cmd|x,'-2+3+cmd,+49 (30) 12-34,-5,A: x")
})

test('rows of another width keep what is in them', () => {
  const refused = new RefusedRows(['A', 'B'], ',')
  refused.add({ cells: ['1'] }, [issue('short', null)], 2)
  refused.add({ cells: ['1', '2', '3'] }, [issue('long', null)], 2)
  expect(refused.toCsv()).toBe('A,B,Refused because\r\n1,,short\r\n1,2,long | 3\r\n')
})

test('the report lists the first 200 issues, the file all rows', () => {
  const refused = new RefusedRows(['A'], ',')
  expect(refused.toCsv()).toBeNull()
  for (let n = 0; n < 1_000; n++) refused.add({ cells: [String(n)] }, [issue('x')], 1)
  expect(refused.count).toBe(1_000)
  expect(refused.issues).toHaveLength(200)
  expect(refused.toCsv()?.split('\r\n')).toHaveLength(1_002)
})
