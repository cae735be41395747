import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BY_RANK, type CallFilter, type CallSort } from '../../core/contract/calls.ts'
import type { UserId } from '../../core/id.ts'
import { updateCall } from '../commands/calls.ts'
import { putSettings } from '../commands/settings.ts'
import { deriveStep } from '../derive-calls.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { COUNT_LIMITS, countCalls } from './call-count.ts'
import { listCalls } from './calls.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

const BY_NAME: CallSort = { by: 'prospectName', direction: 'asc' }

function find(filter: CallFilter, own: UserId | null = null, sort: CallSort = BY_NAME): string[] {
  const { db, clientId } = workspace
  const request = { filter, sort, after: null, skip: 0, limit: 100 }
  const found = listCalls(db, clientId, request, own).rows.map(({ prospectName }) => prospectName)
  expect(countCalls(db, clientId, filter, own)).toEqual({ total: found.length, exact: true })
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
  expect(find({ text: 'auer' }), 'Bauer has one letter more').toEqual(['Auer', 'Ben Bauer'])
})

test('a call with all three-letter parts of a word, but not the word, is not found', () => {
  workspace.addCall({ prospectName: 'xaue', notes: 'xuery' })
  expect(find({ text: 'auer' })).toEqual([])
})

test('a word that begins with the text counts only if its call passes the other filters', () => {
  workspace.addCall({ prospectName: 'Auer', userId: workspace.adminId })
  workspace.addCall({ prospectName: 'Neubauer', userId: workspace.agentId })
  expect(find({ text: 'auer' })).toEqual(['Auer'])
  expect(find({ text: 'auer', userIds: [workspace.agentId] })).toEqual(['Neubauer'])
  expect(find({ text: 'auer' }, workspace.agentId)).toEqual(['Neubauer'])
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

const ranked = (text: string) => find({ text }, null, BY_RANK)

test('the best matches come first: whole words of names, beginnings in names, then e-mail, phone and notes; the latest first in each', () => {
  const at = (completedAt: number) => ({ status: 'completed', outcome: 'won', completedAt }) as const
  workspace.addCall({ ...at(9), prospectName: 'In notes, latest', notes: 'ask for Max' })
  workspace.addCall({ ...at(1), prospectName: 'Max Weber' })
  workspace.addCall({ ...at(8), prospectName: 'Maximilian Roth' })
  workspace.addCall({ ...at(2), prospectName: 'Eva Max' })
  workspace.addCall({ ...at(3), prospectName: 'In mail', prospectEmail: 'max@example.com' })
  workspace.addCall({ ...at(7), prospectName: 'Maxi Berg', notes: 'max' })
  expect(ranked('max')).toEqual(['Eva Max', 'Max Weber', 'Maximilian Roth', 'Maxi Berg', 'In notes, latest', 'In mail'])
  expect(ranked('max web')).toEqual(['Max Weber'])
  expect(find({ text: 'max' }, null, { by: 'eventAt', direction: 'desc' })[0]).toBe('In notes, latest')
})

test('another spelling of a name is a whole word of it', () => {
  workspace.addCall({ prospectName: 'Jo Other', notes: 'mueller' })
  workspace.addCall({ prospectName: 'Jürgen Müller' })
  workspace.addCall({ prospectName: 'Muellerin Ute' })
  for (const text of ['mueller', 'müller']) expect(ranked(text)[0], text).toBe('Jürgen Müller')
  expect(ranked('mueller')).toEqual(['Jürgen Müller', 'Muellerin Ute', 'Jo Other'])
})

test.each([
  ['scmidt', 'Anna Schmidt'],
  ['shcmidt', 'Anna Schmidt'],
  ['schmitd', 'Anna Schmidt'],
  ['anan schmidt', 'Anna Schmidt'],
  ['xchmidt', 'Anna Schmidt'],
  ['hofmannn', 'Ben Hoffmann'],
  ['hoffman', 'Ben Hoffmann'],
  ['mulelr', 'Jürgen Müller'],
  ['mueler', 'Jürgen Müller'],
  ['sorensne', 'Søren Sørensen'],
])('%j finds %s in spite of the typing error', (text, name) => {
  for (const each of ['Anna Schmidt', 'Ben Hoffmann', 'Jürgen Müller', 'Søren Sørensen', 'Eva Weiss'])
    workspace.addCall({ prospectName: each })
  expect(find({ text })).toEqual([name])
})

test('a typing error is accepted in names only, and not in short words, in numbers or if enough calls have the word', () => {
  workspace.addCall({ prospectName: 'Tom Frank', prospectPhone: '030 5551234', notes: 'interested' })
  expect(find({ text: 'frnak' })).toEqual(['Tom Frank'])
  expect(find({ text: 'tmo' })).toEqual([])
  expect(find({ text: '0305551243' })).toEqual([])
  expect(find({ text: 'intersetde' })).toEqual([])
  for (let n = 0; n < 4; n++) workspace.addCall({ prospectName: 'Tom Franke' })
  expect(ranked('franke'), 'few calls').toEqual([...Array.from({ length: 4 }, () => 'Tom Franke'), 'Tom Frank'])
  workspace.addCall({ prospectName: 'Tom Franke' })
  expect(ranked('franke'), 'enough calls').toEqual(Array.from({ length: 5 }, () => 'Tom Franke'))
})

test('a typing error finds no call of others', () => {
  workspace.addCall({ prospectName: 'Anna Schmidt', userId: workspace.adminId })
  expect(find({ text: 'scmidt' }, workspace.agentId)).toEqual([])
  expect(find({ text: 'scmidt' }, workspace.adminId)).toEqual(['Anna Schmidt'])
})

test('an e-mail address is found as it is typed', () => {
  workspace.addCall({ prospectName: 'Right', prospectEmail: 'anna.meyer7@example.com' })
  workspace.addCall({ prospectName: 'Wrong', prospectEmail: 'anna.meyer77@example.org' })
  for (const text of ['anna.meyer7@example.com', 'anna.meyer7@', 'Anna.Meyer7@ex', 'meyer7@example.c']) {
    expect(find({ text }), text).toContain('Right')
    if (text.length > 13) expect(find({ text }), text).toEqual(['Right'])
  }
})

test('a word that is edited out of a name is no longer found by a typing error', () => {
  const { db } = workspace
  const { id } = workspace.addCall({ prospectName: 'Anna Schmidt' })
  expect(find({ text: 'scmidt' })).toEqual(['Anna Schmidt'])
  workspace.write(() => updateCall(db, id, { prospectName: 'Anna Weiss' }))
  expect(find({ text: 'scmidt' })).toEqual([])
  expect(find({ text: 'wiess' })).toEqual(['Anna Weiss'])
})

test('many calls with a text are counted up to a limit', () => {
  const { db, clientId, agentId } = workspace
  for (let n = 0; n < 30; n++) workspace.addCall({ prospectName: 'Anna', userId: n % 3 === 0 ? agentId : workspace.adminId })
  const limits = { ...COUNT_LIMITS, found: 8, entries: 12 }
  const count = (filter: CallFilter, own: UserId | null = null) => countCalls(db, clientId, filter, own, limits)
  expect(count({ text: 'anna' })).toEqual({ total: 8, exact: false })
  expect(count({ text: 'anna' }, agentId)).toEqual({ total: 8, exact: false })
  expect(count({ text: 'absent' })).toEqual({ total: 0, exact: true })
  expect(count({})).toEqual({ total: 30, exact: true })
  expect(count({}, agentId)).toEqual({ total: 10, exact: true })
  expect(count({ userIds: [agentId, workspace.adminId] }).exact).toBe(false)
  // Many matches with a filter are counted among its latest calls.
  const latest = { ...COUNT_LIMITS, few: 5, latest: 6 }
  expect(countCalls(db, clientId, { text: 'anna' }, agentId, latest)).toEqual({ total: 6, exact: false })
  expect(countCalls(db, clientId, { text: 'anna' }, agentId, { ...latest, latest: 10 })).toEqual({ total: 10, exact: true })
  expect(countCalls(db, clientId, { text: 'anna', statuses: ['cancelled'] }, null, latest)).toEqual({ total: 0, exact: true })
  expect(count({ userIds: [agentId, workspace.adminId], statuses: ['cancelled'] })).toEqual({ total: 0, exact: true })
})
