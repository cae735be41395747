import { expect, test } from 'vitest'
import { endedPair } from './key-pair.ts'

const first = { key: 'g', at: 1_000 }
const isPair = (pair: string) => pair === 'g c' || pair === 'g F2'

test('a key soon after the first key of a pair ends it', () => {
  expect(endedPair(first, { name: 'c', at: 1_200 }, isPair)).toBe('g c')
  expect(endedPair(first, { name: 'F2', at: 1_200 }, isPair)).toBe('g F2')
})

test('a character that ends no known pair is part of a mistyped one', () => {
  expect(endedPair(first, { name: 'e', at: 1_200 }, isPair)).toBe('g e')
  expect(endedPair(first, { name: '7', at: 1_200 }, isPair)).toBe('g 7')
})

test.each(['Delete', 'Enter', 'Escape', 'ArrowDown', 'ctrl+z', 'alt+1'])('%s stays a key of its own', (name) => {
  expect(endedPair(first, { name, at: 1_200 }, isPair)).toBeUndefined()
})

test('a key alone, or long after the first key, ends no pair', () => {
  expect(endedPair(undefined, { name: 'c', at: 1_200 }, isPair)).toBeUndefined()
  expect(endedPair(first, { name: 'c', at: 2_500 }, isPair)).toBeUndefined()
})
