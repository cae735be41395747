import { Group, SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { hourText, isFew, STRONG } from '../../../core/charts/hours.ts'
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
import { ChartMenu } from './chart-menu.tsx'
import classes from './hours-section.module.css'
import { Section } from './section.tsx'

const timeText = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** A table of the hours of the week; the more, the stronger the colour. Hours at the ends of the day without calls are left out. */
export function HoursSection({ hours, weekStart }: { readonly hours: readonly HourCounts[]; readonly weekStart: number }) {
  const [measure, setMeasure] = useState<HourMeasure>('volume')
  const { days, hours: columns, cells, most } = hourGrid(measure, hours, weekStart)
  return (
    <Section
      title={HOURS_TITLE}
      actions={
        <Group gap="xs" wrap="nowrap">
          <SegmentedControl
            data-screen-only
            aria-label="Measure of the hours"
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
          className={classes.grid}
          role="table"
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
            const day = WEEKDAYS[days[index] ?? 0] ?? ''
            return (
              <div key={day} role="row" style={{ display: 'contents' }}>
                <div role="rowheader" className={classes.day}>
                  {day.slice(0, 3)}
                </div>
                {row.map((cell, column) => (
                  <HourView
                    key={columns[column]}
                    cell={cell}
                    measure={measure}
                    most={most}
                    place={`${day} ${timeText(columns[column] ?? 0)}`}
                  />
                ))}
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
}: {
  readonly cell: HourCell
  readonly measure: HourMeasure
  readonly most: number
  readonly place: string
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
  const shade = few ? classes.few : share > STRONG ? classes.strong : ''
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
