import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rebased } from './follow-row.ts'

test('unchanged fields take the new values; a changed field keeps the typed text and the value from which it was changed', () => {
  const basis = { name: 'Vera', email: 'vera@acme.test', role: 'viewer' }
  const typed = { ...basis, name: 'Vera Vogel' }
  const row = { name: 'Vera V.', email: 'v@acme.test', role: 'viewer' }
  expect(rebased({ typed, basis }, row)).toEqual({
    typed: { name: 'Vera Vogel', email: 'v@acme.test', role: 'viewer' },
    basis: { name: 'Vera', email: 'v@acme.test', role: 'viewer' },
  })
})

test('a field that was changed to the new value is not a change', () => {
  const row = { name: 'Vera Vogel' }
  expect(rebased({ typed: row, basis: { name: 'Vera' } }, row)).toEqual({ typed: row, basis: row })
})

test('typed values are never lost, and without typed values the form shows the row', () => {
  const values = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(3) })
  fc.assert(
    fc.property(values, values, values, (typed, basis, row) => {
      const after = rebased({ typed, basis }, row)
      for (const field of ['a', 'b', 'c'] as const)
        expect(after.typed[field]).toBe(typed[field] === basis[field] ? row[field] : typed[field])
      expect(rebased({ typed: basis, basis }, row)).toEqual({ typed: row, basis: row })
      // Applied again, it changes nothing.
      expect(rebased(after, row)).toEqual(after)
    }),
  )
})
