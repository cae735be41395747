import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cursorSchema } from '../../core/sync/protocol.ts'
import { formatCursor, parseCursor, type Position } from './cursor.ts'

const seq = fc.nat()
const position: fc.Arbitrary<Position> = fc.record({
  epoch: fc.stringMatching(/^[0-9a-f]{16}$/),
  scope: fc.record({ calls: fc.constantFrom('own', 'all'), users: fc.constantFrom('names', 'full') }),
  parents: seq,
  calls: seq,
  fill: fc.option(fc.record({ kind: fc.constantFrom('scope', 'others'), done: seq, upTo: seq })),
})

test('a position comes back from its cursor', () => {
  fc.assert(
    fc.property(position, (at) => {
      const cursor = formatCursor(at)
      expect(parseCursor(cursor)).toEqual(at)
      expect(cursorSchema.safeParse(cursor).success).toBe(true)
      expect(encodeURIComponent(cursor)).toBe(cursor)
    }),
  )
})

test('no other text is taken for a cursor', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'CURSOR' }))
    }),
  )
  const good = formatCursor({ epoch: '0'.repeat(16), scope: { calls: 'own', users: 'names' }, parents: 1, calls: 2, fill: null })
  for (const text of [
    `${good} `,
    `${good}.s1-2x`,
    good.replace('1.', '2.'),
    `${good}9999999999999999`,
    good.toUpperCase().replace('.ON.', '.XX.'),
  ])
    expect(() => parseCursor(text), text).toThrow(expect.objectContaining({ code: 'CURSOR' }))
})
