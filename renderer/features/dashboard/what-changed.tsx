import { Anchor, Stack, Table, Text, Title } from '@mantine/core'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { CallFilter } from '../../../core/contract/calls.ts'
import type { ReportFilter, ReportPage } from '../../../core/contract/reports.ts'
import { contributions, type Contribution } from '../../../core/metrics/contributions.ts'
import { callsOfFigure } from '../../../core/metrics/counted-calls.ts'
import { METRICS, NO_CALLS, type Figure, type MetricKey, type ParetoRow } from '../../../core/metrics/metrics.ts'
import { reasonLabel } from '../../../core/figures/report-parts.ts'
import { CALL_TYPES } from '../../../core/model/call-fields.ts'
import { useApi } from '../../api/api-context.ts'
import { bucketTitle } from '../../../core/time/bucket-names.ts'
import { signedCount, signedPoints } from '../../format/changes.ts'
import { formatTotalDuration } from '../../format/durations.ts'
import { CALL_TYPE_LABELS } from '../../../core/model/call-labels.ts'
import { formatCount, formatFigure, formatShare, NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { GridTable } from '../../ui/grid/grid-table.tsx'
import { useOpenCalls } from './calls-mark.tsx'

/** The maximum number of rows in a table. The others are added up in one row. */
const SHOWN = 8

type Props = {
  readonly metric: MetricKey
  readonly report: ReportPage
  readonly filter: ReportFilter
  /** Called before the calls of a row are shown. */
  readonly onOpenCalls: () => void
}

/** Metrics whose value depends on lost calls. */
const WITH_REASONS: ReadonlySet<MetricKey> = new Set(['close_rate', 'win_rate'])

/** The parts of a figure’s change by agent, by call type and by loss reason. */
export function WhatChanged({ metric, report, filter, onOpenCalls }: Props) {
  const names = usePeople()
  const open = useOpenCalls()
  const { compared, range, zone } = report
  if (compared === null) return null
  const people = contributions(
    metric,
    report.people.map(({ userId, counts, former }) => ({ key: userId, counts, former: former ?? NO_CALLS })),
  )
  const openCalls = (title: string, calls: CallFilter) => {
    onOpenCalls()
    open(title, { ...callsOfFigure(metric, 'denominator'), ...calls })
  }
  return (
    <Stack gap="lg">
      <Text c="dimmed">
        {bucketTitle(range, 'week', zone)}, compared with {bucketTitle(compared, 'week', zone)}. The effects in each table add up
        to the change.
      </Text>
      {report.reach === 'all' && people.length > 1 && (
        <Effects
          title="By agent"
          heading="Agent"
          metric={metric}
          rows={people}
          nameOf={names.name}
          onOpen={(userId) => openCalls(names.name(userId), { userIds: [userId] })}
        />
      )}
      <ByType metric={metric} report={report} filter={filter} openCalls={openCalls} />
      {WITH_REASONS.has(metric) && <ByReason report={report} filter={filter} />}
    </Stack>
  )
}

type PartProps = Pick<Props, 'metric' | 'report' | 'filter'>

function ByType({ metric, report, filter, openCalls }: PartProps & { openCalls: (title: string, calls: CallFilter) => void }) {
  const { query } = useApi()
  const { range, compared } = report
  const types = CALL_TYPES.filter((type) => !filter.callTypes?.length || filter.callTypes.includes(type))
  const summary = (callType: (typeof CALL_TYPES)[number], period: typeof range) =>
    query.reports.summary.queryOptions({
      input: { range: period, userIds: filter.userIds, callTypes: [callType] },
      placeholderData: keepPreviousData,
    })
  const answers = useQueries({
    queries: types.flatMap((type) => [summary(type, range), summary(type, compared ?? range)]),
  })
  if (types.length < 2 || answers.some(({ data }) => data === undefined)) return null
  const rows = contributions(
    metric,
    types.map((key, index) => ({
      key,
      counts: answers[2 * index]?.data?.counts ?? NO_CALLS,
      former: answers[2 * index + 1]?.data?.counts ?? NO_CALLS,
    })),
  )
  return (
    <Effects
      title="By type"
      heading="Type"
      metric={metric}
      rows={rows}
      nameOf={(type) => CALL_TYPE_LABELS[type]}
      onOpen={(type) => openCalls(CALL_TYPE_LABELS[type], { callTypes: [type] })}
    />
  )
}

function effectText(metric: MetricKey, value: number): string {
  switch (METRICS[metric].unit) {
    case 'ratio':
      return signedPoints(value)
    case 'count':
      return signedCount(value)
    case 'seconds':
      return `${value < 0 ? '−' : '+'}${formatTotalDuration(Math.round(Math.abs(value)))}`
  }
}

const withParts = (one: Figure) =>
  one.denominator === null || METRICS[one.key].unit !== 'ratio'
    ? formatFigure(one)
    : `${formatFigure(one)} (${formatCount(one.numerator)} / ${formatCount(one.denominator)})`

function verdict(isBeyondChance: boolean | null): string {
  if (isBeyondChance === null) return NONE
  return isBeyondChance ? 'unlikely to be chance' : 'may be chance'
}

function Effects<Key extends string>({
  title,
  heading,
  metric,
  rows,
  nameOf,
  onOpen,
}: {
  readonly title: string
  /** Of the first column. */
  readonly heading: string
  readonly metric: MetricKey
  readonly rows: readonly Contribution<Key>[]
  nameOf: (key: Key) => string
  onOpen: (key: Key) => void
}) {
  if (rows.length === 0) return null
  const rest = rows.slice(SHOWN)
  const isRate = rows.some(({ isBeyondChance }) => isBeyondChance !== null)
  return (
    <section aria-label={title}>
      <Title order={3} mb="xs">
        {title}
      </Title>
      <GridTable aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{heading}</Table.Th>
            <Table.Th ta="end">Before</Table.Th>
            <Table.Th ta="end">Now</Table.Th>
            <Table.Th ta="end">Effect</Table.Th>
            {isRate && <Table.Th>Own change</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, SHOWN).map(({ key, current, former, value, isBeyondChance }) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Anchor component="button" type="button" c="inherit" onClick={() => onOpen(key)}>
                  {nameOf(key)}
                </Anchor>
              </Table.Td>
              <Table.Td ta="end">{withParts(former)}</Table.Td>
              <Table.Td ta="end">{withParts(current)}</Table.Td>
              <Table.Td ta="end" fw={500}>
                {effectText(metric, value)}
              </Table.Td>
              {isRate && <Table.Td c="dimmed">{verdict(isBeyondChance)}</Table.Td>}
            </Table.Tr>
          ))}
          {rest.length > 0 && (
            <Table.Tr>
              <Table.Td c="dimmed" colSpan={3}>
                {rest.length} more
              </Table.Td>
              <Table.Td ta="end">
                {effectText(
                  metric,
                  rest.reduce((sum, { value }) => sum + value, 0),
                )}
              </Table.Td>
              {isRate && <Table.Td />}
            </Table.Tr>
          )}
        </Table.Tbody>
      </GridTable>
    </section>
  )
}

function ByReason({ report, filter }: Pick<Props, 'report' | 'filter'>) {
  const { query } = useApi()
  const { compared, lossReasons } = report
  const { data: before } = useQuery(
    query.reports.summary.queryOptions({
      input: { range: compared ?? report.range, userIds: filter.userIds, callTypes: filter.callTypes },
      placeholderData: keepPreviousData,
    }),
  )
  if (before === undefined) return null
  const of = (rows: readonly ParetoRow[], id: ParetoRow['lossReasonId']) => rows.find(({ lossReasonId }) => lossReasonId === id)
  const all = [...lossReasons, ...before.lossReasons.filter(({ lossReasonId }) => of(lossReasons, lossReasonId) === undefined)]
  const rows = all
    .map((row) => {
      const current = of(lossReasons, row.lossReasonId)
      const former = of(before.lossReasons, row.lossReasonId)
      return { row, current, former, shift: (current?.share ?? 0) - (former?.share ?? 0) }
    })
    .toSorted((a, b) => Math.abs(b.shift) - Math.abs(a.shift))
    .slice(0, SHOWN)
  if (rows.length === 0) return null
  return (
    <section aria-label="By loss reason">
      <Title order={3} mb="xs">
        By loss reason
      </Title>
      <Table aria-label="By loss reason">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Reason</Table.Th>
            <Table.Th ta="end">Before</Table.Th>
            <Table.Th ta="end">Now</Table.Th>
            <Table.Th ta="end">Share of lost calls</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ row, current, former, shift }) => (
            <Table.Tr key={row.lossReasonId ?? 'none'}>
              <Table.Td>{reasonLabel(row)}</Table.Td>
              <Table.Td ta="end">{formatCount(former?.count ?? 0)}</Table.Td>
              <Table.Td ta="end">{formatCount(current?.count ?? 0)}</Table.Td>
              <Table.Td ta="end">
                {formatShare(current?.share ?? 0)} ({signedPoints(shift)})
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
