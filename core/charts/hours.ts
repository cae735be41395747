import { FEW_CALLS, type HourCell, type HourGrid, type HourMeasure } from '../figures/report-parts.ts'
import type { Drawing, Mark } from './drawing.ts'

export type HoursInput = {
  readonly width: number
  readonly measure: HourMeasure
  readonly grid: HourGrid
  /** Returns the name of a weekday, 0 = Monday. */
  readonly dayLabel: (day: number) => string
  readonly formatCount: (count: number) => string
}

const ROW = 22
const HEAD = 16
const DAYS = 36
const GAP = 2
/** Opacity of the strongest cell, so that its text is readable. */
const STRONGEST = 0.75

/** Returns whether a cell has too few calls for its rate to be compared. */
export function isFew(measure: HourMeasure, { d }: HourCell): boolean {
  return measure !== 'volume' && d < FEW_CALLS
}

/** Returns the number in a cell: calls, or a rate in whole percent. Empty for no calls. */
export function hourText(measure: HourMeasure, { value }: HourCell, formatCount: (count: number) => string): string {
  if (value === null || (measure === 'volume' && value === 0)) return ''
  return measure === 'volume' ? formatCount(value) : String(Math.round(100 * value))
}

/** Draws the hours of the week as a grid. A higher value has a stronger colour. */
export function drawHours({ width, measure, grid, dayLabel, formatCount }: HoursInput): Drawing {
  const column = (width - DAYS) / grid.hours.length
  const x = (index: number) => DAYS + index * column
  const y = (index: number) => HEAD + index * ROW
  const marks: Mark[] = grid.hours.map((hour, index) => ({
    kind: 'text',
    x: x(index) + column / 2,
    y: HEAD - 4,
    text: String(hour),
    anchor: 'middle',
    ink: 'faint',
  }))
  for (const [row, day] of grid.days.entries()) {
    marks.push({ kind: 'text', x: 0, y: y(row) + 14, text: dayLabel(day), anchor: 'start', ink: 'faint' })
    for (const [index, cell] of (grid.cells[row] ?? []).entries()) {
      const few = isFew(measure, cell)
      const share = (cell.value ?? 0) / grid.most
      const place = { x: x(index), y: y(row), width: column - GAP, height: ROW - GAP }
      marks.push({ kind: 'rect', ...place, ink: 'few' })
      if (!few && share > 0) marks.push({ kind: 'rect', ...place, ink: 'bar', opacity: STRONGEST * share })
      const shown = hourText(measure, cell, formatCount)
      if (shown === '') continue
      const ink = few ? 'faint' : 'text'
      marks.push({ kind: 'text', x: x(index) + (column - GAP) / 2, y: y(row) + 14, text: shown, anchor: 'middle', ink })
    }
  }
  return { width, height: HEAD + 7 * ROW, marks, spots: [] }
}
