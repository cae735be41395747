import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acceptedErrors, typingErrors } from './typing-errors.ts'

test.each([
  ['schmidt', 'schmidt', 0],
  ['scmidt', 'schmidt', 1],
  ['schmiddt', 'schmidt', 1],
  ['schmitt', 'schmidt', 1],
  ['shcmidt', 'schmidt', 1],
  ['nüller', 'müller', 1],
  ['hofmannn', 'hoffmann', 2],
  ['anna', 'bert', 3],
])('%j has the typing errors of %j', (typed, meant, errors) => {
  expect(typingErrors(typed, meant, 2)).toBe(errors)
})

test('short words and numbers must be typed without an error', () => {
  expect(['ann', 'anna', 'schmidt', 'schneider', 'anna7', '5551234', ''].map(acceptedErrors)).toEqual([0, 1, 1, 2, 0, 0, 0])
})

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '😀'), maxLength: 7 })

/** Every word with one error less or more, to compare with a search step by step. */
function withOneError(text: string): Set<string> {
  const letters = Array.from(text)
  const alphabet = ['a', 'b', 'ü', '😀']
  const found = new Set<string>()
  for (let at = 0; at <= letters.length; at++) {
    const [head, tail] = [letters.slice(0, at), letters.slice(at)]
    for (const letter of alphabet) {
      found.add([...head, letter, ...tail].join(''))
      if (tail.length > 0) found.add([...head, letter, ...tail.slice(1)].join(''))
    }
    if (tail.length > 0) found.add([...head, ...tail.slice(1)].join(''))
    if (tail.length > 1) found.add([...head, tail[1], tail[0], ...tail.slice(2)].join(''))
  }
  return found
}

test('words with at most one error are those that one change makes', () => {
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(typingErrors(one, other, 1) <= 1).toBe(one === other || withOneError(one).has(other))
    }),
  )
})

test('the number of errors is symmetric, and does not depend on the bound', () => {
  fc.assert(
    fc.property(word, word, (one, other) => {
      const errors = typingErrors(one, other, 9)
      expect(typingErrors(other, one, 9)).toBe(errors)
      expect(typingErrors(one, other, 2)).toBe(Math.min(errors, 3))
    }),
  )
})
