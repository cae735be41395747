import { isRateTarget, type Month } from '../model/targets.ts'
import type { TargetFigure } from './targets.ts'

const points = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const monthName = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** The text of a pace that cannot be computed. */
const NONE = '—'

/** Returns for example "Nov 2026". */
export function formatMonth(month: Month): string {
  return monthName.format(new Date(`${month}-01T00:00:00Z`))
}

/** The comparison of a figure with its target: -1 behind, 0 on target, 1 ahead; null if nothing can be compared. */
export type PaceText = { readonly text: string; readonly direction: -1 | 0 | 1 | null }

/** Returns the pace in words. Counts of a period that has not ended are compared with the target up to now. */
export function paceInWords({ metric, actual, target, pace, elapsedDays, totalDays }: TargetFigure): PaceText {
  if (pace === null || actual === null) return { text: NONE, direction: null }
  const isRate = isRateTarget(metric)
  const goal = isRate || elapsedDays >= totalDays ? 'target' : 'pace'
  const [value, unit] = isRate ? [100 * (actual - target), ' points'] : [100 * (pace - 1), '%']
  const shown = isRate ? points.format(Math.abs(value)) : String(Math.round(Math.abs(value)))
  if (Number(shown) === 0) return { text: `on ${goal}`, direction: 0 }
  const words = goal === 'target' ? ['above target', 'below target'] : ['ahead of pace', 'behind pace']
  return { text: `${shown}${unit} ${value > 0 ? words[0] : words[1]}`, direction: value > 0 ? 1 : -1 }
}

/** Returns the months without a target, which the figure leaves out; undefined if there are none. */
export function missingMonths({ missing }: TargetFigure): string | undefined {
  if (missing.length === 0) return undefined
  return missing.length <= 3
    ? `No target for ${missing.map(formatMonth).join(', ')}: left out`
    : `No target for ${missing.length} months: left out`
}
