import { SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { ComponentProps, KeyboardEvent } from 'react'
import { callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { HourCounts } from '../../../core/metrics/metrics.ts'
import { formatCount, formatShare, NONE, plural } from '../../format/numbers.ts'
import { WEEKDAYS } from '../../format/labels.ts'
import { weekHourTitle } from '../../format/week-hours.ts'
import { countedText, useOpenCalls } from './calls-mark.tsx'
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

/** The calls that a measure divides by: those that a cell opens. */
const CALLS_OF: Record<Measure, CountedCalls> = {
  volume: callsOfFigure('calls', 'numerator'),
  show: callsOfFigure('show_rate', 'denominator'),
  close: callsOfFigure('close_rate', 'denominator'),
}

type Step = { readonly row: number; readonly column: number }
const STEPS: Readonly<Record<string, (at: Step, last: Step) => Step>> = {
  ArrowLeft: ({ row, column }) => ({ row, column: Math.max(0, column - 1) }),
  ArrowRight: ({ row, column }, last) => ({ row, column: Math.min(last.column, column + 1) }),
  ArrowUp: ({ row, column }) => ({ row: Math.max(0, row - 1), column }),
  ArrowDown: ({ row, column }, last) => ({ row: Math.min(last.row, row + 1), column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, last) => ({ row, column: last.column }),
}

/**
 * A table of the hours of the week; the more, the stronger the colour. Hours at the ends of the day without calls are left out. Each cell opens
 * its calls. The table is one stop of the Tab key: the arrow keys move between the cells.
 */
export function HoursSection({ hours, weekStart }: { readonly hours: readonly HourCounts[]; readonly weekStart: number }) {
  const [measure, setMeasure] = useState<Measure>('volume')
  const [chosen, setChosen] = useState<Step>({ row: 0, column: 0 })
  const open = useOpenCalls()
  const table = useRef<HTMLDivElement>(null)
  const used = hours.flatMap(({ calls }, slot) => (calls > 0 ? [slot % 24] : []))
  const [first, last] = used.length === 0 ? [8, 18] : [Math.min(...used), Math.max(...used)]
  const columns = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const lastCell = { row: 6, column: columns.length - 1 }
  const active = { row: chosen.row, column: Math.min(chosen.column, lastCell.column) }
  const days = Array.from({ length: 7 }, (_, index) => (weekStart - 1 + index) % 7)
  const cells = days.map((day) =>
    columns.map((hour) =>
      cellOf(measure, hours[day * 24 + hour] ?? { calls: 0, completed: 0, noShow: 0, rescheduled: 0, won: 0 }),
    ),
  )
  const openCell = (slot: number) => {
    const calls = CALLS_OF[measure]
    open(`${weekHourTitle(slot)}: ${countedText(calls)}`, { ...calls, weekHours: [slot] })
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>, at: Step, slot: number) {
    const next = STEPS[event.key]?.(at, lastCell)
    if (next === undefined && event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (next === undefined) return openCell(slot)
    setChosen(next)
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus()
  }

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
          ref={table}
          className={classes.grid}
          role="grid"
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
            const firstSlot = (days[index] ?? 0) * 24
            const day = WEEKDAYS[days[index] ?? 0] ?? ''
            return (
              <div key={day} role="row" style={{ display: 'contents' }}>
                <div role="rowheader" className={classes.day}>
                  {day.slice(0, 3)}
                </div>
                {row.map((cell, column) => {
                  const at = { row: index, column }
                  const slot = firstSlot + (columns[column] ?? 0)
                  return (
                    <HourCell
                      key={slot}
                      cell={cell}
                      measure={measure}
                      most={most}
                      place={weekHourTitle(slot)}
                      mark={{
                        'data-cell': `${index} ${column}`,
                        tabIndex: active.row === index && active.column === column ? 0 : -1,
                        onClick: () => openCell(slot),
                        onFocus: () => setChosen(at),
                        onKeyDown: (event) => onKeyDown(event, at, slot),
                      }}
                    />
                  )
                })}
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
  mark,
}: {
  readonly cell: Cell
  readonly measure: Measure
  readonly most: number
  readonly place: string
  readonly mark: ComponentProps<'div'> & { readonly 'data-cell': string }
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
      {...mark}
      role="gridcell"
      aria-label={`${place}: ${words}: show the calls`}
      className={`${classes.cell} ${shade}`}
      title={`${place}: ${words}`}
      style={{ '--share': share } as React.CSSProperties}
    >
      {text}
    </div>
  )
}
