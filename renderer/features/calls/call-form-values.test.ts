import { NO_OPTIONAL_FIELDS } from '../../../core/model/call.ts'
import { CALL_TEXT_FIELDS } from '../../../core/model/call-fields.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdGenerator } from '../../../core/id.ts'
import { callIssues } from '../../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call-fields.ts'
import type { Call } from '../../../core/model/call.ts'
import {
  callValues,
  heldValues,
  newCallValues,
  patchOf,
  readCall,
  sameValues,
  typedValues,
  withDisposition,
  withStatus,
} from './call-form-values.ts'
import { followUpText, readFollowUp } from './desk-values.ts'
import { valuesFromDraft } from '../../drafts/restored-draft.ts'
import type { CallFormValues } from './call-form-values.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const [ME, REASON] = [newId(), newId()]
const NOW = Date.UTC(2026, 10, 22, 17, 11, 42, 137)
const context = { now: NOW, zone: 'Europe/Berlin' }
const empty = newCallValues(ME, context, 'draft')

const stored: Call = {
  ...NO_OPTIONAL_FIELDS,
  id: newId(),
  clientId: newId(),
  followsCallId: null,
  userId: ME,
  prospectName: 'Jo Smith',
  prospectEmail: null,
  prospectPhone: '030 1234',
  callType: 'outbound',
  status: 'completed',
  outcome: 'lost',
  lossReasonId: REASON,
  notes: 'Called twice',
  callDuration: 245,
  scheduledAt: null,
  completedAt: NOW,
  eventAt: NOW,
  createdAt: NOW,
  updatedAt: NOW,
}

const texts = Object.fromEntries(CALL_TEXT_FIELDS.map((field) => [field, fc.string({ maxLength: 20 })])) as Record<
  (typeof CALL_TEXT_FIELDS)[number],
  fc.Arbitrary<string>
>
const typed: fc.Arbitrary<CallFormValues> = fc.record({
  ...texts,
  draftId: fc.constant('draft'),
  timer: fc.constantFrom('', '5000', '5000 since 1'),
  nextAt: fc.constantFrom('', '3', 'tue 3pm', 'nonsense'),
  followUp: fc.constant(''),
  userId: fc.constant(ME),
  callType: fc.constantFrom(...CALL_TYPES),
  status: fc.constantFrom(...CALL_STATUSES),
  outcome: fc.constantFrom(...CALL_OUTCOMES, '' as const),
  lossReasonId: fc.constantFrom('', REASON),
  duration: fc.constantFrom('', '4:05', '245', 'x'),
  scheduledAt: fc.constantFrom('', '2026-11-02 10:30', 'soon'),
  completedAt: fc.constantFrom('', '2026-11-02 10:30', 'soon'),
})

test('any typed values make either a valid call or an error at a field', () => {
  fc.assert(
    fc.property(typed, (values) => {
      const { call, errors } = readCall(values, context)
      if (call === null) expect(Object.keys(errors).length).toBeGreaterThan(0)
      else expect(callIssues(call)).toEqual([])
    }),
  )
})

test('an outcome that does not apply to the status is left out, and returns with the status', () => {
  const lost = { ...empty, prospectName: 'Jo', outcome: 'lost', lossReasonId: REASON } as const
  const noShow = withStatus(lost, 'no_show', context)
  expect(readCall(noShow, context).call).toMatchObject({
    status: 'no_show',
    outcome: null,
    lossReasonId: null,
    completedAt: null,
  })
  expect(readCall(withStatus(noShow, 'completed', context), context).call).toMatchObject({
    outcome: 'lost',
    lossReasonId: REASON,
  })
})

test('a loss reason is not kept on a won call', () => {
  const won = { ...empty, prospectName: 'Jo', outcome: 'won', lossReasonId: REASON } as const
  expect(readCall(won, context).call).toMatchObject({ outcome: 'won', lossReasonId: null })
})

test('a call that becomes completed gets the current time, unless one was typed', () => {
  const scheduled = { ...empty, status: 'scheduled', completedAt: '' } as const
  expect(withStatus(scheduled, 'completed', context).completedAt).toBe('2026-11-22 18:11')
  const before = { ...scheduled, completedAt: '2026-11-02 10:00' }
  expect(withStatus(before, 'completed', context).completedAt).toBe('2026-11-02 10:00')
})

test.each([
  [0, { status: 'completed', outcome: 'won' }],
  [1, { status: 'completed', outcome: 'lost' }],
  [2, { status: 'completed', outcome: 'undecided' }],
  [3, { status: 'no_show' }],
  [4, { status: 'rescheduled' }],
  [5, { status: 'cancelled' }],
])('Ctrl+%i plus one sets the way a call ended', (index, expected) => {
  expect(withDisposition(empty, index, context)).toMatchObject(expected)
})

test('a missing or invalid value is reported at its field', () => {
  const { call, errors } = readCall({ ...empty, duration: 'long', completedAt: 'soon', userId: '' }, context)
  expect(call).toBeNull()
  expect(errors).toEqual({
    userId: 'Choose an agent',
    prospectName: "The prospect's name is required",
    outcome: 'A completed call needs an outcome; choose undecided if it is open',
    duration: expect.stringContaining('Enter a duration') as string,
    completedAt: expect.stringContaining('yesterday 10:30') as string,
  })
})

test('saving an unchanged call changes no value, not even milliseconds', () => {
  const values = callValues(stored, context.zone)
  const { call } = readCall(values, { ...context, original: stored })
  expect(call && patchOf(stored, call)).toEqual({})
})

test('only changed fields are sent', () => {
  const values = { ...callValues(stored, context.zone), notes: '', duration: '5:00' }
  const { call } = readCall(values, { ...context, original: stored })
  expect(call && patchOf(stored, call)).toEqual({ notes: null, callDuration: 300 })
})

test('a draft of an older version gets defaults for missing fields and loses unknown ones', () => {
  const values = valuesFromDraft({ prospectName: 'Jo', duration: 7, invented: 'x' }, empty)
  expect(values).toEqual({ ...empty, prospectName: 'Jo' })
  expect(valuesFromDraft('Jo', empty)).toBeNull()
  expect(valuesFromDraft(['Jo'], empty)).toBeNull()
  expect(Object.keys(valuesFromDraft({ toString: 'x', constructor: 'y' }, empty) ?? {})).toEqual(Object.keys(empty))
  expect(sameValues(empty, { ...empty })).toBe(true)
  expect(sameValues(empty, { ...empty, notes: 'x' })).toBe(false)
})

test('a draft of an edit restores the typed values and keeps what others have changed since', () => {
  const pristine = callValues(stored, context.zone)
  const draft: unknown = JSON.parse(JSON.stringify(typedValues({ ...pristine, notes: 'Typed an hour ago' }, pristine)))
  const meanwhile = { ...stored, prospectPhone: '030 9999', callDuration: 90 }
  const values = valuesFromDraft(draft, callValues(meanwhile, context.zone))
  const { call } = readCall(values as CallFormValues, { ...context, original: meanwhile })
  expect(call && patchOf(meanwhile, call)).toEqual({ notes: 'Typed an hour ago' })
})

test('a draft keeps status, outcome, reason and completion together', () => {
  const pristine = callValues(stored, context.zone)
  const typedOutcome = typedValues({ ...pristine, outcome: 'won', lossReasonId: '' }, pristine)
  expect(Object.keys(typedOutcome).toSorted()).toEqual(['completedAt', 'lossReasonId', 'outcome', 'status'])
  expect(heldValues(stored, { outcome: 'won' })).toEqual({
    status: 'completed',
    outcome: 'lost',
    lossReasonId: REASON,
    completedAt: NOW,
  })
  expect(heldValues(stored, { notes: 'x', prospectName: 'y' })).toEqual({ notes: 'Called twice', prospectName: 'Jo Smith' })
})

test.each(['no_show', 'rescheduled', 'cancelled', 'scheduled'] as const)('a call that becomes %s has no duration', (status) => {
  const values = { ...callValues(stored, context.zone), status, scheduledAt: '2026-12-01 10:00' }
  const { call, errors } = readCall(values, { ...context, original: stored })
  expect(errors).toEqual({})
  expect(call).toMatchObject({ status, callDuration: null, completedAt: null })
  expect(
    readCall({ ...values, duration: 'long' }, { ...context, original: stored }).errors,
    'the duration is not checked',
  ).toEqual({})
})

test('rescheduling needs a new date', () => {
  const rescheduled = { ...empty, prospectName: 'Jo', status: 'rescheduled' } as const
  const read = (scheduledAt: string, original?: Call) => readCall({ ...rescheduled, scheduledAt }, { ...context, original })
  expect(read('')).toMatchObject({ call: null, errors: { scheduledAt: 'Enter the new date, for example tomorrow 10:30' } })
  expect(read('soon').errors.scheduledAt).toContain('tomorrow 10:30')
  expect(read('2026-12-01 10:00').call).toMatchObject({ status: 'rescheduled' })
  const planned: Call = { ...stored, status: 'scheduled', outcome: null, lossReasonId: null, completedAt: null, scheduledAt: NOW }
  const oldDate = callValues(planned, context.zone).scheduledAt
  expect(read(oldDate, planned)).toMatchObject({ call: null, errors: { scheduledAt: 'This is the old date. Enter the new one' } })
  expect(read('2026-12-01 10:00', planned).call).toMatchObject({ status: 'rescheduled' })
})

test('a call that was imported as rescheduled without a date can be edited without one', () => {
  const imported: Call = {
    ...stored,
    status: 'rescheduled',
    outcome: null,
    lossReasonId: null,
    completedAt: null,
    scheduledAt: null,
  }
  const values = { ...callValues(imported, context.zone), notes: 'x' }
  const { call } = readCall(values, { ...context, original: imported })
  expect(call && patchOf(imported, call), 'nothing else changes, not even its duration').toEqual({ notes: 'x' })
})

test('the next call of a logged call: only after some endings, and needed after a reschedule', () => {
  const log = { ...context, isLog: true }
  const read = (over: Partial<CallFormValues>) => readCall({ ...empty, prospectName: 'Jo', ...over }, log)
  const inThreeDays = Date.UTC(2026, 10, 25, 17, 11)
  expect(read({ status: 'rescheduled', nextAt: '3' })).toMatchObject({ nextAt: inThreeDays, errors: {} })
  expect(read({ status: 'rescheduled' })).toMatchObject({
    call: null,
    errors: { nextAt: expect.stringContaining('tue 3pm') as string },
  })
  expect(read({ status: 'no_show' })).toMatchObject({ call: { status: 'no_show' }, nextAt: null })
  expect(read({ status: 'no_show', nextAt: 'yesterday' }).errors.nextAt).toContain('passed')
  expect(read({ status: 'no_show', nextAt: '3/4' }).errors.nextAt).toContain('two times')
  expect(read({ outcome: 'undecided', nextAt: 'soon' })).toMatchObject({
    call: null,
    errors: { nextAt: expect.any(String) as string },
  })
  expect(read({ outcome: 'undecided', nextAt: '3' }).nextAt).toBe(inThreeDays)
  // A text that was typed for another ending is kept and not used.
  expect(read({ outcome: 'won', nextAt: 'soon' })).toMatchObject({ nextAt: null, errors: {} })
})

test('a scheduled call of the prospect is kept as text', () => {
  const followUp = { id: newId(), at: NOW, isSettled: true }
  expect(readFollowUp(followUpText(followUp))).toEqual(followUp)
  expect(readFollowUp(followUpText({ ...followUp, isSettled: false }))?.isSettled).toBe(false)
  for (const text of ['', 'x', followUp.id, `${followUp.id} x settled`]) expect(readFollowUp(text)).toBeNull()
})
