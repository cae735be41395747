import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, SegmentedControl, Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { RefObject } from 'react'
import { hourText, isFew } from '../../../core/charts/hours.ts'
import { callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { HourCounts } from '../../../core/metrics/metrics.ts'
import { FEW_CALLS, HOUR_MEASURES, hourGrid, type HourCell, type HourMeasure } from '../../../core/figures/report-parts.ts'
import { useRovingFocus } from '../../ui/grid/use-roving-focus.ts'
import { formatCount, formatShare, NONE } from '../../format/numbers.ts'
import { options, weekdayNames } from '../../format/labels.ts'
import { weekHourTitle } from '../../format/week-hours.ts'
import { countedText, showCalls, useOpenCalls } from './calls-mark.tsx'
import { ChartMenu } from './chart-menu.tsx'
import classes from './hours-section.module.css'
import { hourLabel, hoursTitle } from './report-labels.ts'
import { Section } from './section.tsx'

/** The calls that a cell opens: those in the denominator of the measure. */
const CALLS_OF: Record<HourMeasure, CountedCalls> = {
  volume: callsOfFigure('calls', 'numerator'),
  show: callsOfFigure('show_rate', 'denominator'),
  close: callsOfFigure('close_rate', 'denominator'),
}

/**
 * A table of the hours of the week. A higher value has a stronger colour. Hours at the ends of the day without calls are left out. Each cell opens
 * its calls.
 */
export function HoursSection({ hours, weekStart }: { readonly hours: readonly HourCounts[]; readonly weekStart: number }) {
  const [measure, setMeasure] = useState<HourMeasure>('volume')
  const open = useOpenCalls()
  const { ref, ...handlers } = useRovingFocus()
  const { days, hours: columns, cells, most } = hourGrid(measure, hours, weekStart)
  const [title, label] = [hoursTitle(), hourLabel(measure)]
  const shortDays = weekdayNames('short')
  const openCell = (slot: number) => {
    const calls = CALLS_OF[measure]
    open(`${weekHourTitle(slot)}: ${countedText(calls)}`, { ...calls, weekHours: [slot] })
  }

  return (
    <Section
      title={title}
      actions={
        <Group gap="xs" wrap="nowrap">
          <SegmentedControl
            data-screen-only
            aria-label={t`Measure`}
            value={measure}
            data={options(HOUR_MEASURES, hourLabel)}
            onChange={(value) => setMeasure(HOUR_MEASURES.find((each) => each === value) ?? 'volume')}
          />
          <ChartMenu chart="hours" title={`${title}: ${label}`} measure={measure} />
        </Group>
      }
    >
      <div style={{ overflowX: 'auto' }}>
        <div
          {...handlers}
          ref={ref as RefObject<HTMLDivElement | null>}
          className={classes.grid}
          role="grid"
          aria-label={t`${label} by hour and weekday`}
          style={{ '--hours': columns.length } as React.CSSProperties}
        >
          <div role="row" style={{ display: 'contents' }}>
            <div role="columnheader">
              <VisuallyHidden>{t`Weekday`}</VisuallyHidden>
            </div>
            {columns.map((hour) => (
              <div key={hour} role="columnheader" className={classes.head}>
                {hour}
              </div>
            ))}
          </div>
          {cells.map((row, index) => {
            const day = days[index] ?? 0
            const firstSlot = day * 24
            return (
              <div key={day} role="row" style={{ display: 'contents' }}>
                <div role="rowheader" className={classes.day}>
                  {shortDays[day]}
                </div>
                {row.map((cell, column) => {
                  const slot = firstSlot + (columns[column] ?? 0)
                  return (
                    <HourView
                      key={slot}
                      cell={cell}
                      measure={measure}
                      most={most}
                      place={weekHourTitle(slot)}
                      onOpen={() => openCell(slot)}
                    />
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
      {measure !== 'volume' && (
        <Text c="dimmed">
          <Trans>Grey: fewer than {FEW_CALLS} calls, too few to compare.</Trans>
        </Text>
      )}
    </Section>
  )
}

function rateText({ value, n, d }: HourCell): string {
  if (value === null) return NONE
  const [share, numerator, denominator] = [formatShare(value), formatCount(n), formatCount(d)]
  return t`${share}, ${numerator} of ${denominator}`
}

function HourView({
  cell,
  measure,
  most,
  place,
  onOpen,
}: {
  readonly cell: HourCell
  readonly measure: HourMeasure
  readonly most: number
  readonly place: string
  readonly onOpen: () => void
}) {
  const { value, n } = cell
  const few = isFew(measure, cell)
  const share = (value ?? 0) / most
  const text = hourText(measure, cell, formatCount)
  const words = measure === 'volume' ? t`${plural(n, { one: '# call', other: '# calls' })}` : rateText(cell)
  return (
    <div
      role="gridcell"
      tabIndex={-1}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onOpen()
      }}
      aria-label={showCalls(`${place}: ${words}`)}
      className={`${classes.cell} ${few ? classes.few : ''}`}
      title={`${place}: ${words}`}
      style={{ '--share': share } as React.CSSProperties}
    >
      {text}
    </div>
  )
}
