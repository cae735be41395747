import { Text } from '@mantine/core'
import type { TeamReport } from '../../../core/contract/team-report.ts'
import { METRICS, type Figure, type MetricKey } from '../../../core/metrics/metrics.ts'
import { formatDaily, formatFigure, plural } from '../../format/numbers.ts'
import { formatDateTime, formatDay } from '../../format/times.ts'

const figureOf = (figures: readonly Figure[], key: MetricKey) => figures.find((one) => one.key === key)

/** The team's average of one metric. Numbers and times are compared per day of work, next to the person's own on the same days. */
export function TeamAverage({ metric, team }: { readonly metric: MetricKey; readonly team: TeamReport }) {
  const [average, own] = [figureOf(team.figures, metric), figureOf(team.own.figures, metric)]
  if (average === undefined || own === undefined || team.shownDays === 0) return null
  return (
    <Text c="dimmed">
      {METRICS[metric].denominator === undefined
        ? `Per day of work: you ${formatDaily(own)}, team average ${formatDaily(average)}`
        : `Team average: ${formatFigure(average)}`}
    </Text>
  )
}

/** Which days the team's average contains, and how old it is. */
export function TeamNote({ team, zone }: { readonly team: TeamReport | null; readonly zone: string }) {
  return (
    <Text c="dimmed" component="section" aria-label="Team average">
      {noteOf(team, zone)}
    </Text>
  )
}

const RULE = 'at least three people had calls like these'

function noteOf(team: TeamReport | null, zone: string): string {
  if (team === null) return `There is no team average yet. The server sends it for finished days on which ${RULE}.`
  const { shownDays, finishedDays, until, asOf } = team
  const received = asOf === null ? '' : ` Received ${formatDateTime(asOf, zone)}.`
  if (until === null) return `There is no team average yet: no day of this period is over.${received}`
  if (shownDays === 0) return `There is no team average for this period: on no finished day ${RULE}.${received}`
  const lastDay = formatDay(until - 1, zone)
  const days = `Team average of ${plural(shownDays, 'day')} up to ${lastDay}.`
  const left = finishedDays - shownDays
  const without =
    left === 0
      ? ''
      : ` ${left} of ${plural(finishedDays, 'day')} are left out: on them fewer than three people had calls like these.`
  return `${days}${without}${received}`
}
