import { DateTime } from 'luxon'
import type { BucketSize } from './report-periods.ts'

type Bucket = { readonly from: number; readonly to: number }

/** The language of dates: its locale, and its patterns of Luxon. */
export type DateWords = {
  readonly locale: string
  /** "3" */
  readonly day: string
  /** "3 Nov" */
  readonly dayOfMonth: string
  /** "3 Nov 2026" */
  readonly date: string
  /** "Tue 3 Nov 2026" */
  readonly weekdayAndDate: string
}

const ENGLISH: DateWords = {
  locale: 'en-GB',
  day: 'd',
  dayOfMonth: 'd LLL',
  date: 'd LLL yyyy',
  weekdayAndDate: 'ccc d LLL yyyy',
}

/** Returns a short name for an axis: "3 Nov", "Nov 26". */
export function bucketLabel({ from }: Bucket, size: BucketSize, zone: string, words: DateWords = ENGLISH): string {
  const first = DateTime.fromMillis(from, { zone, locale: words.locale })
  return first.toFormat(size === 'month' ? 'LLL yy' : words.dayOfMonth)
}

/** Returns the full name of a bucket: "Tue 3 Nov 2026", "2–8 Nov 2026", "November 2026". */
export function bucketTitle({ from, to }: Bucket, size: BucketSize, zone: string, words: DateWords = ENGLISH): string {
  const { locale, day, dayOfMonth, date, weekdayAndDate } = words
  const first = DateTime.fromMillis(from, { zone, locale })
  if (size === 'day') return first.toFormat(weekdayAndDate)
  if (size === 'month') return first.toFormat('LLLL yyyy')
  const last = DateTime.fromMillis(to - 1, { zone, locale })
  const begin = first.hasSame(last, 'day')
    ? ''
    : first.hasSame(last, 'month')
      ? `${first.toFormat(day)}–`
      : `${first.toFormat(dayOfMonth)} – `
  return `${begin}${last.toFormat(date)}`
}
