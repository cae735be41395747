import fc from 'fast-check'
import { expect, test } from 'vitest'
import { METRIC_KEYS, METRICS, NO_CALLS } from '../../../core/metrics/metrics.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { CALL_OUTCOMES, CALL_STATUSES } from '../../../core/model/call-fields.ts'
import type { CallOutcome, CallStatus } from '../../../core/model/call.ts'
import { viewFromSearch } from '../calls/calls-view.ts'
import {
  dashboardViewFromSearch,
  dashboardViewToSearch,
  FIRST_DASHBOARD,
  lostRows,
  rowsBehind,
  undecidedRows,
  type DashboardView,
} from './dashboard-view.ts'

type Row = { readonly status: CallStatus; readonly outcome: CallOutcome | null; readonly callDuration: number | null }

const view: DashboardView = { ...FIRST_DASHBOARD, period: { kind: 'named', period: 'last_month' } }
const row: fc.Arbitrary<Row> = fc.oneof(
  fc.record({
    status: fc.constant('completed' as const),
    outcome: fc.constantFrom(...CALL_OUTCOMES),
    callDuration: fc.option(fc.nat(1_000)),
  }),
  fc.record({
    status: fc.constantFrom(...CALL_STATUSES.filter((status) => status !== 'completed')),
    outcome: fc.constant(null),
    callDuration: fc.constant(null),
  }),
)

function count(rows: readonly Row[]): CallCounts {
  const of = (fits: (one: Row) => boolean) => rows.filter(fits).length
  return {
    ...NO_CALLS,
    completed: of(({ status }) => status === 'completed'),
    noShow: of(({ status }) => status === 'no_show'),
    rescheduled: of(({ status }) => status === 'rescheduled'),
    cancelled: of(({ status }) => status === 'cancelled'),
    scheduled: of(({ status }) => status === 'scheduled'),
    won: of(({ outcome }) => outcome === 'won'),
    lost: of(({ outcome }) => outcome === 'lost'),
    undecided: of(({ outcome }) => outcome === 'undecided'),
  }
}

/** Filters as the list does: fields are combined with and, values of one field with or. */
function shown(rows: readonly Row[], search: Record<string, string>): number {
  const { statuses, outcomes } = viewFromSearch(search)
  return rows.filter(
    ({ status, outcome }) =>
      (statuses.length === 0 || statuses.includes(status)) &&
      (outcomes.length === 0 || (outcome !== null && outcomes.includes(outcome))),
  ).length
}

test('a figure opens exactly the rows that it counts', () => {
  const counted = METRIC_KEYS.filter((key) => METRICS[key].unit === 'ratio' && key !== 'duration_coverage')
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const counts = count(rows)
      for (const key of counted) {
        const { numerator, denominator } = METRICS[key]
        expect(shown(rows, rowsBehind(key, 'numerator', view))).toBe(numerator(counts))
        expect(shown(rows, rowsBehind(key, 'denominator', view))).toBe(denominator?.(counts))
      }
      expect(shown(rows, rowsBehind('calls', 'numerator', view))).toBe(METRICS.calls.numerator(counts))
      expect(shown(rows, undecidedRows(view))).toBe(counts.undecided)
    }),
  )
})

test('every link contains the period and the agents', () => {
  const search = { ...lostRows(null, view) }
  expect(search).toEqual({ period: 'last_month', outcomes: 'lost', reasons: 'none' })
})

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
