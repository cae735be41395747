import createBidi from 'bidi-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { directionLevels, inVisualOrder, mirrored } from './text-direction.ts'

function drawn(line: string): string {
  const levels = directionLevels(line)
  const pieces = line.split('').map((text, index) => ({ text, level: levels?.[index] ?? 0 }))
  return inVisualOrder(pieces)
    .map(({ text, level }) => (level % 2 === 1 ? mirrored(text) : text))
    .join('')
}

test.each([
  ['a name from left to right is not changed', 'Ada (inactive)', 'Ada (inactive)'],
  ['a Hebrew name is reversed', 'דוד כהן', 'ןהכ דוד'],
  ['a note in English follows the name', 'דוד (inactive)', `דוד (inactive)`],
  ['brackets within a name are mirrored', 'דוד (כהן) לוי', 'יול (ןהכ) דוד'],
  ['a number within a name keeps its digits', 'דוד 123 כהן', 'ןהכ 123 דוד'],
  ['a Latin word within a name keeps its letters', 'דוד Ltd כהן', 'דוד Ltd ןהכ'],
])('%s', (_, line, expected) => {
  expect(drawn(line)).toBe(expected)
})

test('any mixture of scripts has the order of the algorithm', () => {
  const bidi = createBidi()
  const character = fc.constantFrom('a', 'b', 'א', 'ב', 'م', 'ع', '1', '2', '٣', ' ', '-', '(', ')', ',', '.')
  fc.assert(
    fc.property(fc.array(character, { maxLength: 20 }), (characters) => {
      // The algorithm resets spaces at the end of a line; a line of the PDF has none.
      const line = characters.join('').trimEnd()
      expect(drawn(line)).toBe(bidi.getReorderedString(line, bidi.getEmbeddingLevels(line, 'ltr')))
    }),
  )
})
