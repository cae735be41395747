import type { UserId } from '../id.ts'
import { changeOf, type Change } from '../metrics/change.ts'
import {
  figure,
  METRICS,
  type CallCounts,
  type Figure,
  type HourCounts,
  type MetricKey,
  type ParetoRow,
} from '../metrics/metrics.ts'
import type { NoShowKind } from '../metrics/no-shows.ts'
import { isBeyondChance, ranksOf, wilsonInterval, type Interval } from '../metrics/wilson.ts'
import { STATUS_LABELS } from '../model/call-labels.ts'
import type { BucketSize } from '../time/report-periods.ts'

/** The parts of the report that the window and the files have in common. */

/** The statuses of a trend, from the bottom of a bar up. */
export const TREND_PARTS = ['completed', 'noShow', 'rescheduled', 'cancelled', 'scheduled'] as const
export type TrendPart = (typeof TREND_PARTS)[number]

export const PART_LABELS: Readonly<Record<TrendPart, string>> = {
  completed: STATUS_LABELS.completed,
  noShow: STATUS_LABELS.no_show,
  rescheduled: STATUS_LABELS.rescheduled,
  cancelled: STATUS_LABELS.cancelled,
  scheduled: STATUS_LABELS.scheduled,
}
export const TREND_TITLES: Readonly<Record<BucketSize, string>> = {
  day: 'Calls by day',
  week: 'Calls by week',
  month: 'Calls by month',
}
export const BUCKET_LABELS: Readonly<Record<BucketSize, string>> = { day: 'Day', week: 'Week', month: 'Month' }

export const LOSS_REASONS_TITLE = 'Loss reasons'
export const HOURS_TITLE = 'Hours of the week'
export const FUNNEL_TITLE = 'Funnel'
export const UNDECIDED_TITLE = 'Undecided calls'
export const NO_SHOWS_TITLE = 'No-shows'
export const NO_SHOW_LABELS: Readonly<Record<NoShowKind, string>> = {
  answered: 'Called again',
  unanswered: 'Not called again',
  no_contact: 'No phone or e-mail',
}
export const PEOPLE_TITLE = 'Agents'

export const UNDECIDED_DEFINITION = 'Completed calls whose outcome is still open. They stay in the denominator of the close rate.'

/** All calls of the counts. */
export function callsOf(counts: CallCounts): number {
  return METRICS.calls.numerator(counts)
}

/** Returns the name of a loss reason, marked if it is no longer offered. */
export function reasonLabel(row: Pick<ParetoRow, 'name' | 'isActive'>): string {
  return row.isActive ? row.name : `${row.name} (inactive)`
}

export type FunnelKey = 'booked' | 'shown' | 'decided' | 'won'
export type FunnelStep = {
  readonly key: FunnelKey
  readonly label: string
  readonly count: number
  /** Calls of the step before; null for the first step. */
  readonly before: number | null
  readonly booked: number
}

/** Returns how many calls reach each step, from booked to won. */
export function funnelSteps({ completed, noShow, rescheduled, won, lost }: CallCounts): readonly FunnelStep[] {
  const booked = completed + noShow + rescheduled
  const decided = won + lost
  return [
    { key: 'booked', label: 'Booked', count: booked, before: null, booked },
    { key: 'shown', label: 'Shown', count: completed, before: booked, booked },
    { key: 'decided', label: 'Decided', count: decided, before: completed, booked },
    { key: 'won', label: 'Won', count: won, before: decided, booked },
  ]
}

export const HOUR_MEASURES = ['volume', 'show', 'close'] as const
export type HourMeasure = (typeof HOUR_MEASURES)[number]
export const HOUR_LABELS: Readonly<Record<HourMeasure, string>> = {
  volume: METRICS.calls.label,
  show: METRICS.show_rate.label,
  close: METRICS.close_rate.label,
}
/** An hour with fewer calls has no meaningful rate. Its cell is grey. */
export const FEW_CALLS = 10

/** The measure of one hour of the week. For calls, all three numbers are equal. */
export type HourCell = { readonly value: number | null; readonly n: number; readonly d: number }

export function hourCell(measure: HourMeasure, { calls, completed, noShow, rescheduled, won }: HourCounts): HourCell {
  if (measure === 'volume') return { value: calls, n: calls, d: calls }
  const [n, d] = measure === 'show' ? [completed, completed + noShow + rescheduled] : [won, completed]
  return { value: d === 0 ? null : n / d, n, d }
}

const NO_HOUR: HourCounts = { calls: 0, completed: 0, noShow: 0, rescheduled: 0, won: 0 }

export type HourGrid = {
  /** 0 = Monday … 6 = Sunday, in the order of the client's week. */
  readonly days: readonly number[]
  readonly hours: readonly number[]
  /** Rows by day, columns by hour. */
  readonly cells: readonly (readonly HourCell[])[]
  /** The value that has the full colour. */
  readonly most: number
}

/** Returns the hours of the week as a grid. Hours at the ends of the day without calls are left out. @param weekStart 1 = Monday. */
export function hourGrid(measure: HourMeasure, hours: readonly HourCounts[], weekStart: number): HourGrid {
  const used = hours.flatMap(({ calls }, slot) => (calls > 0 ? [slot % 24] : []))
  const [first, last] = used.length === 0 ? [8, 18] : [Math.min(...used), Math.max(...used)]
  const columns = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const days = Array.from({ length: 7 }, (_, index) => (weekStart - 1 + index) % 7)
  const cells = days.map((day) => columns.map((hour) => hourCell(measure, hours[day * 24 + hour] ?? NO_HOUR)))
  const most = measure === 'volume' ? Math.max(1, ...cells.flat().map(({ n }) => n)) : 1
  return { days, hours: columns, cells, most }
}

/** The meaning of the target’s line in the chart of calls. */
export const GOALS_LABEL = 'Target for completed calls'

export const RANKED_BY = ['close_rate', 'show_rate', 'win_rate'] as const satisfies readonly MetricKey[]
export type RankedBy = (typeof RANKED_BY)[number]

type Person = { readonly userId: UserId; readonly counts: CallCounts; readonly former: CallCounts | null }

export type RankedPerson<P extends Person> = P & {
  readonly rate: Figure
  /** Null: too few calls for a rank. */
  readonly rank: number | null
  readonly interval: Interval | null
  /** The change of the rate from the compared period. */
  readonly change: Change
  /** Whether chance alone cannot explain the change of the rate. */
  readonly isBeyondChance: boolean
}

const rateOf = ({ numerator, denominator }: Figure) => ({ numerator, denominator: denominator ?? 0 })

/**
 * Returns people by the rank of a rate, those without a rank last, by number of calls.
 * @param order position of a person in the list of names, which decides between equal people
 */
export function rankPeople<P extends Person>(
  people: readonly P[],
  metric: RankedBy,
  order: (userId: UserId) => number,
): RankedPerson<P>[] {
  const rates = people.map(({ counts }) => {
    const rate = figure(metric, counts)
    return { rate, numerator: rate.numerator, denominator: rate.denominator ?? 0 }
  })
  const ranks = ranksOf(rates)
  return people
    .map((person, index) => {
      const rate = rates[index]?.rate ?? figure(metric, person.counts)
      const before = person.former === null ? null : figure(metric, person.former)
      return {
        ...person,
        rate,
        rank: ranks[index] ?? null,
        interval: wilsonInterval(rate.numerator, rate.denominator ?? 0),
        change: before === null ? null : changeOf(rate, before),
        isBeyondChance: before !== null && isBeyondChance(rateOf(rate), rateOf(before)),
      }
    })
    .toSorted(
      (a, b) =>
        (a.rank ?? Infinity) - (b.rank ?? Infinity) ||
        (b.rate.denominator ?? 0) - (a.rate.denominator ?? 0) ||
        order(a.userId) - order(b.userId),
    )
}

/** Sections of the report that are tables, in the order of the page. */
export const REPORT_TABLES = [
  'figures',
  'targets',
  'team',
  'trend',
  'loss_reasons',
  'hours',
  'funnel',
  'undecided',
  'no_shows',
  'people',
] as const
export type ReportTableKey = (typeof REPORT_TABLES)[number]
