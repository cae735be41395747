import { Group, SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { useRef, useState } from 'react'
import type { ComponentProps, KeyboardEvent } from 'react'
import { hourText, isFew } from '../../../core/charts/hours.ts'
import { callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { HourCounts } from '../../../core/metrics/metrics.ts'
import {
  FEW_CALLS,
  HOUR_LABELS,
  HOUR_MEASURES,
  hourGrid,
  HOURS_TITLE,
  type HourCell,
  type HourMeasure,
} from '../../../core/figures/report-parts.ts'
import { formatCount, formatShare, NONE, plural } from '../../format/numbers.ts'
import { WEEKDAYS } from '../../format/labels.ts'
import { weekHourTitle } from '../../format/week-hours.ts'
import { countedText, useOpenCalls } from './calls-mark.tsx'
import { ChartMenu } from './chart-menu.tsx'
import classes from './hours-section.module.css'
import { Section } from './section.tsx'

/** The calls that a cell opens: those in the denominator of the measure. */
const CALLS_OF: Record<HourMeasure, CountedCalls> = {
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
 * A table of the hours of the week. A higher value has a stronger colour. Hours at the ends of the day without calls are left out. Each cell opens
 * its calls. The table is one stop of the Tab key: the arrow keys move between the cells.
 */
export function HoursSection({ hours, weekStart }: { readonly hours: readonly HourCounts[]; readonly weekStart: number }) {
  const [measure, setMeasure] = useState<HourMeasure>('volume')
  const [chosen, setChosen] = useState<Step>({ row: 0, column: 0 })
  const open = useOpenCalls()
  const table = useRef<HTMLDivElement>(null)
  const { days, hours: columns, cells, most } = hourGrid(measure, hours, weekStart)
  const lastCell = { row: 6, column: columns.length - 1 }
  const active = { row: chosen.row, column: Math.min(chosen.column, lastCell.column) }
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

  return (
    <Section
      title={HOURS_TITLE}
      actions={
        <Group gap="xs" wrap="nowrap">
          <SegmentedControl
            data-screen-only
            aria-label="Measure"
            value={measure}
            data={HOUR_MEASURES.map((value) => ({ value, label: HOUR_LABELS[value] }))}
            onChange={(value) => setMeasure(HOUR_MEASURES.find((each) => each === value) ?? 'volume')}
          />
          <ChartMenu chart="hours" title={`${HOURS_TITLE}: ${HOUR_LABELS[measure]}`} measure={measure} />
        </Group>
      }
    >
      <div style={{ overflowX: 'auto' }}>
        <div
          ref={table}
          className={classes.grid}
          role="grid"
          aria-label={`${HOUR_LABELS[measure]} by hour and weekday`}
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
                    <HourView
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
      {measure !== 'volume' && <Text c="dimmed">Grey: fewer than {FEW_CALLS} calls, too few to compare.</Text>}
    </Section>
  )
}

function HourView({
  cell,
  measure,
  most,
  place,
  mark,
}: {
  readonly cell: HourCell
  readonly measure: HourMeasure
  readonly most: number
  readonly place: string
  readonly mark: ComponentProps<'div'> & { readonly 'data-cell': string }
}) {
  const { value, n, d } = cell
  const few = isFew(measure, cell)
  const share = (value ?? 0) / most
  const text = hourText(measure, cell, formatCount)
  const words =
    measure === 'volume'
      ? plural(n, 'call')
      : value === null
        ? NONE
        : `${formatShare(value)}, ${formatCount(n)} of ${formatCount(d)}`
  return (
    <div
      {...mark}
      role="gridcell"
      aria-label={`${place}: ${words}: show the calls`}
      className={`${classes.cell} ${few ? classes.few : ''}`}
      title={`${place}: ${words}`}
      style={{ '--share': share } as React.CSSProperties}
    >
      {text}
    </div>
  )
}
