import { spokenTime as spoken } from '../../core/time/typed-time.ts'
import { dateWords } from './date-locale.ts'

/** Returns a time as a person says it: `Tue 1 Dec, 15:00`, with the year if it is not the present one. */
export function spokenTime(at: number, now: number, zone: string): string {
  return spoken(at, now, zone, dateWords())
}
