import { z } from 'zod'
import { lossReasonIdSchema } from '../id.ts'
import { compareNames } from '../text/name-key.ts'

/**
 * Counts of the calls in a range, the only input of every metric. Counts can be added across days, agents and pages. A rate is computed from
 * sums, never from rates. Cancelled and scheduled calls are in no rate.
 */
export const callCountsSchema = z.object({
  completed: z.int(),
  noShow: z.int(),
  rescheduled: z.int(),
  cancelled: z.int(),
  scheduled: z.int(),
  won: z.int(),
  lost: z.int(),
  undecided: z.int(),
  /** Σ `call_duration` of completed calls that have one, seconds. */
  talkSeconds: z.int(),
  /** Completed calls that have a duration. */
  talkCalls: z.int(),
})
export type CallCounts = z.infer<typeof callCountsSchema>

/** The counts of one hour of the week. */
export const hourCountsSchema = z.object({
  calls: z.int(),
  completed: z.int(),
  noShow: z.int(),
  rescheduled: z.int(),
  won: z.int(),
})
export type HourCounts = z.infer<typeof hourCountsSchema>

export const NO_CALLS: CallCounts = {
  completed: 0,
  noShow: 0,
  rescheduled: 0,
  cancelled: 0,
  scheduled: 0,
  won: 0,
  lost: 0,
  undecided: 0,
  talkSeconds: 0,
  talkCalls: 0,
}

export const METRIC_KEYS = [
  'calls',
  'show_rate',
  'attendance',
  'close_rate',
  'win_rate',
  'no_show_rate',
  'reschedule_rate',
  'talk_time',
  'average_duration',
  'duration_coverage',
] as const
export const metricKeySchema = z.enum(METRIC_KEYS)
export type MetricKey = z.infer<typeof metricKeySchema>

/** Unit of a figure: a share of 0…1, a number of calls, or seconds. */
export type MetricUnit = 'ratio' | 'count' | 'seconds'

type Definition = {
  readonly label: string
  readonly unit: MetricUnit
  /** The formula, as shown under "How is this computed". */
  readonly definition: string
  readonly numerator: (c: CallCounts) => number
  /** Absent: the figure is the numerator itself. */
  readonly denominator?: (c: CallCounts) => number
}

/** The only definition of each metric. */
export const METRICS: Readonly<Record<MetricKey, Definition>> = {
  calls: {
    label: 'Calls',
    unit: 'count',
    definition: 'All calls of the period: completed, no-show, rescheduled, cancelled and scheduled.',
    numerator: (c) => c.completed + c.noShow + c.rescheduled + c.cancelled + c.scheduled,
  },
  show_rate: {
    label: 'Show rate',
    unit: 'ratio',
    definition: 'Completed ÷ (completed + no-show + rescheduled).',
    numerator: (c) => c.completed,
    denominator: (c) => c.completed + c.noShow + c.rescheduled,
  },
  attendance: {
    label: 'Attendance',
    unit: 'ratio',
    definition: 'Completed ÷ (completed + no-show).',
    numerator: (c) => c.completed,
    denominator: (c) => c.completed + c.noShow,
  },
  close_rate: {
    label: 'Close rate',
    unit: 'ratio',
    definition: 'Won ÷ completed. Undecided calls stay in the denominator.',
    numerator: (c) => c.won,
    denominator: (c) => c.completed,
  },
  win_rate: {
    label: 'Win rate',
    unit: 'ratio',
    definition: 'Won ÷ (won + lost). Undecided calls are left out.',
    numerator: (c) => c.won,
    denominator: (c) => c.won + c.lost,
  },
  no_show_rate: {
    label: 'No-show rate',
    unit: 'ratio',
    definition: 'No-show ÷ (completed + no-show + rescheduled).',
    numerator: (c) => c.noShow,
    denominator: (c) => c.completed + c.noShow + c.rescheduled,
  },
  reschedule_rate: {
    label: 'Reschedule rate',
    unit: 'ratio',
    definition: 'Rescheduled ÷ (completed + no-show + rescheduled).',
    numerator: (c) => c.rescheduled,
    denominator: (c) => c.completed + c.noShow + c.rescheduled,
  },
  talk_time: {
    label: 'Talk time',
    unit: 'seconds',
    definition: 'Sum of the durations of completed calls that have one.',
    numerator: (c) => c.talkSeconds,
  },
  average_duration: {
    label: 'Average duration',
    unit: 'seconds',
    definition: 'Talk time ÷ completed calls that have a duration.',
    numerator: (c) => c.talkSeconds,
    denominator: (c) => c.talkCalls,
  },
  duration_coverage: {
    label: 'Duration coverage',
    unit: 'ratio',
    definition: 'Completed calls that have a duration ÷ completed calls.',
    numerator: (c) => c.talkCalls,
    denominator: (c) => c.completed,
  },
}

/** A figure with its numerator and denominator. `value` is null if the denominator is zero: shown as "—", never as 0 %. */
export const figureSchema = z.object({
  key: metricKeySchema,
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number().nullable(),
})
export type Figure = z.infer<typeof figureSchema>

export function figure(key: MetricKey, counts: CallCounts): Figure {
  const { numerator, denominator } = METRICS[key]
  const n = numerator(counts)
  if (denominator === undefined) return { key, value: n, numerator: n, denominator: null }
  const d = denominator(counts)
  return { key, value: d === 0 ? null : n / d, numerator: n, denominator: d }
}

export function figures(counts: CallCounts): Figure[] {
  return METRIC_KEYS.map((key) => figure(key, counts))
}

/** Number of lost calls with a loss reason; `lossReasonId` null: without one. */
export const lossCountSchema = z.object({
  lossReasonId: lossReasonIdSchema.nullable(),
  name: z.string(),
  isActive: z.boolean(),
  count: z.int(),
})
export type LossCount = z.infer<typeof lossCountSchema>

export const paretoRowSchema = lossCountSchema.extend({
  /** Share of all lost calls, 0…1. */
  share: z.number(),
  /** Share of this and all earlier rows, 0…1. */
  cumulative: z.number(),
})
export type ParetoRow = z.infer<typeof paretoRowSchema>

export const NO_REASON = '(none)'

/** Returns the loss reasons with the most calls first, equal counts by name, each with its share and the running sum of shares. */
export function lossPareto(counts: readonly LossCount[]): ParetoRow[] {
  const lost = counts.reduce((sum, row) => sum + row.count, 0)
  let running = 0
  return counts
    .filter((row) => row.count > 0)
    .toSorted((a, b) => b.count - a.count || compareNames(a.name, b.name))
    .map((row) => {
      running += row.count
      return { ...row, share: row.count / lost, cumulative: running / lost }
    })
}
