import { expect, test } from 'vitest'
import { clause, sentence } from './sentence.ts'
import { catalogueOf, sentenceIn, textSchema } from './text.ts'

test('a message is made in one line, with its values and the messages in it', () => {
  expect(sentence('views.full', { most: 1_000 })).toEqual({
    message: 'There are already 1,000 views. Nothing was saved. Delete a view first.',
    text: { id: 'views.full', values: { most: 1_000 } },
  })
  const unsaved = sentence('rule.unsaved', { rule: clause('rule.no-person') })
  expect(unsaved.message).toBe('This person does not exist. Nothing was saved.')
  expect(textSchema.parse(JSON.parse(JSON.stringify(unsaved.text)))).toEqual(unsaved.text)
  expect(sentence('import.short-rows', { count: 1, line: 3 }).message).toMatch(/^1 row has fewer values .* \(first on line 3\)/)
})

test('an unknown id, a missing value and a value of another type do not compile', () => {
  const wrong = [
    // @ts-expect-error -- the catalogue has no such message
    () => sentence('views.empty'),
    // @ts-expect-error -- the message needs the number
    () => sentence('views.full'),
    // @ts-expect-error -- a plural needs a number
    () => sentence('reminder.calls', { count: '3' }),
    // @ts-expect-error -- the message has no values
    () => sentence('import.empty', { name: 'x' }),
  ]
  expect(wrong).toHaveLength(4)
})

test('a message of another release is shown in English', () => {
  const german = { messages: { known: 'bekannt' }, _: (id: string) => `deutsch: ${id}` }
  const { sentence: made } = catalogueOf([{ id: 'known', message: 'Known' }] as const)
  expect(sentenceIn(made('known'), german)).toBe('deutsch: known')
  expect(sentenceIn({ message: 'New', text: { id: 'new', values: {} } }, german)).toBe('New')
  expect(sentenceIn({ message: 'Old' }, german)).toBe('Old')
})
