import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdGenerator, idFromDigest, isId } from './id.ts'

const bytes = (value: number) => (length: number) => new Uint8Array(length).fill(value)
const millisOf = (id: string) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

test('ids are UUIDv7 and sort in the order of their creation, for any clock', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 47 }), { minLength: 1, maxLength: 50 }),
      fc.nat(255),
      (readings, byte) => {
        let reading = 0
        const newId = createIdGenerator(() => readings[reading++ % readings.length] ?? 0, bytes(byte))
        const ids = Array.from({ length: 60 }, newId)
        expect(ids.every(isId)).toBe(true)
        expect(ids).toEqual(ids.toSorted())
        expect(new Set(ids).size).toBe(ids.length)
      },
    ),
  )
})

test('if the counter of a millisecond is full, ids have the next millisecond', () => {
  const newId = createIdGenerator(() => 1_000, bytes(0xff))
  const ids = Array.from({ length: 10_000 }, newId)
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(ids.length)
  expect(millisOf(ids.at(0) ?? '')).toBe(1_000)
  expect(millisOf(ids.at(-1) ?? '')).toBeGreaterThan(1_000)
})

test('an id from a digest depends only on the first ten bytes, and is a UUIDv7 with time 0', () => {
  const digest = Uint8Array.from({ length: 32 }, (_, n) => n * 7)
  const id = idFromDigest(digest)
  expect(isId(id)).toBe(true)
  expect(millisOf(id)).toBe(0)
  expect(idFromDigest(digest.slice(0, 10))).toBe(id)
  expect(idFromDigest(digest.with(9, 1))).not.toBe(id)
  expect(() => idFromDigest(digest.slice(0, 9))).toThrow(RangeError)
})

test.each([
  '',
  'x',
  '019B8D62-7A80-7748-B905-0D73DACB7148',
  '019b8d62-7a80-4748-b905-0d73dacb7148',
  '019b8d62-7a80-7748-c905-0d73dacb7148',
])('%j is not an id', (text) => expect(isId(text)).toBe(false))
