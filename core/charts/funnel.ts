import type { FunnelStep } from '../figures/report-parts.ts'
import type { Drawing, Mark } from './drawing.ts'

const ROW = 24
const BAR = 14
const LABELS = 72
const NUMBERS = 120

/** Draws each step of the funnel as a bar on a bar of the booked calls. @param describe returns the text after a bar. */
export function drawFunnel(steps: readonly FunnelStep[], width: number, describe: (step: FunnelStep) => string): Drawing {
  const room = width - LABELS - NUMBERS
  const marks = steps.flatMap((step, index): Mark[] => {
    const y = index * ROW
    const length = step.booked === 0 ? 0 : (room * step.count) / step.booked
    return [
      { kind: 'text', x: 0, y: y + 11, text: step.label, anchor: 'start', ink: 'text' },
      { kind: 'rect', x: LABELS, y, width: room, height: BAR, ink: 'few' },
      { kind: 'rect', x: LABELS, y, width: length, height: BAR, ink: 'bar' },
      { kind: 'text', x: LABELS + room + 8, y: y + 11, text: describe(step), anchor: 'start', ink: 'text' },
    ]
  })
  return { width, height: steps.length * ROW, marks, spots: [] }
}
