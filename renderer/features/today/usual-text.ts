import type { DayFigure, UsualFigure } from '../../../core/metrics/usual-by-now.ts'
import { LEAST_USUAL_DAYS, USUAL_WEEKS } from '../../../core/metrics/usual-by-now.ts'
import { WEEKDAYS } from '../../format/labels.ts'
import { formatTotalDuration } from '../../format/durations.ts'
import { formatCount, plural } from '../../format/numbers.ts'

export const FIGURE_LABELS: Readonly<Record<DayFigure, string>> = {
  completed: 'Completed calls',
  won: 'Won',
  talk_time: 'Talk time',
}

const VALUE_TEXT: Readonly<Record<DayFigure, (value: number) => string>> = {
  completed: (value) => plural(value, 'call'),
  won: (value) => `${formatCount(value)} won`,
  talk_time: formatTotalDuration,
}
const USUAL_TEXT: Readonly<Record<DayFigure, (value: number) => string>> = {
  completed: formatCount,
  won: formatCount,
  talk_time: formatTotalDuration,
}

export const valueText = ({ key, value }: UsualFigure): string => VALUE_TEXT[key](value)

/** Returns the usual value of a figure; undefined if nothing is usual yet. */
export function usualText({ key, usual }: UsualFigure): string | undefined {
  return usual === null ? undefined : `usually ${USUAL_TEXT[key](usual)} by now`
}

/** Returns where the usual figures come from. @param weekday 1 (Monday) … 7 (Sunday) */
export function basisText(days: number, weekday: number): string {
  const name = WEEKDAYS[weekday - 1] ?? ''
  const source = `Usual figures are the median of the ${name}s in the last ${USUAL_WEEKS} weeks on which you completed calls, up to this time of day`
  if (days >= LEAST_USUAL_DAYS) return `${source} (${plural(days, 'day')}).`
  return `${source}. They need ${LEAST_USUAL_DAYS} such days and have ${days === 0 ? 'none' : formatCount(days)} so far.`
}
