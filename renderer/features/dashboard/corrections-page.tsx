import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
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
import { callFieldLabel, callTypeLabel, outcomeLabel, statusLabel } from '../../format/labels.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
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
import { missingReassigned, noAccess } from './report-labels.ts'
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
      <Page title={t`Corrections`}>
        <NotPermitted title={noAccess()} />
      </Page>
    )
  const { knownOn: day } = view
  const back = (knownOn: string | null) => dashboardViewToSearch({ ...view, knownOn })
  return (
    <Page
      title={t`Corrections: ${label}`}
      actions={
        <Group gap="md" wrap="nowrap">
          {day !== null && (
            <Anchor renderRoot={(props) => <Link to="/" search={back(day)} {...props} />}>
              <Trans>Dashboard as known on {day}</Trans>
            </Anchor>
          )}
          <Anchor renderRoot={(props) => <Link to="/" search={back(null)} {...props} />}>
            <Trans>Dashboard as known today</Trans>
          </Anchor>
        </Group>
      }
    >
      {found !== undefined ? (
        <Stack gap="md">
          <Summary figure={key} found={found} period={periodLabel(view.period, zone)} knownOn={view.knownOn} />
          {rows.length === 0 ? (
            <Nothing title={found.count === 0 ? t`No corrections` : t`No corrections to calls that you can see`} />
          ) : (
            <CorrectionsTable rows={rows} />
          )}
          <More list={corrections} shown={rows.length} all={found.count - found.hidden} />
        </Stack>
      ) : corrections.error !== null ? (
        <Failed error={corrections.error} retry={() => void corrections.refetch()} />
      ) : (
        <KnownLoading what={t`Corrections`} />
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
  const [listed, total, next] = [formatCount(shown), formatCount(all), formatCount(Math.min(PAGE, all - shown))]
  return (
    <Stack gap="sm" align="flex-start">
      {list.isFetchNextPageError && <FormError error={list.error} />}
      <Text c="dimmed" role="status" aria-label={t`Listed corrections`}>
        {list.hasNextPage
          ? t`${listed} of ${total} shown, newest first.`
          : t`Only the newest ${listed} of ${total} can be listed.`}
      </Text>
      {list.hasNextPage && (
        <Button
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void (list.isFetchNextPageError ? list.refetch() : list.fetchNextPage())}
        >
          {list.isFetchNextPageError ? t`Load the list again` : t`Show ${next} more`}
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
  const shown = (parts: typeof past) => `${valueText(figure, parts)}${ratio(parts)}`
  const [before, now] = [shown(past), shown(present)]
  return (
    <div>
      <Text role="status" aria-label={t`Figure then and now`}>
        {knownOn === null
          ? t`${period}: ${before} as known when the period ended, ${now} as known today.`
          : t`${period}: ${before} as known on ${knownOn}, ${now} as known today.`}{' '}
        <Plural value={count} one="# correction." other="# corrections." />
      </Text>
      {hidden > 0 && (
        <Text c="dimmed">
          <Plural
            value={hidden}
            one="Not shown: # correction to calls that are no longer yours."
            other="Not shown: # corrections to calls that are no longer yours."
          />
        </Text>
      )}
      {coverage === 'own' && <Text c="dimmed">{missingReassigned()}</Text>}
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
      <GridTable aria-label={t`Corrections`} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>When</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Who</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Call</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Change</Trans>
            </Table.Th>
            <Table.Th ta="end">
              <Trans>Effect</Trans>
            </Table.Th>
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
                  <Text c="dimmed">{deletedName(row)}</Text>
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

function deletedName({ prospectName }: Correction): string {
  const name = prospectName ?? NONE
  return t`${name} (deleted)`
}

type State = NonNullable<Correction['before']>

/** Returns a function that describes a change, one text for each changed field. */
function useChangeTexts(): (row: Correction) => string[] {
  const people = usePeople()
  const reasons = useLossReasons()
  const { zone } = useToday()
  return useMemo(() => {
    const spelled: readonly (readonly [string, (state: State) => string])[] = [
      [callFieldLabel('userId'), ({ userId }) => people.name(userId)],
      [callFieldLabel('callType'), ({ callType }) => callTypeLabel(callType)],
      [callFieldLabel('status'), ({ status }) => statusLabel(status)],
      [callFieldLabel('outcome'), ({ outcome }) => (outcome === null ? NONE : outcomeLabel(outcome))],
      [callFieldLabel('lossReasonId'), ({ lossReasonId }) => (lossReasonId === null ? NONE : reasons.name(lossReasonId))],
      [callFieldLabel('callDuration'), ({ callDuration }) => (callDuration === null ? NONE : formatDuration(callDuration))],
      [t({ message: 'Time', context: 'of an event' }), ({ eventAt }) => formatDateTime(eventAt, zone)],
    ]
    const kind = ({ status, outcome }: State) =>
      outcome === null ? statusLabel(status) : `${statusLabel(status)}, ${outcomeLabel(outcome)}`
    return ({ before, after }) => {
      const call = (state: State) => `${kind(state)}, ${formatDateTime(state.eventAt, zone)}`
      if (before === null) {
        const added = after && call(after)
        return added === null ? [] : [t`Added: ${added}`]
      }
      if (after === null) {
        const deleted = call(before)
        return [t`Deleted: ${deleted}`]
      }
      return spelled.flatMap(([name, text]) => {
        const [from, to] = [text(before), text(after)]
        return from === to ? [] : [`${name}: ${from} → ${to}`]
      })
    }
  }, [people, reasons, zone])
}
