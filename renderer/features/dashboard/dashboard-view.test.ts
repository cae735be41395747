import { expect, test } from 'vitest'
import { dashboardViewFromSearch, dashboardViewToSearch, FIRST_DASHBOARD, type DashboardView } from './dashboard-view.ts'

const view: DashboardView = { ...FIRST_DASHBOARD, period: { kind: 'named', period: 'last_month' } }

test('a dashboard without filters in the address shows the current month', () => {
  expect(dashboardViewFromSearch({})).toEqual(FIRST_DASHBOARD)
  expect(FIRST_DASHBOARD.period).toEqual({ kind: 'named', period: 'this_month' })
  expect(dashboardViewFromSearch(dashboardViewToSearch(view))).toEqual(view)
})

test('the day on which a report is known is part of the address; a text that is no day is ignored', () => {
  const known = { ...view, knownOn: '2026-05-31' }
  expect(dashboardViewFromSearch(dashboardViewToSearch(known)).knownOn).toBe('2026-05-31')
  expect(dashboardViewFromSearch({ known: '2026-02-30' }).knownOn).toBeNull()
  expect(dashboardViewFromSearch({ known: 'May' }).knownOn).toBeNull()
})
