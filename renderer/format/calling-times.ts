import { t } from '@lingui/core/macro'
import type { LocalClockTime, TimeThere } from '../../core/calling-hours/calling-hours.ts'
import type { CallingHours } from '../../core/model/calling-hours.ts'
import { weekdayNames } from './labels.ts'

const shortDay = (day: number) => weekdayNames('short')[day - 1] ?? ''

/** "08:00–20:00, Mon–Sat". Days that follow each other are joined. */
export function callingHoursText({ from, to, days }: CallingHours): string {
  const spans: { first: number; last: number }[] = []
  for (const day of days) {
    const open = spans.at(-1)
    if (open?.last === day - 1) open.last = day
    else spans.push({ first: day, last: day })
  }
  const texts = spans.map(({ first, last }) => (first === last ? shortDay(first) : `${shortDay(first)}–${shortDay(last)}`))
  return `${from}–${to}, ${texts.join(', ')}`
}

/** Returns the time where a prospect is, with a warning outside the calling hours: "It is 21:40 there (Lisbon) – outside calling hours". */
export function timeThereText({ earliest, latest, place, calling }: TimeThere, { days }: Pick<CallingHours, 'days'>): string {
  const clock = ({ time, day }: LocalClockTime) => (days.includes(day) ? time : `${shortDay(day)} ${time}`)
  const isOne = earliest.time === latest.time && earliest.day === latest.day
  const [first, last] = [clock(earliest), clock(latest)]
  const time = isOne ? first : t`between ${first} and ${last}`
  const timeThere = place === null ? t`It is ${time} there` : t`It is ${time} there (${place})`
  switch (calling) {
    case 'inside':
      return timeThere
    case 'partly':
      return t`${timeThere} – may be outside calling hours`
    case 'outside':
      return t`${timeThere} – outside calling hours`
  }
}
