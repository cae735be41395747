import { DateTime } from 'luxon'
import type { BucketSize } from './report-periods.ts'

type Bucket = { readonly from: number; readonly to: number }

/** The language of dates: its locale, and how it writes the day of the month: "3", "3.". */
export type DateWords = { readonly locale: string; readonly dayOfMonth: 'd' | 'd.' }

export const ENGLISH: DateWords = { locale: 'en-GB', dayOfMonth: 'd' }

/** Returns a short name for an axis: "3 Nov", "Nov 26". */
export function bucketLabel({ from }: Bucket, size: BucketSize, zone: string, words: DateWords = ENGLISH): string {
  const { locale, dayOfMonth } = words
  return DateTime.fromMillis(from, { zone, locale }).toFormat(size === 'month' ? 'LLL yy' : `${dayOfMonth} LLL`)
}

/** Returns the full name of a bucket: "Tue 3 Nov 2026", "2–8 Nov 2026", "November 2026". */
export function bucketTitle({ from, to }: Bucket, size: BucketSize, zone: string, words: DateWords = ENGLISH): string {
  const { locale, dayOfMonth } = words
  const first = DateTime.fromMillis(from, { zone, locale })
  if (size === 'day') return first.toFormat(`ccc ${dayOfMonth} LLL yyyy`)
  if (size === 'month') return first.toFormat('LLLL yyyy')
  const last = DateTime.fromMillis(to - 1, { zone, locale })
  const begin = first.hasSame(last, 'day')
    ? ''
    : first.hasSame(last, 'month')
      ? `${first.toFormat(dayOfMonth)}–`
      : `${first.toFormat(`${dayOfMonth} LLL`)} – `
  return `${begin}${last.toFormat(`${dayOfMonth} LLL yyyy`)}`
}
