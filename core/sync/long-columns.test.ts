import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KINDS, longColumn } from './long-columns.ts'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const uuid = fc
  .tuple(hex(8), hex(4), fc.constantFrom('7', '4'), hex(3), fc.constantFrom('8', 'b', 'c'), hex(3), hex(12))
  .map(([a, b, version, c, variant, d, e]) => `${a}-${b}-${version}${c}-${variant}${d}-${e}`)
const anything = fc.oneof(
  fc.anything(),
  fc.string({ maxLength: 120 }),
  fc.integer({ min: -2, max: 2 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(
    100_000,
    100_001,
    253_402_300_799_999,
    253_402_300_800_000,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    -0,
    null,
    undefined,
  ),
  hex(16),
  uuid,
)

test.each(Object.entries(KINDS))('the plain test of a %s accepts the same values as its schema', (_name, { value, has }) => {
  fc.assert(
    fc.property(anything, (each) => {
      expect(has(each)).toBe(value.safeParse(each).success)
    }),
    { numRuns: 2_000 },
  )
})

test('a column with one value of another kind is refused, and so is a value that is not an array', () => {
  const column = longColumn(KINDS.place)
  expect(column.safeParse([0, 1]).success).toBe(true)
  for (const broken of [[0, -1], [0, '1'], { length: 0 }, 'x', null, undefined, [[0]]])
    expect(column.safeParse(broken).success).toBe(false)
})
