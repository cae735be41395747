import type { CallCount } from '../../core/contract/calls.ts'
import { METRICS, type Figure } from '../../core/metrics/metrics.ts'
import { NONE } from '../../core/figures/number-format.ts'
import { NUMBER_LOCALE, numbers } from './number-locale.ts'

export { NONE }
/** `formatShare` takes a share of 0…1, or null where the denominator is zero. */
export const { count: formatCount, share: formatShare, wholeShare: formatWholeShare, plural, figure: formatFigure } = numbers

/** Returns a count: "2,000"; "1,000+" for 1,000 or more. */
export const atLeast = ({ total, exact }: CallCount): string => `${formatCount(total)}${exact ? '' : '+'}`

/** Returns a figure per day: a number with one decimal. */
export function formatDaily(figure: Pick<Figure, 'key' | 'value'>): string {
  const { key, value } = figure
  return METRICS[key].unit === 'count' && value !== null ? numbers.decimal(value) : formatFigure(figure)
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['kB', 'MB', 'GB']
  let size = bytes / 1024
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  const digits = size < 10 ? 1 : 0
  const shown = size.toLocaleString(NUMBER_LOCALE, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  })
  return `${shown} ${units[unit]}`
}
