import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, plural, t } from '@lingui/core/macro'
import type { DayFigure, UsualFigure } from '../../../core/metrics/usual-by-now.ts'
import { LEAST_USUAL_DAYS, USUAL_WEEKS } from '../../../core/metrics/usual-by-now.ts'
import { weekdayNames } from '../../format/labels.ts'
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

/** Returns where the usual figures come from. @param weekday 1 (Monday) … 7 (Sunday) */
export function basisText(days: number, weekday: number): string {
  const name = weekdayNames()[weekday - 1] ?? ''
  const source = t`Usual figures are the median of the ${name}s in the last ${USUAL_WEEKS} weeks on which you completed calls, up to this time of day`
  if (days >= LEAST_USUAL_DAYS) return t`${source} (${plural(days, { one: '# day', other: '# days' })}).`
  const count = formatCount(days)
  return days === 0
    ? t`${source}. They need ${LEAST_USUAL_DAYS} such days and have none so far.`
    : t`${source}. They need ${LEAST_USUAL_DAYS} such days and have ${count} so far.`
}
