import { z } from 'zod'
import {
  isRateTarget,
  monthSchema,
  TARGET_METRICS,
  targetMetricSchema,
  type Month,
  type RateMetric,
  type TargetMetric,
} from '../model/targets.ts'
import { firstDayOfMonth, localDays, monthOfDay, weekdayOf, type DayNumber } from '../time/day-number.ts'
import type { TimeRange } from '../time/time-range.ts'
import { figure, METRICS, type CallCounts } from './metrics.ts'

/** Working days, 1 = Monday … 7 = Sunday. */
const WORKING_DAYS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5])

/** A month that a period covers, as a whole or in part. */
export type MonthPart = {
  readonly month: Month
  /** Working days of the whole month. */
  readonly total: number
  /** Working days of the month that are in the period. */
  readonly inPeriod: number
  /** Working days of the period that have passed. Today counts by the part that has passed. */
  readonly elapsed: number
}

export function monthText(month: number): Month {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
}

/** Returns the local month of an instant. */
export function monthOf(instant: number, zone: string): Month {
  return monthText(monthOfDay(localDays(zone).dayAt(instant)))
}

/** Returns the number of a month, as `monthOfDay` counts. */
export function monthNumber(month: Month): number {
  return 12 * Number(month.slice(0, 4)) + Number(month.slice(5)) - 1
}

/** The maximum number of months with computed targets. A period that starts at the epoch has more, but no targets so long ago. */
const MOST_MONTHS = 240

/**
 * Returns the months of a period with their working days. A day belongs to the period if the period covers any part of it.
 * @param now ms UTC
 * @param zone IANA zone of the client
 */
export function monthParts({ from, to }: TimeRange, { now, zone }: { readonly now: number; readonly zone: string }): MonthPart[] {
  if (from >= to) return []
  const { dayAt, startOf } = localDays(zone)
  const [first, last, today] = [dayAt(from), dayAt(to - 1), dayAt(now)]
  const [todayStart, todayEnd] = [startOf(today), startOf(today + 1)]
  const passedOfToday = todayEnd > todayStart ? Math.min(1, Math.max(0, (now - todayStart) / (todayEnd - todayStart))) : 1
  const passed = (day: DayNumber) => (day < today ? 1 : day === today ? passedOfToday : 0)
  const parts: MonthPart[] = []
  for (let month = Math.max(monthOfDay(first), monthOfDay(last) - MOST_MONTHS + 1); month <= monthOfDay(last); month++) {
    let [total, inPeriod, elapsed] = [0, 0, 0]
    for (let day = firstDayOfMonth(month); day < firstDayOfMonth(month + 1); day++) {
      if (!WORKING_DAYS.has(weekdayOf(day))) continue
      total++
      if (day < first || day > last) continue
      inPeriod++
      elapsed += passed(day)
    }
    parts.push({ month: monthText(month), total, inPeriod, elapsed })
  }
  return parts
}

type TargetDefinition = { readonly label: string; readonly definition: string; readonly count: (c: CallCounts) => number }

const PRORATED = 'For part of a month, the target is reduced to its share of the month’s working days, Monday to Friday.'
const NOT_PRORATED = 'The target of a rate is the same for part of a month.'

/** The figure that each target is compared with. Rates are those of `METRICS`. */
export const TARGETS: Readonly<Record<TargetMetric, TargetDefinition>> = {
  completed: { label: 'Completed', definition: `Completed calls. ${PRORATED}`, count: (c) => c.completed },
  won: { label: 'Won', definition: `Won calls. ${PRORATED}`, count: (c) => c.won },
  show_rate: rate('show_rate'),
  close_rate: rate('close_rate'),
  win_rate: rate('win_rate'),
}

function rate(key: RateMetric): TargetDefinition {
  const { label, definition, numerator } = METRICS[key]
  return { label, definition: `${definition} ${NOT_PRORATED}`, count: numerator }
}

export const targetFigureSchema = z.object({
  metric: targetMetricSchema,
  /** A number of calls, or a rate of 0…1, in the months that have a target. Null: the rate has no denominator. */
  actual: z.number().nullable(),
  /**
   * The target of the period, from its months that have one. Counts: the sum, each prorated by working days. Rates: the mean, weighted by
   * the actual denominators.
   */
  target: z.number(),
  /** The target up to now. For rates and for a period that has ended, equal to `target`. */
  expected: z.number(),
  /** Actual ÷ expected; null if there is nothing to compare with: shown as "—". */
  pace: z.number().nullable(),
  /** Passed and total working days of the months that have a target. */
  elapsedDays: z.number(),
  totalDays: z.int(),
  /** Months of the period without a target. Their calls are not counted here. */
  missing: z.array(monthSchema),
})
export type TargetFigure = z.infer<typeof targetFigureSchema>

/** The targets of one person or of the team, by month and metric. */
export type TargetsByMonth = ReadonlyMap<Month, Partial<Readonly<Record<TargetMetric, number>>>>

type CountedMonth = MonthPart & { readonly counts: CallCounts }

/** Returns the targets of a period with the figures and the pace. A metric without a target in any of the months is left out. */
export function targetFigures(months: readonly CountedMonth[], targets: TargetsByMonth): TargetFigure[] {
  return TARGET_METRICS.flatMap((metric) => {
    const withTarget = months.flatMap((each) => {
      const value = targets.get(each.month)?.[metric]
      return value === undefined ? [] : [{ ...each, value }]
    })
    if (withTarget.length === 0) return []
    const missing = months.filter(({ month }) => targets.get(month)?.[metric] === undefined).map(({ month }) => month)
    const elapsedDays = sum(withTarget, ({ elapsed }) => elapsed)
    const totalDays = sum(withTarget, ({ inPeriod }) => inPeriod)
    const compared = isRateTarget(metric) ? comparedRate(metric, withTarget) : comparedCount(metric, withTarget)
    const { actual, expected } = compared
    const pace = actual === null || expected === 0 ? null : actual / expected
    return [{ metric, ...compared, pace, elapsedDays, totalDays, missing }]
  })
}

/**
 * Returns the part of a count target that falls on the given days; null if one of their months has no target.
 * @param parts of a bucket of a trend
 */
export function goalOf(metric: 'completed' | 'won', parts: readonly MonthPart[], targets: TargetsByMonth): number | null {
  let goal = 0
  for (const { month, inPeriod, total } of parts) {
    const value = targets.get(month)?.[metric]
    if (value === undefined) return null
    goal += total === 0 ? 0 : (value * inPeriod) / total
  }
  return goal
}

type WithTarget = CountedMonth & { readonly value: number }
type Compared = Pick<TargetFigure, 'actual' | 'target' | 'expected'>

function comparedCount(metric: TargetMetric, months: readonly WithTarget[]): Compared {
  const share = (days: (month: WithTarget) => number) =>
    sum(months, (month) => (month.total === 0 ? 0 : (month.value * days(month)) / month.total))
  return {
    actual: sum(months, ({ counts }) => TARGETS[metric].count(counts)),
    target: share(({ inPeriod }) => inPeriod),
    expected: share(({ elapsed }) => elapsed),
  }
}

/** Adds numerators and denominators, because a mean of rates would be wrong. */
function comparedRate(metric: RateMetric, months: readonly WithTarget[]): Compared {
  const parts = months.map(({ counts, value }) => {
    const { numerator, denominator } = figure(metric, counts)
    return { target: value, numerator, denominator: denominator ?? 0 }
  })
  const denominator = sum(parts, (part) => part.denominator)
  const areEqual = parts.every((part) => part.target === parts[0]?.target)
  const mean =
    denominator === 0
      ? sum(parts, (part) => part.target) / parts.length
      : sum(parts, (part) => part.target * part.denominator) / denominator
  const target = areEqual ? (parts[0]?.target ?? mean) : mean
  const actual = denominator === 0 ? null : sum(parts, (part) => part.numerator) / denominator
  return { actual, target, expected: target }
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
