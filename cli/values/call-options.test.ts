import { NO_OPTIONAL_FIELDS } from '../../core/model/call.ts'
import { expect, test } from 'vitest'
import { callFieldsSchema, callIssues, type Call } from '../../core/model/call.ts'
import { newCallOf, patchOf } from './call-options.ts'

const ZONE = 'Europe/Berlin'
const NOW = Date.UTC(2026, 10, 22, 9)
const ME = '00000000-0000-7000-8000-000000000001'
const REASON = '00000000-0000-7000-8000-000000000002'
const NO_REFERENCES = { userId: undefined, lossReasonId: undefined }
const mine = { ...NO_REFERENCES, userId: ME }
const WON: Call = {
  ...NO_OPTIONAL_FIELDS,
  id: ME,
  clientId: ME,
  followsCallId: null,
  userId: ME,
  prospectName: 'Jo',
  prospectEmail: 'jo@x.test',
  prospectPhone: null,
  callType: 'outbound',
  status: 'completed',
  outcome: 'won',
  lossReasonId: null,
  notes: 'n',
  callDuration: 60,
  scheduledAt: null,
  completedAt: NOW - 5_000,
  eventAt: NOW - 5_000,
  createdAt: NOW - 5_000,
  updatedAt: NOW - 5_000,
}
const LOST: Call = { ...WON, outcome: 'lost', lossReasonId: REASON }
const BOOKED: Call = {
  ...WON,
  status: 'scheduled',
  outcome: null,
  callDuration: null,
  completedAt: null,
  scheduledAt: NOW + 5_000,
}

test('a new call is by default completed now and undecided', () => {
  expect(newCallOf({ prospect: 'Jo' }, mine, ZONE, NOW)).toEqual({
    userId: ME,
    prospectName: 'Jo',
    prospectEmail: null,
    prospectPhone: null,
    callType: 'outbound',
    status: 'completed',
    outcome: 'undecided',
    lossReasonId: null,
    notes: null,
    callDuration: null,
    scheduledAt: null,
    completedAt: NOW,
  })
})

test('a scheduled time makes a call scheduled; a call that is not completed has no outcome', () => {
  const planned = newCallOf({ prospect: 'Jo', scheduledAt: '2026-12-01T10:00' }, mine, ZONE, NOW)
  expect(planned).toMatchObject({ status: 'scheduled', outcome: null, completedAt: null, scheduledAt: Date.UTC(2026, 11, 1, 9) })
  expect(newCallOf({ prospect: 'Jo', status: 'no_show' }, mine, ZONE, NOW)).toMatchObject({ outcome: null, completedAt: null })
})

test('contradicting options are passed to the API, which refuses them', () => {
  const call = newCallOf({ prospect: 'Jo', status: 'no_show', outcome: 'won' }, mine, ZONE, NOW)
  expect(callFieldsSchema.safeParse(call).success).toBe(false)
})

test.each<[string, Parameters<typeof patchOf>[0], Call, object]>([
  ['only the given fields', { notes: 'new' }, WON, { notes: 'new' }],
  [
    'an empty text clears',
    { email: '', notes: ' ', duration: null },
    WON,
    { prospectEmail: null, notes: null, callDuration: null },
  ],
  [
    'no longer completed',
    { status: 'no_show' },
    LOST,
    { status: 'no_show', outcome: null, lossReasonId: null, completedAt: null },
  ],
  ['a call becomes completed', { status: 'completed' }, BOOKED, { status: 'completed', outcome: 'undecided', completedAt: NOW }],
  [
    'completed at the given time',
    { status: 'completed', outcome: 'won', completedAt: '2026-11-21T10:00Z' },
    BOOKED,
    { status: 'completed', outcome: 'won', completedAt: Date.UTC(2026, 10, 21, 10) },
  ],
  ['a call is no longer lost', { outcome: 'won' }, LOST, { outcome: 'won', lossReasonId: null }],
  ['a completed call keeps its time', { status: 'completed' }, WON, { status: 'completed' }],
])('an edit: %s', (_name, options, call, patch) => {
  const found = patchOf(options, NO_REFERENCES, call, ZONE, NOW)
  expect(found).toEqual(patch)
  expect(callIssues({ ...call, ...found })).toEqual([])
})
