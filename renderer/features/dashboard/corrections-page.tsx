import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Cursor } from '../../../core/contract/calls.ts'
import type { Correction, Corrections } from '../../../core/contract/known.ts'
import type { ProvenKey } from '../../../core/metrics/proof.ts'
import { useApi } from '../../api/api-context.ts'
import { Failed, FormError, Nothing, NotPermitted } from '../../feedback/states.tsx'
import { formatDuration } from '../../format/durations.ts'
import { CALL_TYPE_LABELS, OUTCOME_LABELS, STATUS_LABELS } from '../../../core/model/call-labels.ts'
import { formatCount, NONE, plural } from '../../format/numbers.ts'
import { periodLabel } from '../../format/period-choice.ts'
import { formatDateTime } from '../../format/times.ts'
import { useRights } from '../../session/session-context.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { Page } from '../../ui/page.tsx'
import { useToday } from '../../ui/today-context.ts'
import { useViewState } from '../../view/view-state.ts'
import { GridTable } from '../../ui/grid/grid-table.tsx'
import { dashboardViewFromSearch, dashboardViewToSearch } from './dashboard-view.ts'
import { effectText, figureText, provenKeyFromText, valueText } from './proof-text.ts'
import { KnownLoading } from './known-loading.tsx'
import { useKnownAt, useReportFilter } from './use-report.ts'

/** The number of corrections that are loaded at a time. */
const PAGE = 100

/** The changes since a day that affected a figure: who changed which call, when, and the effect on the figure. */
export function CorrectionsPage() {
  const rights = useRights()
  const search = useSearch({ from: '/corrections' })
  const view = useMemo(() => dashboardViewFromSearch(search), [search])
  const { query } = useApi()
  const { zone } = useToday()
  const filter = useReportFilter(view)
  const knownAt = useKnownAt(view) ?? filter.range.to
  const key = provenKeyFromText(search['figure'])
  const isPermitted = rights.reach('reports.read') !== 'none'
  const corrections = useInfiniteQuery({
    ...query.reports.known.corrections.infiniteOptions({
      input: (after: Cursor | null) => ({ ...filter, knownAt, key, after, limit: PAGE }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next,
    }),
    enabled: isPermitted,
  })
  const rows = useMemo(() => corrections.data?.pages.flatMap((page) => page.rows) ?? [], [corrections.data])
  const found = corrections.data?.pages[0]
  const { label } = figureText(key)
  if (!isPermitted)
    return (
      <Page title="Corrections">
        <NotPermitted title="You don’t have access to the dashboard" />
      </Page>
    )
  const back = (knownOn: string | null) => dashboardViewToSearch({ ...view, knownOn })
  return (
    <Page
      title={`Corrections: ${label}`}
      actions={
        <Group gap="md" wrap="nowrap">
          {view.knownOn !== null && (
            <Anchor renderRoot={(props) => <Link to="/" search={back(view.knownOn)} {...props} />}>
              Dashboard as known on {view.knownOn}
            </Anchor>
          )}
          <Anchor renderRoot={(props) => <Link to="/" search={back(null)} {...props} />}>Dashboard as known today</Anchor>
        </Group>
      }
    >
      {found !== undefined ? (
        <Stack gap="md">
          <Summary figure={key} found={found} period={periodLabel(view.period, zone)} knownOn={view.knownOn} />
          {rows.length === 0 ? (
            <Nothing title={found.count === 0 ? 'No corrections' : 'No corrections to calls that you can see'} />
          ) : (
            <CorrectionsTable rows={rows} />
          )}
          <More list={corrections} shown={rows.length} all={found.count - found.hidden} />
        </Stack>
      ) : corrections.error !== null ? (
        <Failed error={corrections.error} retry={() => void corrections.refetch()} />
      ) : (
        <KnownLoading what="Corrections" />
      )}
    </Page>
  )
}

/** The number of listed corrections, and the button that loads more of them. */
function More({
  list,
  shown,
  all,
}: {
  readonly list: Pick<
    UseInfiniteQueryResult,
    'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error' | 'fetchNextPage' | 'refetch'
  >
  readonly shown: number
  readonly all: number
}) {
  if (shown >= all) return null
  return (
    <Stack gap="sm" align="flex-start">
      {list.isFetchNextPageError && <FormError error={list.error} />}
      <Text c="dimmed" role="status" aria-label="Listed corrections">
        {list.hasNextPage
          ? `${formatCount(shown)} of ${formatCount(all)} shown, newest first.`
          : `Only the newest ${formatCount(shown)} of ${formatCount(all)} can be listed.`}
      </Text>
      {list.hasNextPage && (
        <Button
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void (list.isFetchNextPageError ? list.refetch() : list.fetchNextPage())}
        >
          {list.isFetchNextPageError ? 'Load the list again' : `Show ${formatCount(Math.min(PAGE, all - shown))} more`}
        </Button>
      )}
    </Stack>
  )
}

function Summary({
  figure,
  found,
  period,
  knownOn,
}: {
  readonly figure: ProvenKey
  readonly found: Corrections
  readonly period: string
  readonly knownOn: string | null
}) {
  const { past, present, count, hidden, coverage } = found
  const ratio = ({ numerator, denominator }: typeof past) =>
    denominator === null || figure === 'average_duration' ? '' : ` (${formatCount(numerator)} ÷ ${formatCount(denominator)})`
  return (
    <div>
      <Text role="status" aria-label="Figure then and now">
        {period}: {valueText(figure, past)}
        {ratio(past)} as known {knownOn === null ? 'when the period ended' : `on ${knownOn}`}, {valueText(figure, present)}
        {ratio(present)} as known today. {plural(count, 'correction')}.
      </Text>
      {hidden > 0 && <Text c="dimmed">Not shown: {plural(hidden, 'correction')} to calls that are no longer yours.</Text>}
      {coverage === 'own' && <Text c="dimmed">Calls that were reassigned since then are missing on this device.</Text>}
    </div>
  )
}

function CorrectionsTable({ rows }: { readonly rows: readonly Correction[] }) {
  const people = usePeople()
  const { zone } = useToday()
  const openPanel = useViewState((state) => state.openPanel)
  const changes = useChangeTexts()
  return (
    <Table.ScrollContainer minWidth={720}>
      <GridTable aria-label="Corrections" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>Call</Table.Th>
            <Table.Th>Change</Table.Th>
            <Table.Th ta="end">Effect</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>{formatDateTime(row.at, zone)}</Table.Td>
              <Table.Td>{people.name(row.userId)}</Table.Td>
              <Table.Td>
                {row.exists ? (
                  <Anchor
                    component="button"
                    type="button"
                    ta="start"
                    onClick={() => openPanel({ kind: 'call', id: row.callId, focus: true })}
                  >
                    {row.prospectName}
                  </Anchor>
                ) : (
                  <Text c="dimmed">{row.prospectName ?? NONE} (deleted)</Text>
                )}
              </Table.Td>
              <Table.Td>
                {changes(row).map((text) => (
                  <div key={text}>{text}</div>
                ))}
              </Table.Td>
              <Table.Td ta="end">{effectText(row.effect)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </GridTable>
    </Table.ScrollContainer>
  )
}

type State = NonNullable<Correction['before']>

/** Returns a function that describes a change, one text for each changed field. */
function useChangeTexts(): (row: Correction) => string[] {
  const people = usePeople()
  const reasons = useLossReasons()
  const { zone } = useToday()
  return useMemo(() => {
    const spelled: readonly (readonly [string, (state: State) => string])[] = [
      ['Agent', ({ userId }) => people.name(userId)],
      ['Type', ({ callType }) => CALL_TYPE_LABELS[callType]],
      ['Status', ({ status }) => STATUS_LABELS[status]],
      ['Outcome', ({ outcome }) => (outcome === null ? NONE : OUTCOME_LABELS[outcome])],
      ['Loss reason', ({ lossReasonId }) => (lossReasonId === null ? NONE : reasons.name(lossReasonId))],
      ['Duration', ({ callDuration }) => (callDuration === null ? NONE : formatDuration(callDuration))],
      ['Time', ({ eventAt }) => formatDateTime(eventAt, zone)],
    ]
    const kind = ({ status, outcome }: State) =>
      outcome === null ? STATUS_LABELS[status] : `${STATUS_LABELS[status]}, ${OUTCOME_LABELS[outcome]}`
    return ({ before, after }) => {
      if (before === null) return after === null ? [] : [`Added: ${kind(after)}, ${formatDateTime(after.eventAt, zone)}`]
      if (after === null) return [`Deleted: ${kind(before)}, ${formatDateTime(before.eventAt, zone)}`]
      return spelled.flatMap(([name, text]) => {
        const [from, to] = [text(before), text(after)]
        return from === to ? [] : [`${name}: ${from} → ${to}`]
      })
    }
  }, [people, reasons, zone])
}
