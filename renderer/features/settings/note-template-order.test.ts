import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import type { NoteTemplate } from '../../../core/model/preferences.ts'
import { movedTemplates } from './note-template-order.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const template = (name: string, position?: number): NoteTemplate => ({
  id: newId(),
  name,
  text: name,
  ...(position !== undefined && { position }),
})

/** The order that the application returns. */
const sorted = (templates: readonly NoteTemplate[]) => templates.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))

function order(templates: readonly NoteTemplate[], changed: readonly NoteTemplate[]): string {
  const now = templates.map((one) => changed.find(({ id }) => id === one.id) ?? one)
  return sorted(now)
    .map(({ name }) => name)
    .join('')
}

test('a template moves one place; at the end of the list it stays', () => {
  const templates = [template('a'), template('b'), template('c')]
  const [a, b, c] = templates as [NoteTemplate, NoteTemplate, NoteTemplate]
  expect(order(templates, movedTemplates(templates, c.id, -1))).toBe('acb')
  expect(order(templates, movedTemplates(templates, a.id, 1))).toBe('bac')
  expect(movedTemplates(templates, a.id, -1)).toEqual([])
  expect(movedTemplates(templates, c.id, 1)).toEqual([])
  expect(movedTemplates(templates, newId(), 1)).toEqual([])
  expect(order(templates, movedTemplates(templates, b.id, -1))).toBe('bac')
})

test('once every template has its place, a move changes only two', () => {
  const placed = [0, 1, 2, 3].map((position) => template(`${position}`, position))
  expect(movedTemplates(placed, placed[2]?.id ?? '', -1).map(({ name }) => name)).toEqual(['2', '1'])
})

test('any move swaps two neighbours, whatever places were stored', () => {
  const lists = fc.array(fc.option(fc.nat({ max: 4 }), { nil: undefined }), { minLength: 2, maxLength: 6 })
  fc.assert(
    fc.property(lists, fc.nat({ max: 5 }), fc.constantFrom(-1 as const, 1 as const), (positions, at, by) => {
      const templates = sorted(positions.map((position, n) => template(`${n}`, position)))
      const names = templates.map(({ name }) => name)
      const [from, to] = [at % names.length, (at % names.length) + by]
      const [one, other] = [names[from], names[to]]
      const expected = one === undefined || other === undefined ? names : names.with(from, other).with(to, one)
      expect(order(templates, movedTemplates(templates, templates[from]?.id ?? '', by))).toBe(expected.join(''))
    }),
    { seed: 28 },
  )
})
