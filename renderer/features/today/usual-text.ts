import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, plural, t } from '@lingui/core/macro'
import { must } from '../../../core/assert.ts'
import type { DayFigure, UsualFigure } from '../../../core/metrics/usual-by-now.ts'
import { LEAST_USUAL_DAYS, USUAL_WEEKS } from '../../../core/metrics/usual-by-now.ts'
import { formatTotalDuration } from '../../format/durations.ts'
import { formatCount } from '../../format/numbers.ts'

const FIGURES: Readonly<Record<DayFigure, MessageDescriptor>> = {
  completed: msg`Completed calls`,
  won: msg`Won`,
  talk_time: msg`Talk time`,
}
export const figureLabel = (figure: DayFigure): string => i18n.t(FIGURES[figure])

const VALUE_TEXT: Readonly<Record<DayFigure, (value: number) => string>> = {
  completed: (value) => plural(value, { one: '# call', other: '# calls' }),
  won: (value) => t`${{ count: formatCount(value) }} won`,
  talk_time: (value) => t`${{ time: formatTotalDuration(value) }} talk time`,
}
const USUAL_TEXT: Readonly<Record<DayFigure, (value: number) => string>> = {
  completed: formatCount,
  won: formatCount,
  talk_time: formatTotalDuration,
}

export const valueText = ({ key, value }: UsualFigure): string => VALUE_TEXT[key](value)

/** Returns the usual value of a figure; undefined if nothing is usual yet. */
export function usualText({ key, usual }: UsualFigure): string | undefined {
  if (usual === null) return undefined
  const value = USUAL_TEXT[key](usual)
  return t`usually ${value} by now`
}

/** The days of the week in the plural, from Monday. */
const WEEKDAYS: readonly MessageDescriptor[] = [
  msg`Mondays`,
  msg`Tuesdays`,
  msg`Wednesdays`,
  msg`Thursdays`,
  msg`Fridays`,
  msg`Saturdays`,
  msg`Sundays`,
]

/** Returns where the usual figures come from. @param weekday 1 (Monday) … 7 (Sunday) */
export function basisText(days: number, weekday: number): string {
  const weekdays = i18n.t(must(WEEKDAYS[weekday - 1], 'A day of the week is from 1 to 7'))
  if (days >= LEAST_USUAL_DAYS)
    return t`Usual figures are the median of the ${weekdays} in the last ${USUAL_WEEKS} weeks on which you completed calls, up to this time of day (${plural(days, { one: '# day', other: '# days' })}).`
  const source = t`Usual figures are the median of the ${weekdays} in the last ${USUAL_WEEKS} weeks on which you completed calls, up to this time of day.`
  const count = formatCount(days)
  return days === 0
    ? `${source} ${t`They need ${LEAST_USUAL_DAYS} such days and have none so far.`}`
    : `${source} ${t`They need ${LEAST_USUAL_DAYS} such days and have ${count} so far.`}`
}
