import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../../../core/assert.ts'
import type { CallPage, Cursor } from '../../../core/contract/calls.ts'
import type { CallId, UserId } from '../../../core/id.ts'
import type { Call, NewCall } from '../../../core/model/call.ts'
import { putSettings } from '../../commands/settings.ts'
import { START, TestWorkspace } from '../../testing/test-workspace.ts'
import { prospectCalls, prospectCard, prospectHint, type ProspectStart } from './prospect-card.ts'

const HOUR = 3_600_000

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  workspace.write(() => putSettings(workspace.db, workspace.clientId, { default_country: 'PT' }))
})
afterEach(() => workspace.dispose())

function add(over: Partial<NewCall>, at = START): Call {
  const isCompleted = over.status === 'completed'
  const times = { scheduledAt: isCompleted ? null : at, completedAt: isCompleted ? at : null }
  return workspace.addCall({ ...times, outcome: isCompleted ? 'won' : null, ...over })
}

const reader = (readerId: UserId | null = null) => ({ clientId: workspace.clientId, readerId })
const cardOf = (start: ProspectStart, readerId: UserId | null = null) => prospectCard(workspace.db, reader(readerId), start)
const hint = (name: string, phone: string, email = '', readerId: UserId | null = null) =>
  prospectHint(workspace.db, reader(readerId), { name, phone, email })

function allCalls(start: ProspectStart, limit: number): CallId[] {
  const ids: CallId[] = []
  for (let after: Cursor | null = null; ;) {
    const page: CallPage = must(prospectCalls(workspace.db, reader(), start, { after, limit }), 'The prospect exists')
    expect(page.rows.length).toBeLessThanOrEqual(limit)
    ids.push(...page.rows.map(({ id }) => id))
    if (page.next === null) return ids
    after = page.next
  }
}

test('a card has the names, numbers and addresses as typed, the results, the people and the next step', () => {
  const { adminId, agentId } = workspace
  const first = add(
    { prospectName: 'Ann', prospectPhone: '+351 21 234 5678', status: 'completed', outcome: 'lost' },
    START - HOUR,
  )
  add({
    prospectName: 'Ann B',
    prospectPhone: '212 345 678 ext. 9',
    prospectEmail: 'Ann@acme.test',
    userId: adminId,
    status: 'no_show',
  })
  add({ prospectName: 'Ann', prospectEmail: 'ann@ACME.test', status: 'completed' }, START - 2 * HOUR)
  const planned = add({ prospectName: 'Ann', prospectPhone: '00351212345678' }, START + HOUR)
  const card = cardOf({ callId: first.id })
  expect(card).toEqual({
    lastCallId: planned.id,
    names: ['Ann', 'Ann B'],
    phones: [
      { typed: ['00351212345678', '212 345 678 ext. 9', '+351 21 234 5678'], e164: '+351212345678', zones: ['Europe/Lisbon'] },
    ],
    emails: ['Ann@acme.test'],
    calls: 4,
    hasMore: false,
    results: [
      { result: 'won', calls: 1 },
      { result: 'lost', calls: 1 },
      { result: 'no_show', calls: 1 },
      { result: 'scheduled', calls: 1 },
    ],
    people: [
      { userId: agentId, calls: 3 },
      { userId: adminId, calls: 1 },
    ],
    openFollowUp: { id: planned.id, scheduledAt: START + HOUR, userId: agentId },
  })
  expect(cardOf({ phone: '(212) 345 678' })).toEqual(card)
})

test('a prospect without calls has no card, and a call without contact data is alone', () => {
  expect(cardOf({ phone: '+351 21 000 0000' })).toBeNull()
  expect(cardOf({ phone: '', email: '' })).toBeNull()
  add({ prospectName: 'Ann' })
  const alone = add({ prospectName: 'Ann' })
  expect(cardOf({ callId: alone.id })).toMatchObject({ calls: 1, phones: [], emails: [], lastCallId: alone.id })
})

test('an agent’s card has only their own calls', () => {
  const { adminId, agentId } = workspace
  const mine = add({ prospectPhone: '+351 21 234 5678', prospectName: 'Mine' })
  add({ prospectPhone: '+351 21 234 5678', prospectName: 'Theirs', userId: adminId })
  expect(cardOf({ callId: mine.id }, agentId)).toMatchObject({
    calls: 1,
    names: ['Mine'],
    people: [{ userId: agentId, calls: 1 }],
  })
  expect(cardOf({ callId: mine.id })).toMatchObject({ calls: 2 })
  expect(hint('Someone', '+351 21 234 5678', '', adminId).other).toMatchObject({ prospectName: 'Theirs', calls: 1 })
})

test('pages contain each call once, latest first, also at equal times', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 4 }),
      (hours, limit) => {
        workspace.write(() => workspace.db.sqlite.exec('DELETE FROM calls'))
        const added = hours.map((hour) => add({ prospectPhone: '+351 21 234 5678' }, START + hour * HOUR))
        const latestFirst = added.toReversed().toSorted((a, b) => b.eventAt - a.eventAt)
        expect(allCalls({ phone: '+351212345678' }, limit)).toEqual(latestFirst.map(({ id }) => id))
      },
    ),
    { numRuns: 15, seed: 18 },
  )
})

test('a cursor of another list is refused', () => {
  add({ prospectPhone: '+351 21 234 5678' })
  const after = JSON.stringify(['proof', 1, 1]) as Cursor
  expect(() => prospectCalls(workspace.db, reader(), { phone: '+351 21 234 5678' }, { after, limit: 9 })).toThrow('another list')
})

test('a form gets a note only if no call with the number or the address has the typed name', () => {
  add({ prospectName: 'Zoë  Meyer', prospectPhone: '+351 21 234 5678' }, START + HOUR)
  const last = add({ prospectName: 'Ann', prospectPhone: '212345678', prospectEmail: 'ann@acme.test' }, START + 2 * HOUR)
  const other = { lastCallId: last.id, prospectName: 'Ann', calls: 2 }
  expect(hint('Bert', '+351 212 345 678')).toEqual({ zones: ['Europe/Lisbon'], other })
  expect(hint('Bert', '', 'ANN@acme.test')).toEqual({ zones: [], other })
  for (const name of ['', 'ann', 'Zo', 'zoe meyer', 'Zoë Meyer']) expect(hint(name, '212 345 678').other, name).toBeNull()
  expect(hint('Bert', '21234567')).toEqual({ zones: [], other: null })
})
