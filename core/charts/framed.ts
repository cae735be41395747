import { moved, TEXT_SIZE, TITLE_SIZE, type Drawing, type Ink, type Mark } from './drawing.ts'

/** A colour of a chart with its meaning. `dashed` and `line` are drawn as lines. */
export type LegendEntry = { readonly ink: Ink; readonly label: string; readonly shape?: 'box' | 'line' | 'dashed' }

const PADDING = 16
const LINE = 16
/** Mean width of a character, px. An estimate is sufficient for a legend. */
const CHARACTER = 6.2
const GAP = 14
const SWATCH = 10

/** Returns the legend, broken into lines that fit, and its height. */
export function drawLegend(
  entries: readonly LegendEntry[],
  width: number,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const marks: Mark[] = []
  let [x, y] = [0, 0]
  for (const { ink, label, shape = 'box' } of entries) {
    const length = SWATCH + 6 + label.length * CHARACTER
    if (x > 0 && x + length > width) [x, y] = [0, y + LINE]
    if (shape === 'box') marks.push({ kind: 'rect', x, y: y + 1, width: SWATCH, height: SWATCH, ink })
    else
      marks.push({
        kind: 'line',
        points: [
          [x, y + 6],
          [x + SWATCH + 2, y + 6],
        ],
        ink,
        ...(shape === 'dashed' && { isDashed: true }),
      })
    marks.push({ kind: 'text', x: x + SWATCH + 6, y: y + TEXT_SIZE - 1, text: label, anchor: 'start', ink: 'faint' })
    x += length + GAP
  }
  return { marks, height: entries.length === 0 ? 0 : y + LINE }
}

/** Splits a line at spaces so that each part fits. */
function wrapped(line: string, width: number): string[] {
  const room = Math.max(10, Math.floor(width / CHARACTER))
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > room) {
      lines.push(current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  if (current !== '') lines.push(current)
  return lines
}

/**
 * Returns a chart as a self-contained picture: title, filters, chart and legend.
 * @param lines below the title
 */
export function framed(
  chart: Drawing,
  {
    title,
    lines,
    legend,
  }: { readonly title: string; readonly lines: readonly string[]; readonly legend: readonly LegendEntry[] },
): Drawing {
  const marks: Mark[] = [
    { kind: 'text', x: PADDING, y: PADDING + TITLE_SIZE - 2, text: title, anchor: 'start', ink: 'text', isTitle: true },
  ]
  let y = PADDING + TITLE_SIZE + 6
  for (const line of lines.flatMap((each) => wrapped(each, chart.width))) {
    marks.push({ kind: 'text', x: PADDING, y: y + TEXT_SIZE, text: line, anchor: 'start', ink: 'faint' })
    y += LINE
  }
  y += 8
  marks.push(...moved(chart.marks, PADDING, y))
  y += chart.height + 8
  const colours = drawLegend(legend, chart.width)
  marks.push(...moved(colours.marks, PADDING, y))
  return { width: chart.width + 2 * PADDING, height: y + colours.height + PADDING, marks, spots: [] }
}
