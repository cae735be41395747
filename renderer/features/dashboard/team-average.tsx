import { plural, t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { TeamReport } from '../../../core/contract/team-report.ts'
import { METRICS, type Figure, type MetricKey } from '../../../core/metrics/metrics.ts'
import { formatDaily, formatFigure } from '../../format/numbers.ts'
import { formatDateTime, formatDay } from '../../format/times.ts'

const figureOf = (figures: readonly Figure[], key: MetricKey) => figures.find((one) => one.key === key)

/** The team's average of one metric. Numbers and times are per day worked, next to the person’s own on the same days. */
export function TeamAverage({ metric, team }: { readonly metric: MetricKey; readonly team: TeamReport }) {
  const [average, own] = [figureOf(team.figures, metric), figureOf(team.own.figures, metric)]
  if (average === undefined || own === undefined || team.shownDays === 0) return null
  const isDaily = METRICS[metric].denominator === undefined
  const [mine, teams] = isDaily ? [formatDaily(own), formatDaily(average)] : [formatFigure(own), formatFigure(average)]
  return <Text c="dimmed">{isDaily ? t`Per day worked: you ${mine}, team average ${teams}` : t`Team average: ${teams}`}</Text>
}

/** The days that the team’s average contains, and when it was received. */
export function TeamNote({ team, zone }: { readonly team: TeamReport | null; readonly zone: string }) {
  return (
    <Text c="dimmed" component="section" aria-label={t`Team average`}>
      {noteOf(team, zone)}
    </Text>
  )
}

function noteOf(team: TeamReport | null, zone: string): string {
  if (team === null)
    return t`No team average yet. The server sends it for finished days on which at least three people had matching calls.`
  const { asOf } = team
  const note = periodNote(team, zone)
  if (asOf === null) return note
  const time = formatDateTime(asOf, zone)
  return `${note} ${t`Received ${time}.`}`
}

function periodNote({ shownDays, finishedDays, until }: TeamReport, zone: string): string {
  if (until === null) return t`No team average yet: no day of this period has finished.`
  if (shownDays === 0)
    return t`No team average for this period: it needs a finished day on which at least three people had matching calls.`
  const lastDay = formatDay(until - 1, zone)
  const days = t`Team average of ${plural(shownDays, { one: '# day', other: '# days' })} up to ${lastDay}.`
  const left = finishedDays - shownDays
  if (left === 0) return days
  const without = t`${left} of ${plural(finishedDays, { one: '# day', other: '# days' })} left out: fewer than three people had matching calls.`
  return `${days} ${without}`
}
