import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import type { Cursor } from '../../../core/contract/calls.ts'
import { AUDIT_ACTIONS } from '../../../core/model/audit.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { actionLabel, options, personLabel } from '../../format/labels.ts'
import { MultiFilter } from '../../ui/multi-filter.tsx'
import { PeriodPicker } from '../../ui/period-picker.tsx'
import { PickField } from '../../ui/pick-field.tsx'
import { Failed, Loading, Nothing, NotPermitted } from '../../feedback/states.tsx'
import { useToday } from '../../ui/today-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { useRights } from '../../session/session-context.ts'
import { RECORD_TYPES, recordLabel } from './audit-labels.ts'
import { AuditList } from './audit-list.tsx'
import { auditFilterOf, auditViewFromSearch, auditViewToSearch, WHOLE_TRAIL } from './audit-view.ts'
import type { AuditView } from './audit-view.ts'
import { TrailCoverageNote } from './trail-coverage.tsx'
import { coverageOf, linesOf, refetchInterval, sentLater } from './trail-pages.ts'

const PAGE = 100
const NONE_LATE: ReadonlySet<string> = new Set()

export function AuditPage() {
  const rights = useRights()
  if (rights.reach('audit.read') === 'none')
    return (
      <Page title={t`Audit trail`}>
        <NotPermitted title={t`You don’t have access to the audit trail`} />
      </Page>
    )
  return <AuditTrail />
}

function AuditTrail() {
  const search = useSearch({ from: '/audit' })
  const navigate = useNavigate()
  const { query } = useApi()
  const today = useToday()
  const openPanel = useViewState((state) => state.openPanel)
  const view = useMemo(() => auditViewFromSearch(search), [search])
  const filter = useMemo(() => auditFilterOf(view, today), [view, today])
  const trail = useInfiniteQuery(
    query.audit.list.infiniteOptions({
      input: (after: Cursor | null) => ({ ...filter, after, limit: PAGE }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next,
      placeholderData: (previous) => previous,
      refetchInterval: ({ state }) => refetchInterval(state.data?.pages),
    }),
  )
  // While the entries of the previous filter are shown, the list keeps its position.
  const [listKey, setListKey] = useState(filter)
  if (listKey !== filter && !trail.isPlaceholderData) setListKey(filter)
  const entries = useMemo(() => linesOf(trail.data?.pages), [trail.data])
  const coverage = coverageOf(trail.data?.pages)
  const status = useQuery(query.sync.status.queryOptions())
  // Only in the order of the server can times be out of order. Without the server the list is incomplete, so nothing is marked.
  const isServersOrder = coverage === 'complete' && (status.data?.serverUrl ?? null) !== null
  const late = useMemo(() => (isServersOrder ? sentLater(entries) : NONE_LATE), [isServersOrder, entries])
  const mayGoOn = trail.hasNextPage && !trail.isFetching && !trail.isFetchNextPageError
  const more = () => {
    if (mayGoOn) void trail.fetchNextPage()
  }
  // A page may be empty although more pages follow.
  useEffect(() => {
    if (entries.length === 0) more()
  })
  const setView = (next: AuditView) => void navigate({ to: '/audit', search: auditViewToSearch(next), replace: true })
  const isFiltered = Object.keys(auditViewToSearch(view)).length > 0

  return (
    <Page
      title={t`Audit trail`}
      fill
      actions={
        isFiltered && (
          <Button variant="subtle" onClick={() => setView(WHOLE_TRAIL)}>
            <Trans>Reset filters</Trans>
          </Button>
        )
      }
      bar={<AuditFilterBar view={view} onChange={setView} />}
    >
      <TrailCoverageNote coverage={coverage} />
      {trail.isError && trail.data === undefined ? (
        <Failed error={trail.error} retry={() => void trail.refetch()} />
      ) : trail.data === undefined || (entries.length === 0 && trail.hasNextPage && !trail.isFetchNextPageError) ? (
        <Loading what={t`Audit trail`} />
      ) : entries.length > 0 ? (
        <AuditList
          list={listKey}
          entries={entries}
          sentLater={late}
          isSwitching={trail.isPlaceholderData}
          onEnd={more}
          onOpen={(entry) => openPanel({ kind: 'audit-entry', entry })}
        />
      ) : (
        <Nothing
          title={isFiltered ? t`No entries match` : t`No entries yet`}
          action={
            isFiltered && (
              <Button variant="default" onClick={() => setView(WHOLE_TRAIL)}>
                <Trans>Reset filters</Trans>
              </Button>
            )
          }
        >
          {isFiltered ? t`Remove or reset filters.` : t`Every change to a record appears here.`}
        </Nothing>
      )}
      {trail.isFetchNextPageError && <Failed error={trail.error} retry={() => void trail.fetchNextPage()} />}
    </Page>
  )
}

function AuditFilterBar({ view, onChange }: { readonly view: AuditView; readonly onChange: (view: AuditView) => void }) {
  const rights = useRights()
  const people = usePeople()
  const set = (part: Partial<AuditView>) => onChange({ ...view, ...part })
  return (
    <Group gap="sm" role="search" aria-label={t`Filter audit trail`}>
      <PeriodPicker value={view.period} onChange={(period) => set({ period })} withAny />
      <PickField
        aria-label={t`Record type`}
        placeholder={t`Record type`}
        clearable
        w={160}
        data={options(RECORD_TYPES, recordLabel)}
        value={view.tableName}
        onChange={(tableName) => set({ tableName })}
      />
      <MultiFilter
        label={t`Action`}
        choices={options(AUDIT_ACTIONS, actionLabel)}
        value={view.actions}
        onChange={(values) => set({ actions: AUDIT_ACTIONS.filter((action) => values.includes(action)) })}
      />
      {rights.reach('audit.read') === 'all' && (
        <PickField
          aria-label={t`User`}
          placeholder={t`User`}
          clearable
          w={200}
          data={people.list.map((person) => ({ value: person.id, label: personLabel(person) }))}
          value={view.userId}
          onChange={(userId) => set({ userId })}
        />
      )}
    </Group>
  )
}
