import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CallFilter, CallSort } from '../../core/contract/calls.ts'
import type { UserId } from '../../core/id.ts'
import { putSettings } from '../commands/settings.ts'
import { deriveStep } from '../derive-calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { countCalls, listCalls } from './calls.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

const BY_NAME: CallSort = { by: 'prospectName', direction: 'asc' }

function find(filter: CallFilter, own: UserId | null = null): string[] {
  const { db, clientId } = workspace
  const request = { filter, sort: BY_NAME, after: null, skip: 0, limit: 100 }
  const found = listCalls(db, clientId, request, own).rows.map(({ prospectName }) => prospectName)
  expect(countCalls(db, clientId, filter, own)).toBe(found.length)
  return found
}

function setCountry(country: string | null): void {
  workspace.write(() => putSettings(workspace.db, workspace.clientId, { default_country: country }))
  while (deriveStep(workspace.db));
}

const STORED = ['+49 30 5551234', '030 5551234', '030/5551234', '(030) 555-1234', '0305551234', '+49305551234', '0049 30 5551234']
const TYPED = ['+49305551234', '0305551234', '030 5551234', '+49 30 5551234', '030/555 1234', '030 555', '+49 30 555', '5551234']

/** What each text finds. One workspace serves all searches, because making one takes longer than a search. */
const findEach = (texts: readonly string[]) => Object.fromEntries(texts.map((text) => [text, find({ text })]))
const RIGHT = Object.fromEntries(TYPED.map((text) => [text, ['Right']]))

test.each(STORED)('the number %j is found in whatever form it is typed', (stored) => {
  setCountry('DE')
  workspace.addCall({ prospectName: 'Right', prospectPhone: stored })
  workspace.addCall({ prospectName: 'Wrong', prospectPhone: '+49 89 1234567' })
  expect(findEach(TYPED)).toEqual(RIGHT)
})

test('a number with its country is found in every form where the client has no default country', () => {
  workspace.addCall({ prospectName: 'Right', prospectPhone: '+49 30 5551234' })
  workspace.addCall({ prospectName: 'Wrong', prospectPhone: '+49 89 1234567' })
  expect(findEach(TYPED)).toEqual(RIGHT)
})

test('a search for a number and a name finds calls that have both', () => {
  setCountry('DE')
  workspace.addCall({ prospectName: 'Anna', prospectPhone: '030 5551234' })
  workspace.addCall({ prospectName: 'Ben', prospectPhone: '030 5551234' })
  expect(find({ text: 'anna 0305551234' })).toEqual(['Anna'])
  expect(find({ text: '+49305551234 ben' })).toEqual(['Ben'])
  expect(find({ text: 'cem 0305551234' })).toEqual([])
})

test.each([
  ['mueller', 'Jürgen Müller'],
  ['juergen muel', 'Jürgen Müller'],
  ['muller', 'Jürgen Müller'],
  ['MÜLLER', 'Jürgen Müller'],
  ['müller', 'Jo Mueller'],
  ['strasse', 'Anna Straße'],
  ['straße', 'Ben Strasse'],
  ['lukasz', 'Łukasz'],
  ['soren', 'Søren'],
  ['soeren', 'Søren'],
  ['obrien', 'Pat O’Brien'],
  ["o'brien", 'Pat O’Brien'],
  ['isik', 'Işık'],
  ['bauer', 'Bau\u200ber'],
])('%j finds %s', (text, name) => {
  for (const each of [name, 'Nora Other']) workspace.addCall({ prospectName: each })
  expect(find({ text })).toEqual([name])
})

test('words are found by their beginnings, and by any part if no word begins with the text', () => {
  workspace.addCall({ prospectName: 'Anna Neubauer', notes: 'Vertragsverlängerung' })
  workspace.addCall({ prospectName: 'Ben Bauer', prospectEmail: 'ben@sauerland.test' })
  expect(find({ text: 'auer' })).toEqual(['Anna Neubauer', 'Ben Bauer'])
  expect(find({ text: 'ann auer' })).toEqual(['Anna Neubauer'])
  expect(find({ text: 'bauer' })).toEqual(['Ben Bauer'])
  expect(find({ text: 'verlangerung' })).toEqual(['Anna Neubauer'])
  expect(find({ text: 'verlaengerung' })).toEqual(['Anna Neubauer'])
  expect(find({ text: 'auerland' })).toEqual(['Ben Bauer'])
  expect(find({ text: 'er' }), 'too short for a part').toEqual([])
  workspace.addCall({ prospectName: 'Auer' })
  expect(find({ text: 'auer' })).toEqual(['Auer'])
})

test('a call with all three-letter parts of a word, but not the word, is not found', () => {
  workspace.addCall({ prospectName: 'xaue', notes: 'xuery' })
  expect(find({ text: 'auer' })).toEqual([])
})

test('a word that begins with the text counts only if its call passes the other filters', () => {
  workspace.addCall({ prospectName: 'Auer', userId: workspace.adminId })
  workspace.addCall({ prospectName: 'Bauer', userId: workspace.agentId })
  expect(find({ text: 'auer' })).toEqual(['Auer'])
  expect(find({ text: 'auer', userIds: [workspace.agentId] })).toEqual(['Bauer'])
  expect(find({ text: 'auer' }, workspace.agentId)).toEqual(['Bauer'])
})

test('no text is refused, whatever its characters', () => {
  const { db, clientId } = workspace
  workspace.addCall({ prospectName: 'हिन्दी O’Brien', notes: 'a"b NEAR (c)', prospectPhone: '٠٣٠ ٥٥٥' })
  const character = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(...'a 1 " \' ’ * ( ) + - ^ : NEAR OR AND é \u0301 ि न ् ٣ 3 Ა ꟗ 𐓘 𞤀'.split(' '), ' ', '\u00ad', '\ud800'),
  )
  fc.assert(
    fc.property(fc.array(character, { maxLength: 12 }), fc.constantFrom(null, 'DE'), (characters, country) => {
      workspace.write(() => putSettings(db, clientId, { default_country: country }))
      const text = characters.join('').trim()
      expect(find({ text }).length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 400 },
  )
  expect(find({ text: 'हिन्दी' })).toEqual(['हिन्दी O’Brien'])
})

test('names are sorted by the rules of the client’s country', () => {
  const names = ['Zeta', 'Arger', 'Ärger', 'Azur', 'Öl', 'Ohm', 'anna', 'Éric', 'Erik', 'Eric']
  for (const prospectName of names) workspace.addCall({ prospectName })
  expect(find({})).toEqual(['anna', 'Arger', 'Ärger', 'Azur', 'Eric', 'Éric', 'Erik', 'Ohm', 'Öl', 'Zeta'])
  setCountry('SE')
  expect(find({})).toEqual(['anna', 'Arger', 'Azur', 'Eric', 'Éric', 'Erik', 'Ohm', 'Zeta', 'Ärger', 'Öl'])
})
