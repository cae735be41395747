import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SyncError } from '../../core/sync/errors.ts'
import { cursorSchema } from '../../core/sync/envelope.ts'
import { formatCursor, gaps, holds, parseCursor, settle, withKnown, type Position, type Seal, type Seen } from './cursor.ts'

const seq = fc.nat({ max: 10 ** 15 })
const position: fc.Arbitrary<Position> = fc.record({
  scope: fc.record({ calls: fc.constantFrom('own', 'all'), users: fc.constantFrom('names', 'full') }),
  parents: seq,
  calls: seq,
  fill: fc.option(fc.record({ kind: fc.constantFrom('scope', 'others'), done: seq, upTo: seq })),
  known: fc.array(fc.record({ after: seq, upTo: seq }), { maxLength: 3 }),
})
const seen: fc.Arbitrary<Seen> = fc.record({ head: seq, chain: fc.uint8Array({ minLength: 16, maxLength: 16 }) })
const SEAL: Seal = { epoch: '0'.repeat(16), cursorKey: new Uint8Array(32).fill(7), clientId: 'client', userId: 'user' }
const AT: Position = { scope: { calls: 'own', users: 'names' }, parents: 1, calls: 2, fill: null, known: [] }
const SEEN: Seen = { head: 2, chain: new Uint8Array(16).fill(9) }
const codeOf = (text: string, seal = SEAL) => {
  try {
    parseCursor(text, seal)
    return 'ok'
  } catch (error) {
    return error instanceof SyncError ? (error.code as string) : 'thrown'
  }
}

test('a parsed cursor has the position and history that it was made from', () => {
  fc.assert(
    fc.property(position, seen, (at, history) => {
      const cursor = formatCursor(at, history, SEAL)
      const read = parseCursor(cursor, SEAL)
      expect(read.position).toEqual(at)
      expect([read.seen.head, [...read.seen.chain]]).toEqual([history.head, [...history.chain]])
      expect(cursorSchema.safeParse(cursor).success).toBe(true)
      expect(encodeURIComponent(cursor)).toBe(cursor)
    }),
  )
})

test('no other text is accepted as a cursor', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(codeOf(text)).toBe('CURSOR')
    }),
  )
})

test('a cursor with any changed character is refused', () => {
  fc.assert(
    fc.property(
      position,
      seen,
      fc.nat(),
      fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCXYZ.-_ '.split('')),
      (at, history, n, to) => {
        const cursor = formatCursor(at, history, SEAL)
        const place = n % cursor.length
        const edited = cursor.slice(0, place) + to + cursor.slice(place + 1)
        expect(codeOf(edited), edited).toMatch(edited === cursor ? /^ok$/ : /^(CURSOR|EPOCH)$/)
        for (const cut of [cursor.slice(place + 1), cursor.slice(0, place), `${cursor}${to}`])
          expect(codeOf(cut), cut).toMatch(/^(CURSOR|EPOCH)$/)
      },
    ),
  )
})

test('a cursor made of parts of two valid ones is refused', () => {
  fc.assert(
    fc.property(position, seen, position, seen, fc.nat(9), fc.nat(9), (at, history, other, otherHistory, n, m) => {
      const [one, two] = [formatCursor(at, history, SEAL), formatCursor(other, otherHistory, SEAL)]
      const spliced = [...one.split('.').slice(0, n), ...two.split('.').slice(m)].join('.')
      expect(codeOf(spliced), spliced).toBe(spliced === one || spliced === two ? 'ok' : 'CURSOR')
    }),
  )
})

test.each([
  ['another person', { userId: 'other' }, 'CURSOR'],
  ['another client', { clientId: 'other' }, 'CURSOR'],
  ['another key', { cursorKey: new Uint8Array(32).fill(8) }, 'CURSOR'],
  // Another server also has another key, so it is recognised by the epoch in plain text.
  ['another server', { epoch: '1'.repeat(16), cursorKey: new Uint8Array(32).fill(8) }, 'EPOCH'],
] as const)('a cursor of %s is refused', (_, seal, code) => {
  const cursor = formatCursor(AT, SEEN, SEAL)
  expect(codeOf(cursor)).toBe('ok')
  expect(codeOf(cursor, { ...SEAL, ...seal })).toBe(code)
})

test('an unauthenticated cursor of the first version is refused with CURSOR, and with EPOCH if it is of another server', () => {
  const old = (epoch: string) => `1.${epoch.repeat(16)}.on.40.40.x0-40`
  expect(codeOf(old('0'))).toBe('CURSOR')
  expect(codeOf(old('1'))).toBe('EPOCH')
})

test('the sent and the known versions are together exactly what a device holds, without repetition', () => {
  const pushes = fc.array(fc.record({ others: fc.nat(3), own: fc.integer({ min: 1, max: 3 }) }), { maxLength: 6 })
  fc.assert(
    fc.property(fc.nat(5), pushes, (calls, steps) => {
      let at: Position = {
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
      expect(parseCursor(formatCursor(at, SEEN, SEAL), SEAL).position).toEqual(at)
    }),
  )
})
