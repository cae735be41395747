import { firstDayOfMonth, localDays, monthOfDay, weekdayOf, type DayNumber } from './day-number.ts'
import { localDay, type TimeRange } from './time-range.ts'

/** The period with which a report compares its own: the previous period, the same period a year earlier, or nothing. */
export const COMPARISONS = ['previous', 'year', 'none'] as const
export type Comparison = (typeof COMPARISONS)[number]

export const BUCKET_SIZES = ['day', 'week', 'month'] as const
export type BucketSize = (typeof BUCKET_SIZES)[number]

/** The time and the calendar of a report. */
export type ReportClock = {
  /** ms UTC. Events from this instant on are in the future and not counted. */
  readonly now: number
  /** IANA zone of the client. */
  readonly zone: string
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number
}

/** Days of a comparison over a year: 52 weeks, so that weekdays are compared with the same weekdays. */
const YEAR_OF_WEEKS = 364

/** Returns the part of a period that has passed. */
export function elapsed({ from, to }: TimeRange, now: number): TimeRange {
  return { from: Math.min(from, now), to: Math.min(to, now) }
}

type Days = { readonly first: DayNumber; readonly end: DayNumber }

/** Moves days back. Whole months move by months, all other periods by days. */
function before({ first, end }: Days, comparison: Exclude<Comparison, 'none'>): Days {
  const [firstMonth, endMonth] = [monthOfDay(first), monthOfDay(end)]
  const areMonths = firstMonth < endMonth && first === firstDayOfMonth(firstMonth) && end === firstDayOfMonth(endMonth)
  if (areMonths) {
    const months = comparison === 'year' ? 12 : endMonth - firstMonth
    return { first: firstDayOfMonth(firstMonth - months), end: firstDayOfMonth(endMonth - months) }
  }
  const days = comparison === 'year' ? YEAR_OF_WEEKS : Math.max(1, end - first)
  return { first: first - days, end: end - days }
}

/** Whether a period has no beginning: it contains all calls until its end. */
export function hasNoBeginning({ from }: TimeRange): boolean {
  return from <= 0
}

/** Returns the first and last day of a period for a file name: `2026-11-01-to-2026-11-26`. */
export function daysText(range: TimeRange, zone: string): string {
  const [first, last] = [localDay(range.from, zone), localDay(Math.max(range.from, range.to - 1), zone)]
  if (hasNoBeginning(range)) return `until-${last}`
  return first === last ? first : `${first}-to-${last}`
}

/**
 * Returns the period with which a report compares `range`. If `range` has not ended yet, the result ends after as many days and at the same
 * time of day: equal spans are compared.
 * @returns null if there is no such period, because `range` has no beginning or nothing is compared.
 */
export function comparedRange(range: TimeRange, comparison: Comparison, { now, zone }: ReportClock): TimeRange | null {
  if (comparison === 'none' || hasNoBeginning(range) || range.from >= now) return null
  const { dayAt, startOf } = localDays(zone)
  const first = dayAt(range.from)
  const lastDay = dayAt(range.to)
  const end = startOf(lastDay) < range.to ? lastDay + 1 : lastDay
  const past = before({ first, end }, comparison)
  const shifted = (instant: number) => {
    const day = dayAt(instant)
    return Math.min(startOf(past.first + day - first) + instant - startOf(day), startOf(past.end))
  }
  const to = now < range.to ? shifted(now) : startOf(lastDay) < range.to ? shifted(range.to) : startOf(past.end)
  const from = startOf(past.first) + range.from - startOf(first)
  return from < 0 || to <= from ? null : { from, to }
}

/** A part of a period over which a trend counts. */
export type Bucket = TimeRange & {
  /** Whether the bucket has not ended yet, or the period covers only a part of it. */
  readonly isPartial: boolean
}

/** Returns the bucket size that gives a trend a readable number of points. */
export function bucketSizeFor({ from, to }: TimeRange): BucketSize {
  const days = (to - from) / 86_400_000
  return days <= 45 ? 'day' : days <= 190 ? 'week' : 'month'
}

/** The maximum number of buckets of a trend. A period that starts at the epoch has too many days to read. */
export const MAX_BUCKETS = 800

/** Returns the wanted size, or a larger one with which the trend of a period has at most `MAX_BUCKETS` parts. */
export function fittingSize(wanted: BucketSize, { from, to }: TimeRange): BucketSize {
  const days = (to - from) / 86_400_000 + 1
  if (wanted === 'day' && days <= MAX_BUCKETS) return 'day'
  return wanted !== 'month' && days / 7 + 1 <= MAX_BUCKETS ? 'week' : 'month'
}

/** Returns the buckets of a period until now, earliest first. The first and the last may cover a part of their day, week or month only. */
export function bucketsOf(range: TimeRange, size: BucketSize, { now, zone, weekStart }: ReportClock): Bucket[] {
  const { dayAt, startOf } = localDays(zone)
  const { from, to } = elapsed(range, now)
  if (from >= to) return []
  const next = (day: DayNumber) =>
    size === 'day'
      ? day + 1
      : size === 'week'
        ? day + 7 - ((weekdayOf(day) - weekStart + 7) % 7)
        : firstDayOfMonth(monthOfDay(day) + 1)
  const startOfBucket = (day: DayNumber) =>
    size === 'day' ? day : size === 'week' ? day - ((weekdayOf(day) - weekStart + 7) % 7) : firstDayOfMonth(monthOfDay(day))
  const buckets: Bucket[] = []
  for (let day = startOfBucket(dayAt(from)); ; day = next(day)) {
    const [start, end] = [startOf(day), startOf(next(day))]
    if (start >= to || buckets.length >= MAX_BUCKETS) return buckets
    const part = { from: Math.max(start, from), to: Math.min(end, to) }
    if (part.from < part.to) buckets.push({ ...part, isPartial: part.from > start || part.to < end })
  }
}

/** Returns the index of the bucket that contains an instant; -1: none. @param buckets consecutive, earliest first */
export function bucketAt(buckets: readonly TimeRange[], instant: number): number {
  let [low, high] = [0, buckets.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((buckets[middle]?.from ?? Infinity) <= instant) low = middle
    else high = middle - 1
  }
  const bucket = buckets[low]
  return bucket !== undefined && instant >= bucket.from && instant < bucket.to ? low : -1
}
