import type { CallOutcome, CallStatus } from '../model/call.ts'
import type { CallCounts, MetricKey } from './metrics.ts'

/** The parts of a figure. */
export type FigurePart = 'numerator' | 'denominator'

/** The counted calls of a report, as a part of a call filter. */
export type CountedCalls = {
  readonly statuses?: CallStatus[]
  readonly outcomes?: CallOutcome[]
  readonly hasDuration?: boolean
}

/** The calls of each count. `talkSeconds` adds the durations of the calls of `talkCalls`. */
const CALLS_OF: Readonly<Record<keyof CallCounts, CountedCalls>> = {
  completed: { statuses: ['completed'] },
  noShow: { statuses: ['no_show'] },
  rescheduled: { statuses: ['rescheduled'] },
  cancelled: { statuses: ['cancelled'] },
  scheduled: { statuses: ['scheduled'] },
  won: { outcomes: ['won'] },
  lost: { outcomes: ['lost'] },
  undecided: { outcomes: ['undecided'] },
  talkSeconds: { statuses: ['completed'], hasDuration: true },
  talkCalls: { statuses: ['completed'], hasDuration: true },
}

/** Returns the calls of a count. */
export const callsOfCount = (count: keyof CallCounts): CountedCalls => CALLS_OF[count]

const ALL: CountedCalls = {}
const BOOKED: CountedCalls = { statuses: ['completed', 'no_show', 'rescheduled'] }
const { completed, noShow, rescheduled, won, talkCalls } = CALLS_OF

const CALLS_OF_FIGURE: Readonly<Record<MetricKey, Readonly<Record<FigurePart, CountedCalls>>>> = {
  calls: { numerator: ALL, denominator: ALL },
  show_rate: { numerator: completed, denominator: BOOKED },
  attendance: { numerator: completed, denominator: { statuses: ['completed', 'no_show'] } },
  close_rate: { numerator: won, denominator: completed },
  win_rate: { numerator: won, denominator: { outcomes: ['won', 'lost'] } },
  no_show_rate: { numerator: noShow, denominator: BOOKED },
  reschedule_rate: { numerator: rescheduled, denominator: BOOKED },
  talk_time: { numerator: talkCalls, denominator: talkCalls },
  average_duration: { numerator: talkCalls, denominator: talkCalls },
  duration_coverage: { numerator: talkCalls, denominator: completed },
}

/**
 * Returns the calls of a part of a figure. Figures without a denominator have the same calls in both parts; a sum of durations has the calls
 * that it adds.
 */
export const callsOfFigure = (key: MetricKey, part: FigurePart): CountedCalls => CALLS_OF_FIGURE[key][part]
