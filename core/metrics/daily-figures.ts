import { figures, METRICS, type CallCounts, type Figure } from './metrics.ts'

/**
 * Returns the metrics with numbers and times per day worked, so that people with different numbers of days can be compared. Rates are
 * unchanged.
 * @param days days worked by everyone whose calls are counted
 */
export function dailyFigures(counts: CallCounts, days: number): Figure[] {
  return figures(counts).map((figure) => {
    if (METRICS[figure.key].denominator !== undefined) return figure
    return { ...figure, denominator: days, value: days === 0 ? null : figure.numerator / days }
  })
}
