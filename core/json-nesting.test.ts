import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isNestedDeeperThan } from './json-nesting.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

test('the depth is that of the parsed value, whatever its texts hold', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 12, stringUnit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a', '\u2028') }),
      (value) => {
        const text = JSON.stringify(value)
        const depth = depthOf(value)
        expect(isNestedDeeperThan(text, depth)).toBe(false)
        if (depth > 0) expect(isNestedDeeperThan(text, depth - 1)).toBe(true)
      },
    ),
  )
})

test('it stops at the limit and needs no stack', () => {
  expect(isNestedDeeperThan('['.repeat(10_000_000), 32)).toBe(true)
  expect(isNestedDeeperThan(`{"a":${'{"a":'.repeat(40)}`, 32)).toBe(true)
  expect(isNestedDeeperThan('[],'.repeat(1_000_000), 1)).toBe(false)
  expect(isNestedDeeperThan('"[[[[[[', 1)).toBe(false)
})
