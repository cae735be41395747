import { z } from 'zod'
import { localDays } from '../time/day-number.ts'
import { localClock, localReading } from '../time/local-time.ts'
import type { TimeRange } from '../time/time-range.ts'
import type { CallCounts } from './metrics.ts'

/*
 * A person's own figures of the current day next to the usual ones: the median of the figure on the same weekday of the last eight weeks,
 * each from the start of that day to the same time of day. Only days with a completed call count, so that days off and public
 * holidays do not lower it. With fewer than three such days nothing is usual yet.
 *
 * The figure "completed" counts completed calls only: a scheduled call that no one has made is not work, although its time has passed.
 */

export const USUAL_WEEKS = 8
export const LEAST_USUAL_DAYS = 3

export const DAY_FIGURES = ['completed', 'won', 'talk_time'] as const
export type DayFigure = (typeof DAY_FIGURES)[number]

export const usualFigureSchema = z.object({
  key: z.enum(DAY_FIGURES),
  /** Of the current day until now. Talk time in seconds. */
  value: z.int(),
  /** Rounded to a whole number; null: too few days. */
  usual: z.int().nullable(),
})
export type UsualFigure = z.infer<typeof usualFigureSchema>

const VALUE: Readonly<Record<DayFigure, (counts: CallCounts) => number>> = {
  completed: (counts) => counts.completed,
  won: (counts) => counts.won,
  talk_time: (counts) => counts.talkSeconds,
}

const DAY_MS = 86_400_000

/** A local day, and its part up to the same time of day as now. */
export type DayPart = { readonly whole: TimeRange; readonly untilNow: TimeRange }

/**
 * Returns the current day and the earlier days with the same weekday, latest first. The time of day is that of the wall clock, also if the
 * clocks were changed in between.
 * @param now ms UTC. @param zone IANA zone of the client.
 */
export function sameWeekdays(now: number, zone: string): { readonly today: DayPart; readonly earlier: readonly DayPart[] } {
  const { dayAt, startOf } = localDays(zone)
  const clock = localClock(zone)
  const today = dayAt(now)
  const reading = localReading(now, zone)
  const part = (weeks: number): DayPart => {
    const day = today - 7 * weeks
    const whole = { from: startOf(day), to: startOf(day + 1) }
    // Includes an event at this millisecond, because periods are half-open.
    const until = weeks === 0 ? now + 1 : clock(reading - 7 * weeks * DAY_MS) + 1
    return { whole, untilNow: { from: whole.from, to: Math.min(Math.max(until, whole.from), whole.to) } }
  }
  return { today: part(0), earlier: Array.from({ length: USUAL_WEEKS }, (_, index) => part(index + 1)) }
}

/** Returns the middle value; of an even number of values the mean of the two middle ones, rounded half up. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0]
  return Math.floor((low + high + 1) / 2)
}

/** Returns the figures of the day. @param earlier the counts until the same time of day, of each earlier day with a completed call */
export function usualByNow(today: CallCounts, earlier: readonly CallCounts[]): UsualFigure[] {
  return DAY_FIGURES.map((key) => ({
    key,
    value: VALUE[key](today),
    usual: earlier.length < LEAST_USUAL_DAYS ? null : median(earlier.map(VALUE[key])),
  }))
}
