import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CALL_SORTS, callFilterSchema } from '../../../core/contract/calls.ts'
import { createIdGenerator } from '../../../core/id.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call.ts'
import { parseSearch, stringifySearch } from '../../app/search-text.ts'
import { ALL_CALLS, filterOf, isFiltered, viewFromSearch, viewToSearch } from './calls-view.ts'
import type { CallsView } from './calls-view.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const [A, B, C] = [newId(), newId(), newId()]
const context = { now: Date.UTC(2026, 10, 22, 17), zone: 'Europe/Berlin', weekStart: 1 }

const view: fc.Arbitrary<CallsView> = fc.record({
  period: fc.constantFrom(
    ALL_CALLS.period,
    { kind: 'named', period: 'last_week' } as const,
    {
      kind: 'days',
      from: '2026-01-01',
      to: '2026-03-31',
    } as const,
  ),
  userIds: fc.subarray([A, B, C]),
  callTypes: fc.subarray([...CALL_TYPES]),
  statuses: fc.subarray([...CALL_STATUSES]),
  outcomes: fc.subarray([...CALL_OUTCOMES]),
  lossReasonIds: fc.subarray([A, B, null]),
  text: fc.string({ maxLength: 40, unit: 'grapheme' }),
  sort: fc.record({ by: fc.constantFrom(...CALL_SORTS), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
})

test('what the list shows comes back from the address', () => {
  fc.assert(
    fc.property(view, (shown) => {
      expect(viewFromSearch(parseSearch(stringifySearch(viewToSearch(shown))))).toEqual(shown)
    }),
  )
})

test('every filter that the screen makes is one that the application takes', () => {
  fc.assert(
    fc.property(view, (shown) => {
      const filter = filterOf(shown, context)
      expect(callFilterSchema.safeParse(filter).success).toBe(true)
    }),
  )
})

test('the whole list has an empty address and an empty filter', () => {
  expect(viewToSearch(ALL_CALLS)).toEqual({})
  expect(filterOf(ALL_CALLS, context)).toEqual({})
  expect(isFiltered(ALL_CALLS)).toBe(false)
})

test('an order is not a filter; a search is', () => {
  expect(isFiltered({ ...ALL_CALLS, sort: { by: 'prospectName', direction: 'asc' } })).toBe(false)
  expect(isFiltered({ ...ALL_CALLS, text: 'jo' })).toBe(true)
})

test('what an address of another version says is left out', () => {
  const read = viewFromSearch({ statuses: 'completed,ghosted', agents: 'me', sort: 'mood:up', reasons: 'none,no-id' })
  expect(read).toEqual({ ...ALL_CALLS, statuses: ['completed'], lossReasonIds: [null] })
})
