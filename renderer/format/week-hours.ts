import { plural, t } from '@lingui/core/macro'
import { WEEK_HOURS } from '../../core/time/week-hours.ts'
import { weekdayNames } from './labels.ts'

/** The maximum number of spans with individual names. */
const NAMED = 2

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** Returns the name of an hour of the week, for example `Monday 09:00`. */
export function weekHourTitle(slot: number): string {
  return `${weekdayNames()[Math.floor(slot / 24)] ?? ''} ${clock(slot % 24)}`
}

/** Returns the name of hours of the week, for example `Mon 09:00–11:00`. Consecutive hours of a day are joined. */
export function weekHoursLabel(slots: readonly number[]): string {
  const sorted = [...new Set(slots)].filter((slot) => slot >= 0 && slot < WEEK_HOURS).toSorted((a, b) => a - b)
  const spans: { first: number; last: number }[] = []
  for (const slot of sorted) {
    const span = spans.at(-1)
    if (span !== undefined && slot === span.last + 1 && slot % 24 > 0) span.last = slot
    else spans.push({ first: slot, last: slot })
  }
  if (spans.length > NAMED) {
    const count = sorted.length
    return t`${plural(count, { one: '# hour of the week', other: '# hours of the week' })}`
  }
  return spans
    .map(({ first, last }) => {
      const day = weekdayNames('short')[Math.floor(first / 24)] ?? ''
      return `${day} ${clock(first % 24)}–${clock((last % 24) + 1)}`
    })
    .join(', ')
}
