import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cursorSchema } from '../../core/sync/protocol.ts'
import { formatCursor, gaps, holds, parseCursor, settle, withKnown, type Position } from './cursor.ts'

const seq = fc.nat()
const position: fc.Arbitrary<Position> = fc.record({
  epoch: fc.stringMatching(/^[0-9a-f]{16}$/),
  scope: fc.record({ calls: fc.constantFrom('own', 'all'), users: fc.constantFrom('names', 'full') }),
  parents: seq,
  calls: seq,
  fill: fc.option(fc.record({ kind: fc.constantFrom('scope', 'others'), done: seq, upTo: seq })),
  known: fc.array(fc.record({ after: seq, upTo: seq }), { maxLength: 3 }),
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
  const good = formatCursor({
    epoch: '0'.repeat(16),
    scope: { calls: 'own', users: 'names' },
    parents: 1,
    calls: 2,
    fill: null,
    known: [],
  })
  for (const text of [
    `${good} `,
    `${good}.s1-2x`,
    good.replace('1.', '2.'),
    `${good}9999999999999999`,
    good.toUpperCase().replace('.ON.', '.XX.'),
  ])
    expect(() => parseCursor(text), text).toThrow(expect.objectContaining({ code: 'CURSOR' }))
})

test('what is sent and what is known are together all that a device holds, each version once', () => {
  const pushes = fc.array(fc.record({ others: fc.nat(3), own: fc.integer({ min: 1, max: 3 }) }), { maxLength: 6 })
  fc.assert(
    fc.property(fc.nat(5), pushes, (calls, steps) => {
      let at: Position = {
        epoch: '0'.repeat(16),
        scope: { calls: 'own', users: 'names' },
        parents: calls,
        calls,
        fill: null,
        known: [],
      }
      const held = new Set(Array.from({ length: calls }, (_, version) => version + 1))
      let head = calls
      for (const { others, own } of steps) {
        head += others
        const next = withKnown(at, { after: head, upTo: head + own })
        if (next !== null) {
          at = next
          for (let version = head + 1; version <= head + own; version++) held.add(version)
        }
        head += own
      }
      for (let version = 1; version <= head; version++) expect(holds(at, at.calls, version)).toBe(held.has(version))
      const missing = gaps({ after: at.calls, upTo: head }, at.known)
      const owed = missing.flatMap(({ after, upTo }) => Array.from({ length: upTo - after }, (_, place) => after + place + 1))
      expect(new Set([...held, ...owed]).size).toBe(head)
      expect(held.size + owed.length).toBe(head)
      expect(settle(at)).toEqual(at)
      expect(parseCursor(formatCursor(at))).toEqual(at)
    }),
  )
})
