import { expect, test } from 'vitest'
import { reportFilterSchema } from '../../../core/contract/reports.ts'
import { dashboardViewFromSearch, dashboardViewToSearch, FIRST_DASHBOARD, type DashboardView } from './dashboard-view.ts'

const view: DashboardView = { ...FIRST_DASHBOARD, period: { kind: 'named', period: 'last_month' } }

test('a dashboard without filters in the address shows the current month', () => {
  expect(dashboardViewFromSearch({})).toEqual(FIRST_DASHBOARD)
  expect(FIRST_DASHBOARD.period).toEqual({ kind: 'named', period: 'this_month' })
  expect(dashboardViewFromSearch(dashboardViewToSearch(view))).toEqual(view)
})

test('the day on which a report is known is part of the address; a text that is not a day is ignored', () => {
  const known = { ...view, knownOn: '2026-05-31' }
  expect(dashboardViewFromSearch(dashboardViewToSearch(known)).knownOn).toBe('2026-05-31')
  expect(dashboardViewFromSearch({ known: '2026-02-30' }).knownOn).toBeNull()
  expect(dashboardViewFromSearch({ known: 'May' }).knownOn).toBeNull()
})

test('a view from elsewhere with the same person twice, or with more people than a report can have, makes a valid request', () => {
  const idOf = (n: number) => `019ab0f0-0000-7000-8000-${String(n).padStart(12, '0')}`
  expect(dashboardViewFromSearch({ agents: `${idOf(1)},${idOf(2)},${idOf(1)}` }).userIds).toEqual([idOf(1), idOf(2)])
  const many = Array.from({ length: 540 }, (_, n) => idOf(n))
  const { userIds } = dashboardViewFromSearch({ agents: many.join(',') })
  expect(reportFilterSchema.safeParse({ range: { from: 0, to: 1 }, userIds }).success).toBe(true)
})
