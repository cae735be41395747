import { scaleLinear } from 'd3-scale'
import type { Drawing, Mark, Point } from './drawing.ts'

/**
 * Draws a value over time. A null is a gap: the rate has no denominator there.
 * @param target is drawn as a dashed line
 */
export function drawSparkline(values: readonly (number | null)[], width: number, height: number, target?: number): Drawing {
  const known = values.filter((value) => value !== null)
  const x = scaleLinear()
    .domain([0, Math.max(1, values.length - 1)])
    .range([2, width - 2])
  const y = scaleLinear()
    .domain([Math.min(0, ...known), Math.max(0, ...known, target ?? 0) || 1])
    .range([height - 2, 2])
  const marks: Mark[] = []
  if (target !== undefined && known.length > 0)
    marks.push({
      kind: 'line',
      points: [
        [2, y(target)],
        [width - 2, y(target)],
      ],
      ink: 'target',
      isDashed: true,
    })
  let run: Point[] = []
  const end = () => {
    const [only] = run
    if (run.length === 1 && only !== undefined) marks.push({ kind: 'dot', x: only[0], y: only[1], ink: 'line' })
    else if (run.length > 1) marks.push({ kind: 'line', points: run, ink: 'line' })
    run = []
  }
  for (const [index, value] of values.entries()) {
    if (value === null) end()
    else run.push([x(index), y(value)])
  }
  end()
  return { width, height, marks, spots: [] }
}
