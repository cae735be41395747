import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Group, Paper, Popover, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode, RefObject } from 'react'
import type { ComparedFigure } from '../../../core/contract/reports.ts'
import type { TeamReport } from '../../../core/contract/team-report.ts'
import { callsOfCount, callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { drawSparkline } from '../../../core/charts/sparkline.ts'
import { Marks } from '../../ui/chart/chart.tsx'
import { useRovingFocus } from '../../ui/grid/use-roving-focus.ts'
import { ChangeButton } from './change-button.tsx'
import { figureDefinition, figureLabel } from '../../format/figure-labels.ts'
import { statusWord } from '../../format/labels.ts'
import { formatCount, formatFigure, formatShare } from '../../format/numbers.ts'
import type { TargetFigure } from '../../../core/metrics/targets.ts'
import { CallsMark, countedText } from './calls-mark.tsx'
import type { DashboardView } from './dashboard-view.ts'
import { FigureLinks } from './figure-links.tsx'
import { undecidedTitle } from './report-labels.ts'
import { TargetLine, targetExplanation } from './target-line.tsx'
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
  const [label, definition] = [figureLabel(key), figureDefinition(key)]
  return (
    <Card
      label={label}
      definition={target === undefined ? definition : `${definition} ${targetExplanation(target)}`}
      more={<FigureLinks figure={key} view={view} />}
    >
      <Group gap="0 var(--mantine-spacing-sm)" align="baseline">
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
  const label = figureLabel(key)
  const part = (count: number, calls: CountedCalls, words = countedText(calls)) => (
    <CallsMark title={`${label}: ${words}`} label={`${label}: ${formatCount(count)} ${words}`} calls={calls}>
      {formatCount(count)}
    </CallsMark>
  )
  if (key === 'talk_time') {
    const share = formatShare(counts.completed === 0 ? null : counts.talkCalls / counts.completed)
    const timed = part(counts.talkCalls, callsOfCount('talkCalls'))
    const completed = part(counts.completed, callsOfCount('completed'))
    return (
      <Trans>
        from {timed} of {completed} completed ({share})
      </Trans>
    )
  }
  if (denominator === null) {
    const scheduled = part(counts.scheduled, callsOfCount('scheduled'))
    const cancelled = part(counts.cancelled, callsOfCount('cancelled'))
    return (
      <Trans>
        {scheduled} still scheduled, {cancelled} cancelled
      </Trans>
    )
  }
  return (
    <>
      {part(numerator, callsOfFigure(key, 'numerator'))} / {part(denominator, callsOfFigure(key, 'denominator'))}
    </>
  )
}

export function UndecidedCard({ counts, view }: Pick<Props, 'counts' | 'view'>) {
  const share = formatShare(counts.completed === 0 ? null : counts.undecided / counts.completed)
  const [undecided, count] = [formatCount(counts.undecided), formatCount(counts.completed)]
  const [label, definition] = [figureLabel('undecided'), figureDefinition('undecided')]
  const word = statusWord('completed')
  const completed = (
    <CallsMark title={`${label}: ${word}`} label={`${label}: ${count} ${word}`} calls={callsOfCount('completed')}>
      {count}
    </CallsMark>
  )
  return (
    <Card label={label} definition={definition} more={<FigureLinks figure="undecided" view={view} />}>
      <CallsMark size="figure" title={undecidedTitle()} label={`${label} ${undecided}`} calls={callsOfCount('undecided')}>
        {undecided}
      </CallsMark>
      <Text c="dimmed">
        <Trans>
          {share} of {completed} completed
        </Trans>
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
    <Paper withBorder p="md" component="section" aria-label={label} data-figures>
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
              <ActionIcon size={20} data-screen-only aria-label={t`How is ${label} computed?`}>
                <IconInfoCircle size={14} />
              </ActionIcon>
            </Popover.Target>
            <Popover.Dropdown aria-label={t`How ${label} is computed`}>
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
