import { Anchor, Group, SegmentedControl, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PersonRow } from '../../../core/contract/reports.ts'
import { changeOf } from '../../../core/metrics/change.ts'
import { figure, METRICS } from '../../../core/metrics/metrics.ts'
import { MIN_RANKED, type Interval } from '../../../core/metrics/wilson.ts'
import { PEOPLE_TITLE, RANKED_BY, rankPeople, type RankedBy } from '../../../core/figures/report-parts.ts'
import { formatCount, formatFigure, formatShare, NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { ChangeBadge } from './change-badge.tsx'
import { rowsBehind, type DashboardView } from './dashboard-view.ts'
import classes from './people-section.module.css'
import { Section } from './section.tsx'

/** The people with their rates, intervals and ranks. People with few calls are listed without a rank. */
export function PeopleSection({ people, view }: { readonly people: readonly PersonRow[]; readonly view: DashboardView }) {
  const names = usePeople()
  const [metric, setMetric] = useState<RankedBy>('close_rate')
  const order = new Map(names.list.map(({ id }, index) => [id, index]))
  const rows = rankPeople(people, metric, (userId) => order.get(userId) ?? order.size)
  return (
    <Section
      title={PEOPLE_TITLE}
      actions={
        <SegmentedControl
          data-screen-only
          aria-label="Rank people by"
          value={metric}
          data={RANKED_BY.map((value) => ({ value, label: METRICS[value].label }))}
          onChange={(value) => setMetric(RANKED_BY.find((each) => each === value) ?? 'close_rate')}
        />
      }
    >
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label={PEOPLE_TITLE}>
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
            {rows.map(({ userId, counts, former, rate, rank, interval }) => (
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
                  <IntervalView interval={interval} value={rate.value} />
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

function IntervalView({ interval, value }: { readonly interval: Interval | null; readonly value: number | null }) {
  if (interval === null || value === null) return NONE
  const { low, high } = interval
  return (
    <Group gap="xs" wrap="nowrap">
      <div className={classes.track} aria-hidden>
        <div className={classes.interval} style={{ insetInlineStart: `${100 * low}%`, width: `${100 * (high - low)}%` }} />
        <div className={classes.value} style={{ insetInlineStart: `${100 * value}%` }} />
      </div>
      <Text span c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {formatShare(low)} – {formatShare(high)}
      </Text>
    </Group>
  )
}
