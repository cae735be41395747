import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CALL_SORTS, callFilterSchema } from '../../../core/contract/calls.ts'
import { createIdGenerator } from '../../../core/id.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../../core/model/call-fields.ts'
import { parseSearch, stringifySearch } from '../../view/search-text.ts'
import {
  changed,
  filterOf,
  FIRST_VIEW,
  isFiltered,
  periodOf,
  unfiltered,
  upcomingOf,
  viewFromSearch,
  viewOfFilter,
  viewToSearch,
} from './calls-view.ts'
import type { CallsView } from './calls-view.ts'

const newId = createIdGenerator(Date.now, (length) => crypto.getRandomValues(new Uint8Array(length)))
const [A, B, C] = [newId(), newId(), newId()]
const context = { now: Date.UTC(2026, 10, 22, 17), zone: 'Europe/Berlin', weekStart: 1 }

test('an address with more people and reasons than a filter can have, or with days without instants, makes a valid request', () => {
  const idOf = (n: number) => `019ab0f0-0000-7000-8000-${String(n).padStart(12, '0')}`
  const ids = Array.from({ length: 540 }, (_, n) => idOf(n)).join(',')
  for (const period of ['0001-01-01..9999-12-31', '0000-01-01..1969-12-31', '9999-12-31..9999-12-31'])
    for (const zone of ['Europe/Berlin', 'Pacific/Kiritimati', 'America/Los_Angeles']) {
      const filter = filterOf(viewFromSearch({ agents: `${ids},${ids}`, reasons: `${ids},none`, period }), { ...context, zone })
      expect(callFilterSchema.safeParse(filter).error).toBeUndefined()
      expect(filter.from).toBeLessThanOrEqual(filter.to ?? 0)
    }
  expect(viewFromSearch({ agents: `${A},${A}`, reasons: `none,${B}` })).toMatchObject({ userIds: [A], lossReasonIds: [B, null] })
})

const view: fc.Arbitrary<CallsView> = fc.record({
  period: fc.constantFrom(
    null,
    { kind: 'any' } as const,
    { kind: 'upcoming' } as const,
    { kind: 'named', period: 'all' } as const,
    { kind: 'named', period: 'last_week' } as const,
    {
      kind: 'days',
      from: '2026-01-01',
      to: '2026-03-31',
    } as const,
    { kind: 'exact', from: 0, to: 1_700_000_000_123 } as const,
  ),
  userIds: fc.subarray([A, B, C]),
  callTypes: fc.subarray([...CALL_TYPES]),
  statuses: fc.subarray([...CALL_STATUSES]),
  outcomes: fc.subarray([...CALL_OUTCOMES]),
  lossReasonIds: fc.subarray([A, B, null]),
  weekHours: fc.uniqueArray(fc.nat(167), { maxLength: 3 }),
  hasDuration: fc.constantFrom(null, true, false),
  text: fc.string({ maxLength: 40, unit: 'grapheme' }),
  sort: fc.record({ by: fc.constantFrom(...CALL_SORTS), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
})

test('the view of the list is read back from the address', () => {
  fc.assert(
    fc.property(view, (shown) => {
      expect(viewFromSearch(parseSearch(stringifySearch(viewToSearch(shown))))).toEqual(shown)
    }),
  )
})

test('a search shows the best matches first, unless an order was chosen', () => {
  const byName = { by: 'prospectName', direction: 'asc' } as const
  expect(changed(FIRST_VIEW, { text: 'anna' }).sort).toEqual({ by: 'rank', direction: 'desc' })
  expect(changed(changed(FIRST_VIEW, { text: 'anna' }), { text: '' }).sort).toEqual(FIRST_VIEW.sort)
  expect(changed({ ...FIRST_VIEW, sort: byName }, { text: 'anna' }).sort).toEqual(byName)
  const latest = { ...FIRST_VIEW, text: 'anna' }
  expect(viewFromSearch(viewToSearch(latest)).sort).toEqual(FIRST_VIEW.sort)
  expect(viewFromSearch({ text: 'anna' }).sort).toEqual({ by: 'rank', direction: 'desc' })
})

test('every filter of the screen is valid for the application', () => {
  fc.assert(
    fc.property(view, (shown) => {
      const filter = filterOf(shown, context)
      expect(callFilterSchema.safeParse(filter).success).toBe(true)
    }),
  )
})

test('the list shows exactly the calls of any filter', () => {
  fc.assert(
    fc.property(view, (shown) => {
      const filter = filterOf(shown, context)
      expect(filterOf(viewFromSearch(viewToSearch(viewOfFilter(filter))), context)).toEqual(filter)
    }),
  )
})

test('by default the address is empty and the list ends with the current day; upcoming calls are only counted', () => {
  const tomorrow = Date.parse('2026-11-22T23:00:00Z')
  expect(viewToSearch(FIRST_VIEW)).toEqual({})
  expect(filterOf(FIRST_VIEW, context)).toEqual({ from: 0, to: tomorrow })
  expect(upcomingOf(FIRST_VIEW, context)).toMatchObject({ from: tomorrow })
  expect(upcomingOf({ ...FIRST_VIEW, userIds: [A] }, context)).toMatchObject({ from: tomorrow, userIds: [A] })
  expect(isFiltered(FIRST_VIEW)).toBe(false)
})

test('a search covers any time, unless a period was chosen', () => {
  expect(filterOf({ ...FIRST_VIEW, text: 'jo' }, context)).toEqual({ text: 'jo' })
  expect(upcomingOf({ ...FIRST_VIEW, text: 'jo' }, context)).toBeNull()
  const chosen = { ...FIRST_VIEW, text: 'jo', period: { kind: 'named', period: 'all' } as const }
  expect(periodOf(chosen)).toEqual(chosen.period)
  expect(upcomingOf(chosen, context), 'left out on purpose').toBeNull()
})

test('upcoming calls are sorted soonest first and others newest first; a chosen order stays', () => {
  const upcoming = changed(FIRST_VIEW, { period: { kind: 'upcoming' } })
  expect(upcoming.sort).toEqual({ by: 'eventAt', direction: 'asc' })
  expect(viewToSearch(upcoming)).toEqual({ period: 'upcoming' })
  expect(unfiltered(upcoming)).toEqual(FIRST_VIEW)
  const byName = changed(upcoming, { sort: { by: 'prospectName', direction: 'asc' } })
  expect(changed(byName, { period: null }).sort).toEqual(byName.sort)
  expect(unfiltered(byName)).toEqual({ ...FIRST_VIEW, sort: byName.sort })
})

test('a search counts as a filter, an order does not', () => {
  expect(isFiltered({ ...FIRST_VIEW, sort: { by: 'prospectName', direction: 'asc' } })).toBe(false)
  expect(isFiltered({ ...FIRST_VIEW, text: 'jo' })).toBe(true)
})

test('unknown values in the address are ignored', () => {
  const read = viewFromSearch({ statuses: 'completed,ghosted', agents: 'me', sort: 'mood:up', reasons: 'none,no-id' })
  expect(read).toEqual({ ...FIRST_VIEW, statuses: ['completed'], lossReasonIds: [null] })
})
