import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnarLength, columnarRows, toColumnar } from './columnar.ts'

const scalar = fc.oneof(fc.string(), fc.integer(), fc.constant(null))

test('rows are unchanged after packing and unpacking', () => {
  const rows = fc.integer({ min: 1, max: 8 }).chain((width) =>
    fc.record({
      columns: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(scalar, { minLength: width, maxLength: width })),
    }),
  )
  fc.assert(
    fc.property(rows, ({ columns, rows: given }) => {
      const page = toColumnar('t', columns, given)
      const back = [...columnarRows(page)].map((row) => columns.map((name) => row[name]))
      expect(back).toEqual(given)
      expect(columnarLength(page)).toBe(given.length)
    }),
  )
})

test('columns of different length, or without a name, are refused', () => {
  expect(() => columnarLength({ table: 't', columns: ['a', 'b'], data: [[1], []] })).toThrow(RangeError)
  expect(() => columnarLength({ table: 't', columns: ['a'], data: [[1], [2]] })).toThrow(RangeError)
})
