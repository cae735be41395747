import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listTyped, matchTyped } from './match-typed.ts'

const people = ['Hugo Hahn', 'Hugo Hahn-Meyer', 'Ben Berg', 'Berta Blau', 'Müller, Änne'].map((label, n) => ({
  value: `id-${n}`,
  label,
}))

test.each([
  ['ben', 'id-2'],
  ['  BERG ', 'id-2'],
  ['hugo hahn', 'id-0'],
  ['muller', 'id-4'],
  ['anne', 'id-4'],
  ['meyer', 'id-1'],
])('%s means one value', (typed, value) => {
  expect(matchTyped(typed, people)).toEqual({ kind: 'one', value })
})

test.each([
  ['hugo', '“hugo” matches Hugo Hahn, Hugo Hahn-Meyer. Choose one.'],
  ['e', '“e” matches Hugo Hahn-Meyer, Ben Berg, Berta Blau, …. Choose one.'],
  ['zoe', '“zoe” is not in the list. Choose one from the list.'],
  ['  ', 'Choose one from the list.'],
])('%s does not mean one value: the message names the matches', (typed, problem) => {
  expect(matchTyped(typed, people)).toEqual({ kind: 'none', problem })
})

test('a name that two people share matches neither', () => {
  const twins = [
    { value: 'a', label: 'Max' },
    { value: 'b', label: 'Max' },
  ]
  expect(matchTyped('max', twins).kind).toBe('none')
})

test('the matched value is always in the list that the text shows', () => {
  const label = fc.string({ minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.uniqueArray(label, { maxLength: 8 }), label, (labels, typed) => {
      const choices = labels.map((each, n) => ({ value: String(n), label: each }))
      const match = matchTyped(typed, choices)
      const shown = listTyped(typed, choices).map(({ value }) => value)
      expect(match.kind === 'none' || shown.includes(match.value)).toBe(true)
    }),
  )
})
