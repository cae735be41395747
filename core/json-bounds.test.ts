import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exceededBound, type JsonBounds } from './json-bounds.ts'

const WIDE: JsonBounds = { depth: 1e9, containers: 1e9, keys: 1e9, values: 1e9 }

test.each<[string, Partial<JsonBounds>, string | null]>([
  ['[[[]]]', { depth: 3 }, null],
  ['[[[[]]]]', { depth: 3 }, 'depth'],
  ['[[],[],[]]', { depth: 2 }, null],
  ['{"a":{"b":[1]}}', { depth: 2 }, 'depth'],
  ['[[],[],[]]', { containers: 3 }, 'containers'],
  ['{"a":1,"b":2}', { keys: 1 }, 'keys'],
  ['[1,2,3]', { values: 1 }, 'values'],
  ['"[[[[{{{{::::,,,,"', { depth: 1, containers: 1, keys: 0, values: 0 }, null],
  [String.raw`"\"[[[["`, { depth: 1 }, null],
  [String.raw`["\\",[[]]]`, { depth: 2 }, 'depth'],
  [String.raw`["\\\"[[[["]`, { depth: 1 }, null],
  ['"[[[[', { depth: 1 }, null],
  ['', { depth: 0 }, null],
])('the bounds of %s are checked with %j', (text, bounds, exceeded) => {
  expect(exceededBound(text, { ...WIDE, ...bounds })).toBe(exceeded)
})

function measure(value: unknown): JsonBounds {
  if (typeof value !== 'object' || value === null) return { depth: 0, containers: 0, keys: 0, values: 0 }
  const children = Object.values(value).map(measure)
  const sum = (name: keyof JsonBounds) => children.reduce((total, child) => total + child[name], 0)
  return {
    depth: 1 + Math.max(0, ...children.map(({ depth }) => depth)),
    containers: 1 + sum('containers'),
    keys: (Array.isArray(value) ? 0 : children.length) + sum('keys'),
    values: Math.max(0, children.length - 1) + sum('values'),
  }
}

test('every JSON text is within the bounds of its own structure and exceeds smaller ones', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      const size = measure(value)
      expect(exceededBound(text, size)).toBeNull()
      for (const name of Object.keys(size) as (keyof JsonBounds)[])
        if (size[name] > 0) expect(exceededBound(text, { ...WIDE, [name]: size[name] - 1 })).toBe(name)
    }),
  )
})

test('a long string with many escaped quotes is read once', () => {
  const text = JSON.stringify('"\\'.repeat(200_000))
  expect(exceededBound(`[${text},[]]`, { ...WIDE, depth: 2 })).toBeNull()
})
