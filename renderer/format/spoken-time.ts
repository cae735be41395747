import { t } from '@lingui/core/macro'
import { spokenTime as spoken } from '../../core/time/typed-time.ts'
import { dateLocale } from './date-locale.ts'

/** Returns a time as a person says it: `Tue 1 Dec, 15:00`, with the year if it is not the present one. */
export function spokenTime(at: number, now: number, zone: string): string {
  return spoken(at, now, zone, {
    locale: dateLocale(),
    thisYear: t({ message: 'ccc d LLL, HH:mm', comment: 'A pattern of Luxon: Tue 1 Dec, 15:00' }),
    otherYear: t({ message: 'ccc d LLL yyyy, HH:mm', comment: 'A pattern of Luxon: Tue 1 Dec 2026, 15:00' }),
  })
}
