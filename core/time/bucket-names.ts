import { DateTime } from 'luxon'
import type { BucketSize } from './report-periods.ts'

type Bucket = { readonly from: number; readonly to: number }

/** Returns a short name for an axis: "3 Nov", "Nov 26". */
export function bucketLabel({ from }: Bucket, size: BucketSize, zone: string): string {
  return DateTime.fromMillis(from, { zone, locale: 'en-GB' }).toFormat(size === 'month' ? 'LLL yy' : 'd LLL')
}

/** Returns the full name of a bucket: "Tue 3 Nov 2026", "2–8 Nov 2026", "November 2026". */
export function bucketTitle({ from, to }: Bucket, size: BucketSize, zone: string): string {
  const first = DateTime.fromMillis(from, { zone, locale: 'en-GB' })
  if (size === 'day') return first.toFormat('ccc d LLL yyyy')
  if (size === 'month') return first.toFormat('LLLL yyyy')
  const last = DateTime.fromMillis(to - 1, { zone, locale: 'en-GB' })
  const begin = first.hasSame(last, 'day')
    ? ''
    : first.hasSame(last, 'month')
      ? `${first.toFormat('d')}–`
      : `${first.toFormat('d LLL')} – `
  return `${begin}${last.toFormat('d LLL yyyy')}`
}
