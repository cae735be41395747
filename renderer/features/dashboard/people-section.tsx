import { Anchor, Group, SegmentedControl, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { PersonRow } from '../../../core/contract/reports.ts'
import { changeOf } from '../../../core/metrics/change.ts'
import { figure, METRICS } from '../../../core/metrics/metrics.ts'
import { MIN_RANKED, ranksOf, wilsonInterval } from '../../../core/metrics/wilson.ts'
import { formatCount, formatFigure, formatShare, NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { ChangeBadge } from './change-badge.tsx'
import { RANKED_BY, rowsBehind, type DashboardView, type RankedBy } from './dashboard-view.ts'
import classes from './people-section.module.css'
import { Section } from './section.tsx'

/** The people with their rates, intervals and ranks. People with few calls are listed without a rank. */
export function PeopleSection({
  people,
  view,
  onRank,
}: {
  readonly people: readonly PersonRow[]
  readonly view: DashboardView
  onRank: (metric: RankedBy) => void
}) {
  const names = usePeople()
  const metric = view.rankBy
  const rates = people.map(({ counts }) => figure(metric, counts))
  const ranks = ranksOf(rates.map(({ numerator, denominator }) => ({ numerator, denominator: denominator ?? 0 })))
  const rows = people
    .map((person, index) => ({ ...person, rate: rates[index] ?? figure(metric, person.counts), rank: ranks[index] ?? null }))
    .toSorted(
      (a, b) =>
        (a.rank ?? Infinity) - (b.rank ?? Infinity) ||
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
              <Table.Th ta="end" w={48}>
                Rank
              </Table.Th>
              <Table.Th>Name</Table.Th>
              <Table.Th ta="end">Calls</Table.Th>
              <Table.Th ta="end">Won</Table.Th>
              <Table.Th ta="end">{METRICS[metric].label}</Table.Th>
              <Table.Th ta="end">n / d</Table.Th>
              <Table.Th ta="end">Change</Table.Th>
              <Table.Th w="25%">95 % interval</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ userId, counts, former, rate, rank }) => (
              <Table.Tr key={userId}>
                <Table.Td ta="end">{rank ?? NONE}</Table.Td>
                <Table.Td>
                  <Anchor
                    c="inherit"
                    renderRoot={(props) => (
                      <Link to="/calls" search={rowsBehind(metric, 'denominator', { ...view, userIds: [userId] })} {...props} />
                    )}
                  >
                    {names.name(userId)}
                  </Anchor>
                </Table.Td>
                <Table.Td ta="end">{formatCount(METRICS.calls.numerator(counts))}</Table.Td>
                <Table.Td ta="end">{formatCount(counts.won)}</Table.Td>
                <Table.Td ta="end">{formatFigure(rate)}</Table.Td>
                <Table.Td ta="end">
                  {formatCount(rate.numerator)} / {formatCount(rate.denominator ?? 0)}
                </Table.Td>
                <Table.Td ta="end">
                  {former !== null && <ChangeBadge metric={metric} change={changeOf(rate, figure(metric, former))} />}
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
        Ranked by the lower end of the 95 % interval. People with fewer than {MIN_RANKED} calls of the rate have no rank.
      </Text>
    </Section>
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
