import { expect, test } from 'vitest'
import { dashboardViewFromSearch, dashboardViewToSearch, FIRST_DASHBOARD, type DashboardView } from './dashboard-view.ts'

test('a dashboard without filters in the address shows the current month', () => {
  const view: DashboardView = { ...FIRST_DASHBOARD, period: { kind: 'named', period: 'last_month' } }
  expect(dashboardViewFromSearch({})).toEqual(FIRST_DASHBOARD)
  expect(FIRST_DASHBOARD.period).toEqual({ kind: 'named', period: 'this_month' })
  expect(dashboardViewFromSearch(dashboardViewToSearch(view))).toEqual(view)
})
