import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Stack, Table, Text, Title } from '@mantine/core'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { CallFilter } from '../../../core/contract/calls.ts'
import type { ReportFilter, ReportPage } from '../../../core/contract/reports.ts'
import { contributions, type Contribution } from '../../../core/metrics/contributions.ts'
import { callsOfFigure } from '../../../core/metrics/counted-calls.ts'
import { METRICS, NO_CALLS, type Figure, type MetricKey, type ParetoRow } from '../../../core/metrics/metrics.ts'
import { CALL_TYPES } from '../../../core/model/call-fields.ts'
import { useApi } from '../../api/api-context.ts'
import { bucketTitle } from '../../../core/time/bucket-names.ts'
import type { TimeRange } from '../../../core/time/time-range.ts'
import { signedCount, signedPoints } from '../../format/changes.ts'
import { formatTotalDuration } from '../../format/durations.ts'
import { dateWords } from '../../format/date-locale.ts'
import { callFieldLabel, callTypeLabel } from '../../format/labels.ts'
import { formatCount, formatFigure, formatShare, NONE } from '../../format/numbers.ts'
import { usePeople } from '../../session/use-names.ts'
import { GridTable } from '../../ui/grid/grid-table.tsx'
import { useOpenCalls } from './calls-mark.tsx'
import { lossLabel } from './report-labels.ts'

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
  const name = (period: TimeRange) => bucketTitle(period, 'week', zone, dateWords())
  const [period, former] = [name(range), name(compared)]
  const openCalls = (title: string, calls: CallFilter) => {
    onOpenCalls()
    open(title, { ...callsOfFigure(metric, 'denominator'), ...calls })
  }
  return (
    <Stack gap="lg">
      <Text c="dimmed">{t`${period}, compared with ${former}. The effects in each table add up to the change.`}</Text>
      {report.reach === 'all' && people.length > 1 && (
        <Effects
          title={t`By agent`}
          heading={callFieldLabel('userId')}
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
      title={t`By type`}
      heading={callFieldLabel('callType')}
      metric={metric}
      rows={rows}
      nameOf={callTypeLabel}
      onOpen={(type) => openCalls(callTypeLabel(type), { callTypes: [type] })}
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
  return isBeyondChance ? t`unlikely to be chance` : t`may be chance`
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
  const more = rest.length
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
            <Table.Th ta="end">
              <Trans>Before</Trans>
            </Table.Th>
            <Table.Th ta="end">
              <Trans>Now</Trans>
            </Table.Th>
            <Table.Th ta="end">
              <Trans>Effect</Trans>
            </Table.Th>
            {isRate && (
              <Table.Th>
                <Trans>Own change</Trans>
              </Table.Th>
            )}
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
          {more > 0 && (
            <Table.Tr>
              <Table.Td c="dimmed" colSpan={3}>
                <Trans>{more} more</Trans>
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
  const title = t`By loss reason`
  return (
    <section aria-label={title}>
      <Title order={3} mb="xs">
        {title}
      </Title>
      <Table aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>Reason</Trans>
            </Table.Th>
            <Table.Th ta="end">
              <Trans>Before</Trans>
            </Table.Th>
            <Table.Th ta="end">
              <Trans>Now</Trans>
            </Table.Th>
            <Table.Th ta="end">
              <Trans>Share of lost calls</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ row, current, former, shift }) => (
            <Table.Tr key={row.lossReasonId ?? 'none'}>
              <Table.Td>{lossLabel(row)}</Table.Td>
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
