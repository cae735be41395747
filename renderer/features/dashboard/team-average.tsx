import { Text } from '@mantine/core'
import type { TeamReport } from '../../../core/contract/team-report.ts'
import { METRICS, type Figure, type MetricKey } from '../../../core/metrics/metrics.ts'
import { formatDaily, formatFigure, plural } from '../../format/numbers.ts'
import { formatDateTime, formatDay } from '../../format/times.ts'

const figureOf = (figures: readonly Figure[], key: MetricKey) => figures.find((one) => one.key === key)

/** The team's average of one metric. Numbers and times are per day worked, next to the person’s own on the same days. */
export function TeamAverage({ metric, team }: { readonly metric: MetricKey; readonly team: TeamReport }) {
  const [average, own] = [figureOf(team.figures, metric), figureOf(team.own.figures, metric)]
  if (average === undefined || own === undefined || team.shownDays === 0) return null
  return (
    <Text c="dimmed">
      {METRICS[metric].denominator === undefined
        ? `Per day worked: you ${formatDaily(own)}, team average ${formatDaily(average)}`
        : `Team average: ${formatFigure(average)}`}
    </Text>
  )
}

/** The days that the team’s average contains, and when it was received. */
export function TeamNote({ team, zone }: { readonly team: TeamReport | null; readonly zone: string }) {
  return (
    <Text c="dimmed" component="section" aria-label="Team average">
      {noteOf(team, zone)}
    </Text>
  )
}

const RULE = 'at least three people had matching calls'

function noteOf(team: TeamReport | null, zone: string): string {
  if (team === null) return `No team average yet. The server sends it for finished days on which ${RULE}.`
  const { shownDays, finishedDays, until, asOf } = team
  const received = asOf === null ? '' : ` Received ${formatDateTime(asOf, zone)}.`
  if (until === null) return `No team average yet: no day of this period has finished.${received}`
  if (shownDays === 0) return `No team average for this period: it needs a finished day on which ${RULE}.${received}`
  const lastDay = formatDay(until - 1, zone)
  const days = `Team average of ${plural(shownDays, 'day')} up to ${lastDay}.`
  const left = finishedDays - shownDays
  const without =
    left === 0 ? '' : ` ${left} of ${plural(finishedDays, 'day')} left out: fewer than three people had matching calls.`
  return `${days}${without}${received}`
}
