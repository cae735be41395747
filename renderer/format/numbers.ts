import { METRICS } from '../../core/metrics/metrics.ts'
import type { Figure } from '../../core/metrics/metrics.ts'
import { formatTotalDuration } from './durations.ts'

/** The text of an empty field and of a rate without a denominator. */
export const NONE = '—'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

export function formatCount(n: number): string {
  return whole.format(n)
}

/** @param share 0…1; null where the denominator is zero. */
export function formatShare(share: number | null): string {
  return share === null ? NONE : percent.format(share)
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`
}

export function formatFigure({ key, value }: Pick<Figure, 'key' | 'value'>): string {
  if (value === null) return NONE
  switch (METRICS[key].unit) {
    case 'ratio':
      return formatShare(value)
    case 'count':
      return formatCount(value)
    case 'seconds':
      return formatTotalDuration(Math.round(value))
  }
}

const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** Returns a figure per day: a number with one decimal. */
export function formatDaily(figure: Pick<Figure, 'key' | 'value'>): string {
  const { key, value } = figure
  return METRICS[key].unit === 'count' && value !== null ? oneDecimal.format(value) : formatFigure(figure)
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
  return `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
}
