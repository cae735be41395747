import { expect, test } from 'vitest'
import type { Drawing, Mark } from '../charts/drawing.ts'
import { framed } from '../charts/framed.ts'
import { BACKGROUNDS, PALETTES } from '../charts/palette.ts'
import { svgOf } from '../charts/svg.ts'
import { numberFormat } from '../figures/number-format.ts'
import { funnelChart, hoursChart, paretoChart, trendChart, type FileChart } from './charts.ts'
import { GOALS_LABEL, TREND_PARTS } from '../figures/report-parts.ts'
import { sampleReport } from './testing/sample-report.ts'

const format = numberFormat('en')
const WIDTH = 700
const source = sampleReport()
const { page, hours } = source

const charts: readonly (readonly [string, FileChart])[] = [
  ['trend', trendChart(page, format, WIDTH)],
  ['loss reasons', paretoChart(page, format, WIDTH)],
  ['hours', hoursChart('volume', hours, 1, format, WIDTH)],
  ['hours by close rate', hoursChart('close', hours, 7, format, WIDTH)],
  ['funnel', funnelChart(page, format, WIDTH)],
]

function pointsOf(mark: Mark): readonly (readonly [number, number])[] {
  if (mark.kind === 'line') return mark.points
  if (mark.kind === 'rect')
    return [
      [mark.x, mark.y],
      [mark.x + mark.width, mark.y + mark.height],
    ]
  return [[mark.x, mark.y]]
}

function outside({ width, height, marks }: Drawing): Mark[] {
  const slack = 0.01
  return marks.filter((mark) =>
    pointsOf(mark).some(([x, y]) => x < -slack || y < -slack || x > width + slack || y > height + slack || Number.isNaN(x + y)),
  )
}

test.each(charts)('the %s stay inside the picture, with and without a frame', (_, { drawing, legend }) => {
  expect(outside(drawing)).toEqual([])
  const lines = ['Period: this month', 'Agents: '.padEnd(400, 'a long name ')]
  expect(outside(framed(drawing, { title: 'A title', lines, legend }))).toEqual([])
})

test('the bars of a trend are as high as their counts', () => {
  const { marks } = trendChart(page, format, WIDTH).drawing
  const height = (part: string) =>
    marks.flatMap((mark) => (mark.kind === 'rect' && mark.ink === part ? [mark.height] : [])).reduce((a, b) => a + b, 0)
  const perCall = height('completed') / page.counts.completed
  for (const part of TREND_PARTS) expect(height(part)).toBeCloseTo(perCall * page.counts[part], 4)
})

test('the trend has a line for the target of each bucket that has one, and its meaning', () => {
  const targetsOf = ({ drawing, legend }: FileChart) => ({
    lines: drawing.marks.filter(({ kind, ink }) => kind === 'line' && ink === 'target').length,
    hasMeaning: legend.some(({ label }) => label === GOALS_LABEL),
  })
  expect(targetsOf(trendChart({ ...page, goals: [] }, format, WIDTH))).toEqual({ lines: 0, hasMeaning: false })
  const goals = page.buckets.map((_, index) => (index === 0 ? null : 4))
  expect(targetsOf(trendChart({ ...page, goals }, format, WIDTH))).toEqual({ lines: goals.length - 1, hasMeaning: true })
})

test('a bar of the funnel is as long as its share of the booked calls', () => {
  const [booked, shown] = funnelChart(page, format, WIDTH).drawing.marks.flatMap((mark) =>
    mark.kind === 'rect' && mark.ink === 'bar' ? [mark.width] : [],
  )
  const { completed, noShow, rescheduled } = page.counts
  expect((shown ?? 0) / (booked ?? 1)).toBeCloseTo(completed / (completed + noShow + rescheduled), 10)
})

test('an hour with few calls in the denominator is grey and has its rate', () => {
  const few = { calls: 4, completed: 4, noShow: 0, rescheduled: 0, won: 1 }
  const week = Array.from({ length: 168 }, (_, slot) =>
    slot === 9 ? few : slot === 10 ? { ...few, completed: 40, won: 30 } : { ...few, calls: 0, completed: 0, won: 0 },
  )
  const { marks } = hoursChart('close', week, 1, format, WIDTH).drawing
  expect(marks.filter((mark) => mark.kind === 'rect' && mark.ink === 'bar')).toHaveLength(1)
  expect(marks.flatMap((mark) => (mark.kind === 'text' && /^\d+$/.test(mark.text) ? [mark.text] : []))).toEqual(
    expect.arrayContaining(['25', '75']),
  )
})

test('an SVG is well-formed for names with markup, half characters and control characters', () => {
  const { drawing } = paretoChart(
    { ...page, lossReasons: page.lossReasons.map((row) => ({ ...row, name: '<b>&"\u0001\ud800' })) },
    format,
    2_000,
  )
  const svg = svgOf(drawing, PALETTES.light, BACKGROUNDS.light, 'A & B')
  expect(svg).toContain('<title>A &amp; B</title>')
  expect(svg).toContain('&lt;b&gt;&amp;&quot;\ufffd\ufffd')
  expect(svg.match(/<(?!\/|\?|svg|title|rect|path|circle|text)/g)).toBeNull()
  expect(svg).not.toContain('NaN')
})
