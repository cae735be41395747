import { i18n } from '@lingui/core'
import { plural, t } from '@lingui/core/macro'
import { paceOf, type Pace } from '../../core/metrics/target-words.ts'
import type { TargetFigure } from '../../core/metrics/targets.ts'
import { isRateTarget, type Month, type TargetMetric } from '../../core/model/targets.ts'
import { NUMBER_LOCALE } from './number-locale.ts'
import { formatCount, formatShare, NONE } from './numbers.ts'

export function formatTarget(metric: TargetMetric, value: number | null): string {
  if (value === null) return NONE
  return isRateTarget(metric) ? formatShare(value) : formatCount(Math.round(value))
}

/** Returns for example "Nov 2026". */
export function monthName(month: Month): string {
  const name = new Intl.DateTimeFormat(i18n.locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })
  return name.format(new Date(`${month}-01T00:00:00Z`))
}

/** Returns the pace of a figure in words, and its direction: -1 behind, 0 on target, 1 ahead; null if nothing can be compared. */
export function paceText(target: TargetFigure): { readonly text: string; readonly direction: -1 | 0 | 1 | null } {
  const pace = paceOf(target)
  return pace === null ? { text: NONE, direction: null } : { text: inWords(pace), direction: pace.direction }
}

/** @param distance in percentage points */
function points(distance: number): string {
  const number = distance.toLocaleString(NUMBER_LOCALE)
  return t`${number} points`
}

const percent = (distance: number) =>
  (distance / 100).toLocaleString(NUMBER_LOCALE, { style: 'percent', maximumFractionDigits: 0, useGrouping: false })

function inWords({ direction, goal, unit, distance }: Pace): string {
  const isTarget = goal === 'target'
  if (direction === 0) return isTarget ? t`on target` : t`on pace`
  const shown = unit === 'points' ? points(distance) : percent(distance)
  if (isTarget) return direction > 0 ? t`${shown} above target` : t`${shown} below target`
  return direction > 0 ? t`${shown} ahead of pace` : t`${shown} behind pace`
}

/** The maximum number of months with individual names. */
const NAMED = 3

/** Returns the months without a target, which the figure leaves out; undefined if there are none. */
export function missingMonthsText({ missing }: TargetFigure): string | undefined {
  const count = missing.length
  if (count === 0) return undefined
  const months = count <= NAMED ? missing.map(monthName).join(', ') : t`${plural(count, { one: '# month', other: '# months' })}`
  return t`No target for ${months}: left out`
}
