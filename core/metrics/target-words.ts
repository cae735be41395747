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

/** The comparison of a figure with its target. */
export type Pace = {
  /** -1 behind, 0 on target, 1 ahead. */
  readonly direction: -1 | 0 | 1
  /** What the figure is compared with: the whole target, or the target up to now. */
  readonly goal: 'target' | 'pace'
  readonly unit: 'points' | 'percent'
  /** The distance from the goal, rounded as it is shown, ≥ 0. */
  readonly distance: number
}

/** Returns the pace; null if nothing can be compared. Counts of a period that has not ended are compared with the target up to now. */
export function paceOf({ metric, actual, target, pace, elapsedDays, totalDays }: TargetFigure): Pace | null {
  if (pace === null || actual === null) return null
  const isRate = isRateTarget(metric)
  const goal = isRate || elapsedDays >= totalDays ? 'target' : 'pace'
  const value = isRate ? 100 * (actual - target) : 100 * (pace - 1)
  const distance = isRate ? Number(points.format(Math.abs(value))) : Math.round(Math.abs(value))
  const direction = distance === 0 ? 0 : value > 0 ? 1 : -1
  return { direction, goal, unit: isRate ? 'points' : 'percent', distance }
}

/** Returns the pace in words. */
export function paceInWords(figure: TargetFigure): string {
  const pace = paceOf(figure)
  if (pace === null) return NONE
  const { direction, goal, unit, distance } = pace
  if (direction === 0) return `on ${goal}`
  const words = goal === 'target' ? ['above target', 'below target'] : ['ahead of pace', 'behind pace']
  return `${distance}${unit === 'points' ? ' points' : '%'} ${direction > 0 ? words[0] : words[1]}`
}
