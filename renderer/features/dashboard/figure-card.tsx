import { ActionIcon, Group, Paper, Popover, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode, RefObject } from 'react'
import { METRICS } from '../../../core/metrics/metrics.ts'
import type { ComparedFigure } from '../../../core/contract/reports.ts'
import type { TeamReport } from '../../../core/contract/team-report.ts'
import { callsOfCount, callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { UNDECIDED_DEFINITION } from '../../../core/figures/report-parts.ts'
import { drawSparkline } from '../../../core/charts/sparkline.ts'
import { Marks } from '../../ui/chart/chart.tsx'
import { useRovingFocus } from '../../ui/grid/use-roving-focus.ts'
import { ChangeButton } from './change-button.tsx'
import { formatCount, formatFigure, formatShare } from '../../format/numbers.ts'
import type { TargetFigure } from '../../../core/metrics/targets.ts'
import { CallsMark, countedText } from './calls-mark.tsx'
import type { DashboardView } from './dashboard-view.ts'
import { FigureLinks } from './figure-links.tsx'
import { TargetLine, targetDefinition } from './target-line.tsx'
import { TeamAverage } from './team-average.tsx'

type Props = {
  readonly figure: ComparedFigure
  /** The value in each bucket of the period. */
  readonly course: readonly (number | null)[]
  /** For people who see only their own figures. */
  readonly team: TeamReport | null
  readonly target: TargetFigure | undefined
  readonly counts: CallCounts
  readonly view: DashboardView
}

/** One figure: its value, its parts and its formula. Each number opens the calls that are counted in it. */
export function FigureCard({ figure, course, team, target, counts, view }: Props) {
  const { key } = figure
  const { label, definition } = METRICS[key]
  return (
    <Card
      label={label}
      definition={target === undefined ? definition : `${definition} ${targetDefinition(target)}`}
      more={<FigureLinks figure={key} view={view} />}
    >
      <Group gap="sm" align="baseline" wrap="nowrap">
        <CallsMark
          size="figure"
          title={figure.denominator === null ? label : `${label}: ${countedText(callsOfFigure(key, 'denominator'))}`}
          label={`${label} ${formatFigure(figure)}`}
          calls={callsOfFigure(key, 'denominator')}
        >
          {formatFigure(figure)}
        </CallsMark>
        <ChangeButton figure={figure} />
      </Group>
      <Marks drawing={drawSparkline(course, 140, 24, figure.denominator === null ? undefined : target?.target)} />
      <Text c="dimmed">
        <Basis figure={figure} counts={counts} />
      </Text>
      {target !== undefined && <TargetLine target={target} />}
      {team !== null && <TeamAverage metric={key} team={team} />}
    </Card>
  )
}

function Basis({ figure, counts }: Pick<Props, 'figure' | 'counts'>) {
  const { key, numerator, denominator } = figure
  const { label } = METRICS[key]
  const part = (count: number, calls: CountedCalls, words = countedText(calls)) => (
    <CallsMark title={`${label}: ${words}`} label={`${label}: ${formatCount(count)} ${words}`} calls={calls}>
      {formatCount(count)}
    </CallsMark>
  )
  if (key === 'talk_time') {
    const share = counts.completed === 0 ? null : counts.talkCalls / counts.completed
    return (
      <>
        from {part(counts.talkCalls, callsOfCount('talkCalls'))} of {part(counts.completed, callsOfCount('completed'))} completed
        ({formatShare(share)})
      </>
    )
  }
  if (denominator === null)
    return (
      <>
        {part(counts.scheduled, callsOfCount('scheduled'))} still scheduled, {part(counts.cancelled, callsOfCount('cancelled'))}{' '}
        cancelled
      </>
    )
  return (
    <>
      {part(numerator, callsOfFigure(key, 'numerator'))} / {part(denominator, callsOfFigure(key, 'denominator'))}
    </>
  )
}

export function UndecidedCard({ counts, view }: Pick<Props, 'counts' | 'view'>) {
  const share = counts.completed === 0 ? null : counts.undecided / counts.completed
  const [undecided, completed] = [formatCount(counts.undecided), formatCount(counts.completed)]
  return (
    <Card label="Undecided" definition={UNDECIDED_DEFINITION} more={<FigureLinks figure="undecided" view={view} />}>
      <CallsMark size="figure" title="Undecided calls" label={`Undecided ${undecided}`} calls={callsOfCount('undecided')}>
        {undecided}
      </CallsMark>
      <Text c="dimmed">
        {formatShare(share)} of{' '}
        <CallsMark title="Undecided: completed" label={`Undecided: ${completed} completed`} calls={callsOfCount('completed')}>
          {completed}
        </CallsMark>{' '}
        completed
      </Text>
    </Card>
  )
}

function Card({
  label,
  definition,
  more,
  children,
}: {
  readonly label: string
  readonly definition: string
  /** Below the definition. */
  readonly more: ReactNode
  readonly children: ReactNode
}) {
  // The explanation is the first control, the value the second.
  const { ref, ...handlers } = useRovingFocus(1)
  return (
    <Paper withBorder p="md" component="section" aria-label={label}>
      <Stack
        gap={0}
        align="flex-start"
        role="toolbar"
        aria-label={label}
        {...handlers}
        ref={ref as RefObject<HTMLDivElement | null>}
      >
        <Group justify="space-between" w="100%" wrap="nowrap">
          <Text c="dimmed">{label}</Text>
          <Popover width={280} position="bottom-end" withArrow withinPortal={false}>
            <Popover.Target>
              <ActionIcon size={20} data-screen-only aria-label={`How is ${label} computed?`}>
                <IconInfoCircle size={14} />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown aria-label={`How ${label} is computed`}>
              <Text>{definition}</Text>
              {more}
            </Popover.Dropdown>
          </Popover>
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
