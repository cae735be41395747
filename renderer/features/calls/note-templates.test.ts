import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import { filledTemplate, insertedAt, slashAt, templatesFor } from './note-templates.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const template = (name: string) => ({ id: newId(), name, text: name, position: 0 })

test.each([
  ['/', 1, ''],
  ['/vo', 3, 'vo'],
  ['/vo', 2, 'v'],
  ['Hello\n/vo', 9, 'vo'],
  ['/voice mail', 11, 'voice mail'],
])('“%s” with the caret at %i asks for “%s”', (text, caret, typed) => {
  expect(slashAt(text, caret)?.typed).toBe(typed)
})

test.each([
  ['', 0],
  ['/vo', 0],
  ['and/or', 6],
  ['1/2', 3],
  ['/vo\n', 4],
  ['Hello\n/vo', 5],
])('“%s” with the caret at %i asks for no template', (text, caret) => {
  expect(slashAt(text, caret)).toBeNull()
})

test('templates are found by a part of their name, those that begin with it first', () => {
  const all = ['No voicemail', 'Voicemail', 'Übergabe'].map(template)
  const names = (typed: string) => templatesFor(typed, all).map(({ name }) => name)
  expect(names('')).toEqual(['No voicemail', 'Voicemail', 'Übergabe'])
  expect(names('VOICE')).toEqual(['Voicemail', 'No voicemail'])
  expect(names('uber')).toEqual(['Übergabe'])
  expect(names('x')).toEqual([])
})

test('placeholders are filled; one without a value stays', () => {
  const facts = { name: 'Jo {date}', agent: '', date: '2026-11-26' }
  expect(filledTemplate('{date}: {name} and {agent}, {other}', facts)).toBe('2026-11-26: Jo {date} and {agent}, {other}')
})

test('the inserted text replaces the typed one and nothing else', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string().filter((typed) => !typed.includes('\n')),
      fc.string(),
      fc.string(),
      (before, typed, after, inserted) => {
        const lead = before === '' ? '' : `${before}\n`
        const text = `${lead}/${typed}${after}`
        const slash = slashAt(text, lead.length + 1 + typed.length)
        expect(slash).not.toBeNull()
        if (slash === null) return
        const result = insertedAt(text, slash, inserted)
        expect(result.text).toBe(lead + inserted + after)
        expect(result.text.slice(0, result.caret)).toBe(lead + inserted)
      },
    ),
    { seed: 27 },
  )
})
