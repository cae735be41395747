import { expect, test } from 'vitest'
import { messageFaults } from './message-faults.ts'

test('a translation with the same values, tags and forms has no fault, in any order', () => {
  expect(messageFaults('Only <0>{name}</0> can do it.', 'Das kann nur <0>{name}</0>.', 'de')).toEqual([])
  expect(messageFaults('{n, plural, one {# call} other {# calls}}', '{n, plural, one {# Anruf} other {# Anrufe}}', 'de')).toEqual(
    [],
  )
  expect(messageFaults('{n, plural, one {# call} other {# calls}}', '{n, plural, other {# 件}}', 'ja')).toEqual([])
})

test('a missing translation, value, tag or form is named', () => {
  expect(messageFaults('Save', '', 'de')).toEqual(['is not translated'])
  expect(messageFaults('Call {name}', 'Anruf', 'de')).toEqual(['lacks {name}'])
  expect(messageFaults('Call {name}', 'Anruf {nane}', 'de')).toEqual([
    'lacks {name}',
    'has {nane}, which the source does not have',
  ])
  expect(messageFaults('<0>Save</0>', '<0>Sichern', 'de')).toEqual(['lacks </0>'])
  expect(messageFaults('{n, plural, one {# call} other {# calls}}', '{n, plural, other {# Anrufe}}', 'de')).toEqual([
    'lacks the form “one” of {n}',
  ])
  expect(messageFaults('{n, plural, one {# call} other {# calls}}', '{n} Anrufe', 'de')).toEqual([
    'lacks {n, plural}',
    'has {n}, which the source does not have',
  ])
  expect(messageFaults('{a, select, x {one} other {two}}', '{a, select, other {zwei}}', 'de')).toEqual([
    'lacks the form “x” of {a}',
  ])
  expect(messageFaults('{n, plural, one {a {b}} other {c}}', '{n, plural, one {a} other {c}}', 'de')).toEqual(['lacks {b}'])
})

test('a translation that is not ICU is a fault', () => {
  expect(messageFaults('Call {name}', 'Anruf {name', 'de')[0]).toMatch(/^cannot be read/)
})
