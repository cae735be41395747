import { SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { HourCounts } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare, NONE, plural } from '../../format/numbers.ts'
import { WEEKDAYS } from '../../format/labels.ts'
import classes from './hours-section.module.css'
import { Section } from './section.tsx'

/** With fewer calls a rate says little, and its cell is grey. */
const FEW = 10
/** Above this share of the colour, white text has the better contrast. */
const STRONG = 0.55

const MEASURES = ['volume', 'show', 'close'] as const
type Measure = (typeof MEASURES)[number]
const MEASURE_LABELS: Record<Measure, string> = { volume: 'Calls', show: 'Show rate', close: 'Close rate' }

type Cell = { readonly value: number | null; readonly n: number; readonly d: number }

function cellOf(measure: Measure, { calls, completed, noShow, rescheduled, won }: HourCounts): Cell {
  if (measure === 'volume') return { value: calls, n: calls, d: calls }
  const [n, d] = measure === 'show' ? [completed, completed + noShow + rescheduled] : [won, completed]
  return { value: d === 0 ? null : n / d, n, d }
}

const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** A table of the hours of the week; the more, the stronger the colour. Hours at the ends of the day without calls are left out. */
export function HoursSection({ hours, weekStart }: { readonly hours: readonly HourCounts[]; readonly weekStart: number }) {
  const [measure, setMeasure] = useState<Measure>('volume')
  const used = hours.flatMap(({ calls }, slot) => (calls > 0 ? [slot % 24] : []))
  const [first, last] = used.length === 0 ? [8, 18] : [Math.min(...used), Math.max(...used)]
  const columns = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const days = Array.from({ length: 7 }, (_, index) => (weekStart - 1 + index) % 7)
  const cells = days.map((day) =>
    columns.map((hour) =>
      cellOf(measure, hours[day * 24 + hour] ?? { calls: 0, completed: 0, noShow: 0, rescheduled: 0, won: 0 }),
    ),
  )
  const most = measure === 'volume' ? Math.max(1, ...cells.flat().map(({ n }) => n)) : 1
  return (
    <Section
      title="Hours of the week"
      actions={
        <SegmentedControl
          aria-label="Measure of the hours"
          value={measure}
          data={MEASURES.map((value) => ({ value, label: MEASURE_LABELS[value] }))}
          onChange={(value) => setMeasure(MEASURES.find((each) => each === value) ?? 'volume')}
        />
      }
    >
      <div style={{ overflowX: 'auto' }}>
        <div
          className={classes.grid}
          role="table"
          aria-label={`${MEASURE_LABELS[measure]} by hour and weekday`}
          style={{ '--hours': columns.length } as React.CSSProperties}
        >
          <div role="row" style={{ display: 'contents' }}>
            <div role="columnheader">
              <VisuallyHidden>Weekday</VisuallyHidden>
            </div>
            {columns.map((hour) => (
              <div key={hour} role="columnheader" className={classes.head}>
                {hour}
              </div>
            ))}
          </div>
          {cells.map((row, index) => {
            const day = WEEKDAYS[days[index] ?? 0] ?? ''
            return (
              <div key={day} role="row" style={{ display: 'contents' }}>
                <div role="rowheader" className={classes.day}>
                  {day.slice(0, 3)}
                </div>
                {row.map((cell, column) => (
                  <HourCell
                    key={columns[column]}
                    cell={cell}
                    measure={measure}
                    most={most}
                    place={`${day} ${hourText(columns[column] ?? 0)}`}
                  />
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {measure !== 'volume' && <Text c="dimmed">Grey: fewer than {FEW} calls, too few to compare.</Text>}
    </Section>
  )
}

function HourCell({
  cell,
  measure,
  most,
  place,
}: {
  readonly cell: Cell
  readonly measure: Measure
  readonly most: number
  readonly place: string
}) {
  const { value, n, d } = cell
  const isFew = measure !== 'volume' && d < FEW
  const share = value === null ? 0 : value / most
  const text =
    value === null || (measure === 'volume' && value === 0)
      ? ''
      : measure === 'volume'
        ? formatCount(value)
        : String(Math.round(100 * value))
  const words =
    measure === 'volume'
      ? plural(n, 'call')
      : value === null
        ? NONE
        : `${formatShare(value)}, ${formatCount(n)} of ${formatCount(d)}`
  const shade = isFew ? classes.few : share > STRONG ? classes.strong : ''
  return (
    <div
      role="cell"
      className={`${classes.cell} ${shade}`}
      title={`${place}: ${words}`}
      style={{ '--share': share } as React.CSSProperties}
    >
      {text}
    </div>
  )
}
