import { ActionIcon, Anchor, Group, Paper, Popover, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { METRICS } from '../../../core/metrics/metrics.ts'
import type { ComparedFigure } from '../../../core/contract/reports.ts'
import type { CallCounts, Figure } from '../../../core/metrics/metrics.ts'
import type { SearchText } from '../../view/search-text.ts'
import { UNDECIDED_DEFINITION } from '../../../core/figures/report-parts.ts'
import { drawSparkline } from '../../../core/charts/sparkline.ts'
import { Marks } from '../../ui/chart/chart.tsx'
import { ChangeBadge } from './change-badge.tsx'
import { formatCount, formatFigure, formatShare, plural } from '../../format/numbers.ts'
import { rowsBehind, undecidedRows } from './dashboard-view.ts'
import type { DashboardView } from './dashboard-view.ts'

type Props = {
  readonly figure: ComparedFigure
  /** The value in each bucket of the period. */
  readonly course: readonly (number | null)[]
  /** The value of the whole team, for people who see only their own figures. */
  readonly team: Figure | undefined
  readonly counts: CallCounts
  readonly view: DashboardView
}

function CallsLink({
  search,
  label,
  children,
  size,
}: {
  readonly search: SearchText
  readonly label: string
  readonly children: ReactNode
  readonly size?: 'figure'
}) {
  return (
    <Anchor
      aria-label={label}
      {...(size === 'figure' && { fz: 24, lh: '32px', fw: 600, c: 'inherit' })}
      renderRoot={(props) => <Link to="/calls" search={search} {...props} />}
    >
      {children}
    </Anchor>
  )
}

/** One figure: its value, its parts and its formula. Each number opens the calls that are counted in it. */
export function FigureCard({ figure, course, team, counts, view }: Props) {
  const { key } = figure
  const { label, definition } = METRICS[key]
  return (
    <Card label={label} definition={definition}>
      <Group gap="sm" align="baseline" wrap="nowrap">
        <CallsLink
          size="figure"
          label={`${label} ${formatFigure(figure)}: show the calls`}
          search={rowsBehind(key, 'denominator', view)}
        >
          {formatFigure(figure)}
        </CallsLink>
        <ChangeBadge metric={key} change={figure.change} />
      </Group>
      <Marks drawing={drawSparkline(course, 140, 24)} />
      <Text c="dimmed">
        <Basis figure={figure} counts={counts} view={view} />
      </Text>
      {team !== undefined && (
        <Text c="dimmed">
          Team {key === 'calls' || key === 'talk_time' ? 'total' : 'average'}: {formatFigure(team)}
        </Text>
      )}
    </Card>
  )
}

function Basis({ figure, counts, view }: Omit<Props, 'team' | 'course'>) {
  const { key, numerator, denominator } = figure
  const { label } = METRICS[key]
  if (key === 'talk_time') {
    const share = counts.completed === 0 ? null : counts.talkCalls / counts.completed
    return (
      <>
        from {formatCount(counts.talkCalls)} of {plural(counts.completed, 'completed call')} ({formatShare(share)})
      </>
    )
  }
  if (denominator === null)
    return (
      <>
        {formatCount(counts.scheduled)} still scheduled, {formatCount(counts.cancelled)} cancelled
      </>
    )
  return (
    <>
      <CallsLink label={`${label}: show the ${formatCount(numerator)} counted calls`} search={rowsBehind(key, 'numerator', view)}>
        {formatCount(numerator)}
      </CallsLink>
      {' / '}
      <CallsLink
        label={`${label}: show all ${formatCount(denominator)} calls of the rate`}
        search={rowsBehind(key, 'denominator', view)}
      >
        {formatCount(denominator)}
      </CallsLink>
    </>
  )
}

export function UndecidedCard({ counts, view }: { readonly counts: CallCounts; readonly view: DashboardView }) {
  const share = counts.completed === 0 ? null : counts.undecided / counts.completed
  return (
    <Card label="Undecided" definition={UNDECIDED_DEFINITION}>
      <CallsLink size="figure" label={`Undecided ${formatCount(counts.undecided)}: show the calls`} search={undecidedRows(view)}>
        {formatCount(counts.undecided)}
      </CallsLink>
      <Text c="dimmed">
        {formatShare(share)} of {plural(counts.completed, 'completed call')}
      </Text>
    </Card>
  )
}

function Card({
  label,
  definition,
  children,
}: {
  readonly label: string
  readonly definition: string
  readonly children: ReactNode
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={label}>
      <Stack gap={0} align="flex-start">
        <Group justify="space-between" w="100%" wrap="nowrap">
          <Text c="dimmed">{label}</Text>
          <Popover width={280} position="bottom-end" withArrow>
            <Popover.Target>
              <ActionIcon size={20} data-screen-only aria-label={`How is ${label} computed?`}>
                <IconInfoCircle size={14} />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown aria-label={`How ${label} is computed`}>
              <Text>{definition}</Text>
            </Popover.Dropdown>
          </Popover>
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
