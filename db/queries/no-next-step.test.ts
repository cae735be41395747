import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NoNextStep } from '../../core/contract/agenda.ts'
import { phoneIdentity } from '../../core/model/prospect-identity.ts'
import type { Call, CallStatus, NewCall } from '../../core/model/call.ts'
import { phoneToE164 } from '../../core/text/phone-number.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { listNoNextStep, NO_NEXT_STEP_LIMITS, type NoNextStepOf } from './no-next-step.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 25)

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

function found(over: Partial<NoNextStepOf> = {}, limit = 100, limits = NO_NEXT_STEP_LIMITS, after: NoNextStep['next'] = null) {
  const of = { clientId: workspace.clientId, userIds: null, readerId: null, before: NOW - 5 * DAY, ...over }
  return listNoNextStep(workspace.db, of, { after, limit }, limits)
}
const names = (page: { readonly rows: readonly Call[] }) => page.rows.map(({ prospectName }) => prospectName)

const JO = { prospectName: 'Jo', prospectPhone: '+49 30 5551234', prospectEmail: 'jo@example.test' }
const undecided = (daysAgo: number, over: Partial<NewCall> = {}) =>
  workspace.addCall({ ...JO, status: 'completed', outcome: 'undecided', completedAt: NOW - daysAgo * DAY, ...over })

test('the last undecided call with a prospect is listed after the days of the setting, latest first', () => {
  undecided(5.5)
  undecided(4, { prospectName: 'Too new', prospectPhone: '+49 30 5550001', prospectEmail: null })
  undecided(90, { prospectName: 'Old', prospectPhone: '+49 30 5550002', prospectEmail: null })
  expect(names(found())).toEqual(['Jo', 'Old'])
  expect(found()).toMatchObject({ count: 2, hasMore: false, next: null })
})

test.each<readonly [string, Partial<NewCall>]>([
  ['is decided', { status: 'completed', outcome: 'won', completedAt: NOW - 2 * DAY }],
  ['is undecided and newer', { status: 'completed', outcome: 'undecided', completedAt: NOW - 2 * DAY }],
  ['is scheduled', { scheduledAt: NOW + DAY }],
  ['is scheduled and overdue', { scheduledAt: NOW - DAY }],
])('a prospect is not listed if a later call %s', (_, later) => {
  undecided(10)
  workspace.addCall({ ...JO, ...later })
  expect(names(found())).toEqual([])
})

test.each<readonly [string, Partial<NewCall>]>([
  ['an earlier call', { scheduledAt: NOW - 20 * DAY }],
  ['a cancelled call', { status: 'cancelled', scheduledAt: NOW + DAY }],
  ['a no-show', { status: 'no_show', scheduledAt: NOW - DAY }],
  [
    'a call with another prospect of the same name',
    { scheduledAt: NOW + DAY, prospectPhone: '+49 30 999999', prospectEmail: null },
  ],
])('%s is no next step', (_, other) => {
  undecided(10)
  workspace.addCall({ ...JO, ...other })
  expect(names(found())).toEqual(['Jo'])
})

test('a prospect is recognised by the phone number or by the e-mail address, in any spelling', () => {
  undecided(10, { prospectPhone: '+49 (30) 555-1234', prospectEmail: null })
  workspace.addCall({ ...JO, prospectName: 'J.', prospectEmail: null, prospectPhone: '0049 30 5551234', scheduledAt: NOW + DAY })
  undecided(11, { prospectName: 'Mia', prospectPhone: null, prospectEmail: 'Mia@Example.test' })
  workspace.addCall({ prospectName: 'M.', prospectPhone: null, prospectEmail: 'mia@example.test', scheduledAt: NOW + DAY })
  expect(names(found())).toEqual(['Jo'])
  workspace.addCall({ ...JO, prospectEmail: null, prospectPhone: '+49305551234', scheduledAt: NOW + DAY })
  expect(names(found())).toEqual([])
})

test('a call with neither a number nor an e-mail address is left out', () => {
  undecided(10, { prospectPhone: null, prospectEmail: null })
  expect(names(found())).toEqual([])
})

test('a person who reads only their own calls sees only own prospects, and only own next steps', () => {
  const { agentId, adminId } = workspace
  undecided(10)
  undecided(12, { userId: adminId, prospectName: 'Of the admin', prospectPhone: '+49 30 5550001', prospectEmail: null })
  workspace.addCall({ ...JO, userId: adminId, scheduledAt: NOW + DAY })
  expect(names(found({ userIds: [agentId], readerId: agentId }))).toEqual(['Jo'])
  expect(names(found({ userIds: [agentId] })), 'a colleague will call').toEqual([])
  expect(names(found())).toEqual(['Of the admin'])
})

test('a request examines a limited number of calls, and the next page continues', () => {
  for (let n = 0; n < 20; n++)
    undecided(10 + n, { prospectName: `P${n}`, prospectPhone: `+49 30 55512${10 + n}`, prospectEmail: null })
  const limits = { mostExamined: 8, mostFound: 5, chunk: 2 }
  const first = found({}, 3, limits)
  expect(names(first)).toEqual(['P0', 'P1', 'P2'])
  expect(first).toMatchObject({ count: 5, hasMore: true })
  const second = found({}, 3, limits, first.next)
  expect(names(second)).toEqual(['P3', 'P4', 'P5'])
  expect(second.count).toBeNull()
})

test('for any calls the pages list what the definition says', () => {
  const phones = ['+49 30 5551234', '0049 30 5551234', '5551234', '(555) 1234', null]
  const call = fc.record({
    prospectPhone: fc.constantFrom(...phones),
    prospectEmail: fc.constantFrom('jo@example.test', 'JO@example.test', 'mia@example.test', null),
    status: fc.constantFrom<CallStatus>('completed', 'completed', 'scheduled', 'no_show', 'cancelled'),
    outcome: fc.constantFrom('undecided' as const, 'undecided' as const, 'won' as const),
    daysAgo: fc.integer({ min: -3, max: 12 }),
    isAdmin: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), (calls, limit, isOwn) => {
      workspace.dispose()
      workspace = new TestWorkspace()
      const { agentId, adminId } = workspace
      const saved = calls.map(({ status, outcome, daysAgo, isAdmin, ...rest }) => {
        const when = NOW - daysAgo * DAY
        const how = status === 'completed' ? { outcome, completedAt: when } : { scheduledAt: when }
        return workspace.addCall({ ...rest, status, ...how, userId: isAdmin ? adminId : agentId })
      })
      const readable = isOwn ? saved.filter(({ userId }) => userId === agentId) : saved
      const place = (one: Call) => saved.indexOf(one)
      const isLater = (one: Call, other: Call) =>
        other.eventAt > one.eventAt || (other.eventAt === one.eventAt && place(other) > place(one))
      const phone = (one: Call) =>
        phoneIdentity(one.prospectPhone, one.prospectPhone === null ? null : phoneToE164(one.prospectPhone, null))
      const isSame = (one: Call, other: Call) =>
        (phone(one) !== null && phone(one) === phone(other)) ||
        (one.prospectEmail !== null && one.prospectEmail.toLowerCase() === other.prospectEmail?.toLowerCase())
      const expected = readable
        .filter((one) => one.outcome === 'undecided' && one.eventAt < NOW - 5 * DAY)
        .filter((one) => phone(one) !== null || one.prospectEmail !== null)
        .filter(
          (one) =>
            !readable.some(
              (other) =>
                isSame(one, other) && isLater(one, other) && (other.status === 'completed' || other.status === 'scheduled'),
            ),
        )
        .toSorted((a, b) => b.eventAt - a.eventAt || place(b) - place(a))
      const over = isOwn ? { userIds: [agentId], readerId: agentId } : {}
      const ids: string[] = []
      let after: NoNextStep['next'] = null
      do {
        const page = found(over, limit, { mostExamined: 4, mostFound: 3, chunk: 2 }, after)
        ids.push(...page.rows.map(({ id }) => id))
        after = page.next
      } while (after !== null)
      expect(ids).toEqual(expected.map(({ id }) => id))
      expect(found(over)).toMatchObject({ count: expected.length, hasMore: false })
    }),
    { numRuns: 40 },
  )
})
