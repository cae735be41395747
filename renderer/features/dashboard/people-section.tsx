import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, SegmentedControl, Table, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { PersonRow } from '../../../core/contract/reports.ts'
import type { UserId } from '../../../core/id.ts'
import { callsOfCount, callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import { METRICS } from '../../../core/metrics/metrics.ts'
import { MIN_RANKED, type Interval } from '../../../core/metrics/wilson.ts'
import { RANKED_BY, rankPeople, type RankedBy, type RankedPerson } from '../../../core/figures/report-parts.ts'
import { figureLabel } from '../../format/figure-labels.ts'
import { options, outcomeLabel } from '../../format/labels.ts'
import { formatCount, formatFigure, formatWholeShare, NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { GridTable } from '../../ui/grid/grid-table.tsx'
import { CallsMark, countedText } from './calls-mark.tsx'
import { ChangeBadge } from './change-badge.tsx'
import classes from './people-section.module.css'
import { peopleTitle } from './report-labels.ts'
import { Section } from './section.tsx'

type Ranked = RankedPerson<PersonRow>
/** The key that sorts falls first and agents without a change last. */
const fall = ({ change }: Ranked) => (change === null || change.kind === 'new' ? Infinity : change.value)
const difference = (a: number, b: number) => (a === b ? 0 : a - b)

/** `rank` keeps the order of `rankPeople`. */
const ORDERS = {
  rank: () => 0,
  calls: (a: Ranked, b: Ranked) => METRICS.calls.numerator(b.counts) - METRICS.calls.numerator(a.counts),
  won: (a: Ranked, b: Ranked) => b.counts.won - a.counts.won,
  change: (a: Ranked, b: Ranked) => difference(fall(a), fall(b)),
} as const satisfies Record<string, (a: Ranked, b: Ranked) => number>
type Order = keyof typeof ORDERS

/** The agents with their rates, intervals and ranks. Agents with few calls are listed without a rank. */
export function PeopleSection({
  people,
  rankBy: metric,
  onRank,
}: {
  readonly people: readonly PersonRow[]
  readonly rankBy: RankedBy
  onRank: (metric: RankedBy) => void
}) {
  const names = usePeople()
  const [order, setOrder] = useState<Order>('rank')
  const sorted = { order, onSort: setOrder }
  const positions = new Map(names.list.map(({ id }, index) => [id, index]))
  const rows = rankPeople(people, metric, (userId) => positions.get(userId) ?? positions.size).toSorted(ORDERS[order])
  return (
    <Section
      title={peopleTitle()}
      actions={
        <SegmentedControl
          data-screen-only
          aria-label={t`Rank agents by`}
          value={metric}
          data={options(RANKED_BY, figureLabel)}
          onChange={(value) => onRank(RANKED_BY.find((each) => each === value) ?? 'close_rate')}
        />
      }
    >
      <Table.ScrollContainer minWidth={560}>
        <GridTable aria-label={peopleTitle()} data-figures>
          <Table.Thead>
            <Table.Tr>
              <SortedHead by="rank" label={t`Rank`} {...sorted} />
              <Table.Th>
                <Trans>Name</Trans>
              </Table.Th>
              <SortedHead by="calls" label={figureLabel('calls')} {...sorted} />
              <SortedHead by="won" label={outcomeLabel('won')} {...sorted} />
              <Table.Th ta="end">{figureLabel(metric)}</Table.Th>
              <Table.Th ta="end">
                <Trans>n / d</Trans>
              </Table.Th>
              <SortedHead by="change" label={t`Change`} {...sorted} />
              <Table.Th w="25%">
                <Trans>95% interval</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ userId, counts, rate, rank, interval, change, isBeyondChance }) => (
              <Table.Tr key={userId}>
                <Table.Td ta="end">{rank ?? NONE}</Table.Td>
                <Table.Td>
                  <CallsMark title={names.name(userId)} label={names.name(userId)} calls={{ userIds: [userId] }}>
                    {names.name(userId)}
                  </CallsMark>
                </Table.Td>
                <Table.Td ta="end">
                  <PersonMark
                    userId={userId}
                    count={METRICS.calls.numerator(counts)}
                    calls={callsOfFigure('calls', 'numerator')}
                  />
                </Table.Td>
                <Table.Td ta="end">
                  <PersonMark userId={userId} count={counts.won} calls={callsOfCount('won')} />
                </Table.Td>
                <Table.Td ta="end">{formatFigure(rate)}</Table.Td>
                <Table.Td ta="end">
                  <PersonMark userId={userId} count={rate.numerator} calls={callsOfFigure(metric, 'numerator')} />
                  {' / '}
                  <PersonMark userId={userId} count={rate.denominator ?? 0} calls={callsOfFigure(metric, 'denominator')} />
                </Table.Td>
                <Table.Td ta="end">
                  <ChangeBadge metric={metric} change={change} isFaint={!isBeyondChance} />
                </Table.Td>
                <Table.Td>
                  <IntervalView interval={interval} value={rate.value} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </GridTable>
      </Table.ScrollContainer>
      <Text c="dimmed">
        <Trans>
          Ranked by the lower end of the 95% interval. Agents with fewer than {MIN_RANKED} calls in the denominator have no rank.
          A grey change may be due to chance.
        </Trans>
      </Text>
    </Section>
  )
}

/** The header of a column that sorts the table. */
function SortedHead({
  by,
  label,
  order,
  onSort,
}: {
  readonly by: Order
  readonly label: string
  readonly order: Order
  onSort: (order: Order) => void
}) {
  const isOrder = order === by
  const direction = by === 'rank' || by === 'change' ? 'ascending' : 'descending'
  return (
    <Table.Th ta="end" aria-sort={isOrder ? direction : 'none'}>
      <UnstyledButton fz="inherit" fw={isOrder ? 700 : 'inherit'} onClick={() => onSort(by)}>
        {label}
        {isOrder && (direction === 'ascending' ? ' ↑' : ' ↓')}
      </UnstyledButton>
    </Table.Th>
  )
}

/** A count of an agent’s calls. A click opens them. */
function PersonMark({ userId, count, calls }: { readonly userId: UserId; readonly count: number; readonly calls: CountedCalls }) {
  const title = `${usePeople().name(userId)}: ${countedText(calls)}`
  return (
    <CallsMark title={title} label={`${title}, ${formatCount(count)}`} calls={{ ...calls, userIds: [userId] }}>
      {formatCount(count)}
    </CallsMark>
  )
}

function IntervalView({ interval, value }: { readonly interval: Interval | null; readonly value: number | null }) {
  if (interval === null || value === null) return NONE
  const { low, high } = interval
  return (
    <Group gap={4} wrap="wrap">
      <div className={classes.track} aria-hidden>
        <div className={classes.interval} style={{ insetInlineStart: `${100 * low}%`, width: `${100 * (high - low)}%` }} />
        <div className={classes.value} style={{ insetInlineStart: `${100 * value}%` }} />
      </div>
      <Text span c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {formatWholeShare(low)} – {formatWholeShare(high)}
      </Text>
    </Group>
  )
}
