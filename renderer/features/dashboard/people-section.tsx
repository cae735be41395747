import { Group, SegmentedControl, Table, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { PersonRow } from '../../../core/contract/reports.ts'
import type { UserId } from '../../../core/id.ts'
import { changeOf, type Change } from '../../../core/metrics/change.ts'
import { callsOfCount, callsOfFigure, type CountedCalls } from '../../../core/metrics/counted-calls.ts'
import { figure, METRICS, type Figure } from '../../../core/metrics/metrics.ts'
import { isBeyondChance, MIN_RANKED, ranksOf, wilsonInterval } from '../../../core/metrics/wilson.ts'
import { formatCount, formatFigure, formatShare, NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { CallsMark, countedText } from './calls-mark.tsx'
import { ChangeBadge } from './change-badge.tsx'
import { RANKED_BY, type RankedBy } from './dashboard-view.ts'
import classes from './people-section.module.css'
import { Section } from './section.tsx'

type Row = PersonRow & {
  readonly rate: Figure
  readonly rank: number | null
  readonly change: Change
  readonly isBeyondChance: boolean
}

const rateOf = ({ numerator, denominator }: Figure) => ({ numerator, denominator: denominator ?? 0 })
/** Falls first. People without a change come last. */
const fall = ({ change }: Row) => (change === null || change.kind === 'new' ? Infinity : change.value)
const difference = (a: number, b: number) => (a === b ? 0 : a - b)

const ORDERS = {
  rank: (a: Row, b: Row) => difference(a.rank ?? Infinity, b.rank ?? Infinity),
  calls: (a: Row, b: Row) => METRICS.calls.numerator(b.counts) - METRICS.calls.numerator(a.counts),
  won: (a: Row, b: Row) => b.counts.won - a.counts.won,
  change: (a: Row, b: Row) => difference(fall(a), fall(b)),
} as const satisfies Record<string, (a: Row, b: Row) => number>
type Order = keyof typeof ORDERS

/** The people with their rates, intervals and ranks. People with few calls are listed without a rank. */
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
  const rates = people.map(({ counts }) => figure(metric, counts))
  const ranks = ranksOf(rates.map(({ numerator, denominator }) => ({ numerator, denominator: denominator ?? 0 })))
  const rows = people
    .map((person, index): Row => {
      const rate = rates[index] ?? figure(metric, person.counts)
      const before = person.former === null ? null : figure(metric, person.former)
      return {
        ...person,
        rate,
        rank: ranks[index] ?? null,
        change: before === null ? null : changeOf(rate, before),
        isBeyondChance: before !== null && isBeyondChance(rateOf(rate), rateOf(before)),
      }
    })
    .toSorted(
      (a, b) =>
        ORDERS[order](a, b) ||
        (b.rate.denominator ?? 0) - (a.rate.denominator ?? 0) ||
        names.name(a.userId).localeCompare(names.name(b.userId)),
    )
  return (
    <Section
      title="People"
      actions={
        <SegmentedControl
          aria-label="Rank people by"
          value={metric}
          data={RANKED_BY.map((value) => ({ value, label: METRICS[value].label }))}
          onChange={(value) => onRank(RANKED_BY.find((each) => each === value) ?? 'close_rate')}
        />
      }
    >
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="People">
          <Table.Thead>
            <Table.Tr>
              <SortedHead by="rank" label="Rank" {...sorted} />
              <Table.Th>Name</Table.Th>
              <SortedHead by="calls" label="Calls" {...sorted} />
              <SortedHead by="won" label="Won" {...sorted} />
              <Table.Th ta="end">{METRICS[metric].label}</Table.Th>
              <Table.Th ta="end">n / d</Table.Th>
              <SortedHead by="change" label="Change" {...sorted} />
              <Table.Th w="25%">95 % interval</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ userId, counts, rate, rank, change, ...row }) => (
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
                  <ChangeBadge metric={metric} change={change} isFaint={!row.isBeyondChance} />
                </Table.Td>
                <Table.Td>
                  <Interval numerator={rate.numerator} denominator={rate.denominator ?? 0} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text c="dimmed">
        Ranked by the lower end of the 95 % interval. People with fewer than {MIN_RANKED} calls of the rate have no rank. A change
        in grey is within chance for so few calls.
      </Text>
    </Section>
  )
}

/** The head of a column by which the table can be ordered. */
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

/** A count of a person's calls that opens them. */
function PersonMark({ userId, count, calls }: { readonly userId: UserId; readonly count: number; readonly calls: CountedCalls }) {
  const title = `${usePeople().name(userId)}: ${countedText(calls)}`
  return (
    <CallsMark title={title} label={`${title}, ${formatCount(count)}`} calls={{ ...calls, userIds: [userId] }}>
      {formatCount(count)}
    </CallsMark>
  )
}

function Interval({ numerator, denominator }: { readonly numerator: number; readonly denominator: number }) {
  const interval = wilsonInterval(numerator, denominator)
  if (interval === null) return NONE
  const { low, high } = interval
  return (
    <Group gap="xs" wrap="nowrap">
      <div className={classes.track} aria-hidden>
        <div className={classes.interval} style={{ insetInlineStart: `${100 * low}%`, width: `${100 * (high - low)}%` }} />
        <div className={classes.value} style={{ insetInlineStart: `${(100 * numerator) / denominator}%` }} />
      </div>
      <Text span c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {formatShare(low)} – {formatShare(high)}
      </Text>
    </Group>
  )
}
