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

test('the members of an object are fields of their own; an array is one field', () => {
  const basis = { hours: { from: '08:00', to: '20:00', days: [1, 2] } }
  const typed = { hours: { from: '09:00', to: '20:00', days: [1, 2, 3] } }
  const row = { hours: { from: '08:00', to: '21:00', days: [1] } }
  expect(rebased({ typed, basis }, row)).toEqual({
    typed: { hours: { from: '09:00', to: '21:00', days: [1, 2, 3] } },
    basis: { hours: { from: '08:00', to: '21:00', days: [1, 2] } },
  })
})

test('typed values are never lost, and without typed values the form shows the row', () => {
  const days = fc.array(fc.nat(2), { maxLength: 2 })
  const values = fc.record({ a: fc.nat(3), group: fc.record({ b: fc.nat(3), inner: fc.record({ c: fc.nat(3) }), days }) })
  type Values = typeof values extends fc.Arbitrary<infer Value> ? Value : never
  const fields = ({ a, group }: Values) => [a, group.b, group.inner.c, group.days.join()]
  fc.assert(
    fc.property(values, values, values, (typed, basis, row) => {
      const after = rebased({ typed, basis }, row)
      const [mine, from, now] = [fields(typed), fields(basis), fields(row)]
      expect(fields(after.typed)).toEqual(mine.map((value, place) => (value === from[place] ? now[place] : value)))
      expect(rebased({ typed: basis, basis }, row)).toEqual({ typed: row, basis: row })
      // Applied again, it changes nothing.
      expect(rebased(after, row)).toEqual(after)
    }),
  )
})
