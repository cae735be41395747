import { scaleBand, scaleLinear } from 'd3-scale'
import type { ReportBucket } from '../contract/reports.ts'
import { callsOf, TREND_PARTS } from '../figures/report-parts.ts'
import { MARGIN, type Drawing, type Mark } from './drawing.ts'

export type TrendInput = {
  readonly width: number
  readonly height: number
  readonly buckets: readonly ReportBucket[]
  readonly former: readonly ReportBucket[]
  /** The target for completed calls of each bucket; null: none. */
  readonly goals?: readonly (number | null)[]
  /** Returns the label of a bucket on the axis, such as "3 Nov". */
  readonly axisLabel: (bucket: ReportBucket) => string
  /** Returns the content of a bar in words. */
  readonly spotLabel: (bucket: ReportBucket) => string
  readonly formatCount: (count: number) => string
}

/** The minimum distance between two labels of the axis, px. */
const LABEL_STEP = 64

/** Draws calls by day, week or month: a bar for each bucket with a part for each status, and a dashed line for the compared period. */
export function drawTrend(input: TrendInput): Drawing {
  const { width, height, buckets, former, goals = [] } = input
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom]
  const most = Math.max(
    1,
    ...buckets.map(({ counts }) => callsOf(counts)),
    ...former.slice(0, buckets.length).map(({ counts }) => callsOf(counts)),
    ...goals.map((goal) => goal ?? 0),
  )
  const y = scaleLinear().domain([0, most]).nice(4).range([bottom, MARGIN.top])
  const x = scaleBand<number>()
    .domain(buckets.map((_, index) => index))
    .range([MARGIN.left, right])
    .paddingInner(0.2)
  const middle = (index: number) => (x(index) ?? MARGIN.left) + x.bandwidth() / 2
  const marks: Mark[] = []
  for (const tick of y.ticks(4).filter(Number.isInteger)) {
    marks.push({
      kind: 'line',
      points: [
        [MARGIN.left, y(tick)],
        [right, y(tick)],
      ],
      ink: 'grid',
    })
    marks.push({ kind: 'text', x: MARGIN.left - 6, y: y(tick) + 4, text: input.formatCount(tick), anchor: 'end', ink: 'faint' })
  }
  const step = Math.max(1, Math.ceil((LABEL_STEP * buckets.length) / Math.max(1, right - MARGIN.left)))
  for (const [index, bucket] of buckets.entries()) {
    let below = 0
    for (const part of TREND_PARTS) {
      const count = bucket.counts[part]
      if (count === 0) continue
      const top = y(below + count)
      marks.push({
        kind: 'rect',
        x: x(index) ?? 0,
        y: top,
        width: x.bandwidth(),
        height: y(below) - top,
        ink: part,
        ...(bucket.isPartial && { isHatched: true }),
      })
      below += count
    }
    if (index % step === 0)
      marks.push({ kind: 'text', x: middle(index), y: height - 6, text: input.axisLabel(bucket), anchor: 'middle', ink: 'faint' })
  }
  const compared = former.slice(0, buckets.length)
  if (compared.length > 1)
    marks.push({
      kind: 'line',
      points: compared.map(({ counts }, index) => [middle(index), y(callsOf(counts))]),
      ink: 'former',
      isDashed: true,
    })
  for (const [index, goal] of goals.entries()) {
    const left = x(index)
    // Days without working time have no goal to show.
    if (goal === null || goal === 0 || left === undefined) continue
    marks.push({
      kind: 'line',
      points: [
        [left, y(goal)],
        [left + x.bandwidth(), y(goal)],
      ],
      ink: 'target',
    })
  }
  const spots = buckets.map((bucket, index) => ({
    x: x(index) ?? 0,
    y: MARGIN.top,
    width: x.bandwidth(),
    height: bottom - MARGIN.top,
    index,
    label: input.spotLabel(bucket),
  }))
  return { width, height, marks, spots }
}
