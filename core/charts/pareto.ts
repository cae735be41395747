import { scaleBand, scaleLinear } from 'd3-scale'
import type { ParetoRow } from '../metrics/metrics.ts'
import { MARGIN, type Drawing, type Mark } from './drawing.ts'

export type ParetoInput = {
  readonly width: number
  readonly height: number
  readonly rows: readonly ParetoRow[]
  readonly name: (row: ParetoRow) => string
  readonly spotLabel: (row: ParetoRow) => string
  readonly formatCount: (count: number) => string
  readonly formatShare: (share: number) => string
}

/** Width of the axis of shares, px. */
const SHARE_AXIS = 48
/** Width of a character of a name under a bar, px. */
const PX_A_CHARACTER = 7

/** Draws loss reasons as bars, the most frequent first, and the cumulative share as a line. */
export function drawPareto(input: ParetoInput): Drawing {
  const { width, height, rows } = input
  const [right, bottom] = [width - SHARE_AXIS, height - MARGIN.bottom]
  const count = scaleLinear()
    .domain([0, Math.max(1, ...rows.map((row) => row.count))])
    .nice(4)
    .range([bottom, MARGIN.top])
  const share = scaleLinear().domain([0, 1]).range([bottom, MARGIN.top])
  const x = scaleBand<number>()
    .domain(rows.map((_, index) => index))
    .range([MARGIN.left, right])
    .paddingInner(0.25)
    .paddingOuter(0.1)
  const middle = (index: number) => (x(index) ?? 0) + x.bandwidth() / 2
  const marks: Mark[] = []
  for (const tick of count.ticks(4).filter(Number.isInteger)) {
    marks.push({
      kind: 'line',
      points: [
        [MARGIN.left, count(tick)],
        [right, count(tick)],
      ],
      ink: 'grid',
    })
    marks.push({
      kind: 'text',
      x: MARGIN.left - 6,
      y: count(tick) + 4,
      text: input.formatCount(tick),
      anchor: 'end',
      ink: 'faint',
    })
  }
  for (const tick of [0, 0.5, 1])
    marks.push({ kind: 'text', x: right + 6, y: share(tick) + 4, text: input.formatShare(tick), anchor: 'start', ink: 'faint' })
  const room = Math.max(3, Math.floor((x.step() - 4) / PX_A_CHARACTER))
  for (const [index, row] of rows.entries()) {
    const top = count(row.count)
    marks.push({ kind: 'rect', x: x(index) ?? 0, y: top, width: x.bandwidth(), height: bottom - top, ink: 'bar' })
    const name = input.name(row)
    const shown = name.length > room ? `${name.slice(0, room - 1)}…` : name
    marks.push({ kind: 'text', x: middle(index), y: height - 6, text: shown, anchor: 'middle', ink: 'faint' })
  }
  marks.push({ kind: 'line', points: rows.map((row, index) => [middle(index), share(row.cumulative)]), ink: 'line' })
  for (const [index, row] of rows.entries()) marks.push({ kind: 'dot', x: middle(index), y: share(row.cumulative), ink: 'line' })
  const spots = rows.map((row, index) => ({
    x: (x(index) ?? 0) - x.step() * 0.1,
    y: MARGIN.top,
    width: x.bandwidth() + x.step() * 0.2,
    height: bottom - MARGIN.top,
    index,
    label: input.spotLabel(row),
  }))
  return { width, height, marks, spots }
}
