import { expect, test } from 'vitest'
import type { SavedView, ViewFilters } from '../../../core/model/saved-views.ts'
import { FIRST_DASHBOARD } from './dashboard-view.ts'
import { filtersOf, isChanged, notesOn, openedView } from './opened-view.ts'

const [ADA, BEN, ID] = [1, 2, 3].map((n) => `01999999-0000-7000-8000-00000000000${n}`) as [string, string, string]
const saved = (filters: ViewFilters): SavedView => ({ id: ID, name: 'Mondays', filters, isShared: false })

test('a view opens with the filters with which it was saved', () => {
  const view = {
    ...FIRST_DASHBOARD,
    period: { kind: 'named', period: 'last_month' },
    compare: 'year',
    userIds: [ADA],
    callTypes: ['inbound'],
    bucket: 'week',
    rankBy: 'win_rate',
  } as const
  const stored = saved(filtersOf(view))
  expect(stored.filters).not.toHaveProperty('view')
  expect(openedView(stored)).toEqual({ ...view, savedView: ID })
  expect(isChanged({ ...view, savedView: ID }, stored)).toBe(false)
  expect(isChanged({ ...view, bucket: 'day' }, stored)).toBe(true)
  expect(isChanged({ ...view, userIds: [] }, stored)).toBe(true)
  expect(notesOn(stored, [ADA], null)).toEqual([])
})

test('a view with people who no longer exist, or whom the reader may not see, has a note', () => {
  const stored = saved({ period: 'today', agents: `${ADA},${BEN}` })
  expect(notesOn(stored, [ADA, BEN], null)).toEqual([])
  expect(notesOn(stored, [ADA], null)).toEqual([expect.stringContaining('filters by 1 agent not found')])
  expect(notesOn(stored, [ADA, BEN], ADA)).toEqual([expect.stringContaining('Your own calls are shown')])
  expect(notesOn(saved({ period: 'today', agents: ADA }), [ADA], ADA)).toEqual([])
})

test('filters of a newer release, or damaged ones, are left out with a note', () => {
  const stored = saved({ period: 'today', mood: 'cheerful' })
  expect(openedView(stored).period).toEqual({ kind: 'named', period: 'today' })
  expect(notesOn(stored, [], null)).toEqual([expect.stringContaining('cannot read some filters')])
  expect(notesOn(saved({ period: 'the day before yesterday' }), [], null)).toHaveLength(1)
  expect(notesOn(saved({ agents: 'everyone' }), [], null)).toHaveLength(1)
})
