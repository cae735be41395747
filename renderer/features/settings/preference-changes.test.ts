import { expect, test } from 'vitest'
import type { Preferences } from '../../../core/model/preferences.ts'
import { holds, valuesBefore } from './preference-changes.ts'

const [first, second] = ['01arz3ndektsv4rrffq69g5fav', '01arz3ndektsv4rrffq69g5faw']
const preferences: Preferences = {
  keys: { 'call.new': ['b'] },
  note_templates: [
    { id: first, name: 'Budget', text: 'No budget' },
    { id: second, name: 'Voicemail', text: 'Left a voicemail', position: 3 },
  ],
}

test('the values before a change restore it: default keys, a template that did not exist, and the place of one without a place', () => {
  expect(valuesBefore('keys', { 'call.new': ['x'], 'app.lock': ['y'] }, preferences)).toEqual({
    'call.new': ['b'],
    'app.lock': null,
  })
  expect(valuesBefore('note_templates', { [first]: null, [second]: null, other: null }, preferences)).toEqual({
    [first]: { name: 'Budget', text: 'No budget', position: 0 },
    [second]: { name: 'Voicemail', text: 'Left a voicemail', position: 3 },
    other: null,
  })
})

test('a change of the name, the text, the place or the keys is found; a change of other preferences is not one', () => {
  const budget = { name: 'Budget', text: 'No budget', position: 0 }
  expect(holds('note_templates', { [first]: budget }, preferences)).toBe(true)
  for (const other of [{ name: 'Money' }, { text: 'None' }, { position: 1 }])
    expect(holds('note_templates', { [first]: { ...budget, ...other } }, preferences)).toBe(false)
  expect(holds('note_templates', { [first]: null }, preferences)).toBe(false)
  expect(holds('keys', { 'call.new': ['b'], 'app.lock': null }, preferences)).toBe(true)
  expect(holds('keys', { 'call.new': null }, preferences)).toBe(false)
})
