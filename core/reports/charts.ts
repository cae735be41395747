import { drawFunnel } from '../charts/funnel.ts'
import type { LegendEntry } from '../charts/framed.ts'
import type { Drawing } from '../charts/drawing.ts'
import { drawHours } from '../charts/hours.ts'
import { drawPareto } from '../charts/pareto.ts'
import { drawTrend } from '../charts/trend.ts'
import type { ReportPage } from '../contract/reports.ts'
import type { HourCounts } from '../metrics/metrics.ts'
import { WEEKDAYS } from '../model/labels.ts'
import type { NumberFormat } from '../figures/number-format.ts'
import { bucketLabel } from '../time/bucket-names.ts'
import {
  FEW_CALLS,
  funnelSteps,
  GOALS_LABEL,
  HOUR_LABELS,
  hourGrid,
  PART_LABELS,
  reasonLabel,
  TREND_PARTS,
  type HourMeasure,
} from '../figures/report-parts.ts'

/** The charts of the report for export, without links. */

const HEIGHT = 220

/** A drawing with the meaning of its colours. */
export type FileChart = { readonly drawing: Drawing; readonly legend: readonly LegendEntry[]; readonly note?: string }

const noLabel = () => ''

export function trendChart(page: ReportPage, format: NumberFormat, width: number): FileChart {
  const { buckets, formerBuckets, goals, bucketSize, zone } = page
  const drawing = drawTrend({
    width,
    height: HEIGHT,
    buckets,
    former: formerBuckets,
    goals,
    axisLabel: (bucket) => bucketLabel(bucket, bucketSize, zone),
    spotLabel: noLabel,
    formatCount: format.count,
  })
  const legend: LegendEntry[] = TREND_PARTS.map((ink) => ({ ink, label: PART_LABELS[ink] }))
  if (formerBuckets.length > 1) legend.push({ ink: 'former', label: 'Compared period', shape: 'dashed' })
  if (goals.length > 0) legend.push({ ink: 'target', label: GOALS_LABEL, shape: 'line' })
  return {
    drawing,
    legend,
    ...(buckets.some(({ isPartial }) => isPartial) && { note: 'Dashed outline: partial period.' }),
  }
}

export function paretoChart({ lossReasons }: ReportPage, format: NumberFormat, width: number): FileChart {
  const drawing = drawPareto({
    width,
    height: HEIGHT,
    rows: lossReasons,
    name: reasonLabel,
    spotLabel: noLabel,
    formatCount: format.count,
    formatShare: format.wholeShare,
  })
  const legend: LegendEntry[] = [
    { ink: 'bar', label: 'Lost calls' },
    { ink: 'line', label: 'Cumulative share of lost calls', shape: 'line' },
  ]
  return { drawing, legend }
}

export function hoursChart(
  measure: HourMeasure,
  hours: readonly HourCounts[],
  weekStart: number,
  format: NumberFormat,
  width: number,
): FileChart {
  const grid = hourGrid(measure, hours, weekStart)
  const dayLabel = (day: number) => (WEEKDAYS[day] ?? '').slice(0, 3)
  const drawing = drawHours({ width, measure, grid, dayLabel, formatCount: format.count })
  const unit = measure === 'volume' ? HOUR_LABELS.volume : `${HOUR_LABELS[measure]}, %`
  return {
    drawing,
    legend: [{ ink: 'bar', label: unit }],
    ...(measure !== 'volume' && { note: `Grey: fewer than ${FEW_CALLS} calls, too few to compare.` }),
  }
}

export function funnelChart({ counts }: ReportPage, format: NumberFormat, width: number): FileChart {
  const drawing = drawFunnel(
    funnelSteps(counts),
    width,
    ({ count, booked }) => `${format.count(count)} (${format.share(booked === 0 ? null : count / booked)})`,
  )
  return { drawing, legend: [] }
}
