import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { keepPreviousData, skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import type { CallCount, CallFilter } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { UPCOMING } from '../../format/period-choice.ts'
import { atLeast } from '../../format/numbers.ts'
import { callsText, showUpcomingText } from './calls-text.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { Failed, Loading, Nothing, NotPermitted } from '../../feedback/states.tsx'
import { useActions, useKeyText, useOfferedActions } from '../../keys/use-actions.ts'
import { useToday } from '../../ui/today-context.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { useRights } from '../../session/session-context.ts'
import { CallsFilterBar } from './calls-filter-bar.tsx'
import { CallsGrid } from './calls-grid.tsx'
import { changed, filterOf, isFiltered, unfiltered, upcomingOf, viewFromSearch, viewToSearch } from './calls-view.ts'
import type { CallsView } from './calls-view.ts'
import { ExportMenu } from './export-menu.tsx'
import { useChosenCalls } from './chosen-calls.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useBulkJob } from './bulk-job.ts'
import { useBulkCommands } from './use-bulk-commands.ts'
import { useCallCommands } from './use-call-commands.ts'
import { useCallMarks } from './use-call-marks.ts'
import { useCallPages } from './use-call-pages.ts'
import { useEnterList } from './use-enter-list.ts'
import { useHiddenColumns } from './use-hidden-columns.ts'
import type { MarkedCalls } from './use-marks.ts'
import { useMarks } from './use-marks.ts'
import { useSelection } from './use-selection.ts'

export function CallsPage() {
  const rights = useRights()
  if (rights.reach('calls.read') === 'none')
    return (
      <Page title={t`Calls`}>
        <NotPermitted title={t`You don’t have access to calls`} />
      </Page>
    )
  return <CallsList />
}

function CallsList() {
  const search = useSearch({ from: '/calls' })
  const navigate = useNavigate()
  const rights = useRights()
  const today = useToday()
  const people = usePeople()
  const reasons = useLossReasons()
  const commands = useCallCommands()
  const { query } = useApi()
  const queries = useQueryClient()
  const openPanel = useViewState((state) => state.openPanel)
  const searchField = useRef<HTMLInputElement>(null)

  const view = useMemo(() => viewFromSearch(search), [search])
  const filter = useMemo(() => filterOf(view, today), [view, today])
  const upcoming = useUpcoming(useMemo(() => upcomingOf(view, today), [view, today]))
  const { pages, isSwitching } = useCallPages(filter, view.sort)
  const selection = useSelection(pages)
  const marked = useMarks(pages, isSwitching ? null : { filter, sort: view.sort })
  const runBulk = useBulkCommands()
  const actions = useRef<HTMLDivElement>(null)
  const enterList = useEnterList({ text: view.text, pages, isSwitching, selection, searchField })
  const marksOf = useCallMarks(view.text)
  const hidden = useHiddenColumns()
  const context = useMemo(
    () => ({ people, reasons, zone: today.zone, now: today.now, marksOf, hidden }),
    [people, reasons, today, marksOf, hidden],
  )

  const setView = (next: CallsView) => void navigate({ to: '/calls', search: viewToSearch(next), replace: true })
  const mayCreate = rights.reach('calls.create') !== 'none'
  const open = (call: Call, focus: boolean) => openPanel({ kind: 'call', id: call.id, focus })
  const showProspect = ({ id }: Call) => openPanel({ kind: 'prospect', id, focus: true })
  const edit = (call: Call) => {
    if (!rights.may('calls.edit', call.userId)) return
    // The form opens at once with the cached call, so that it receives the next key.
    queries.setQueryData(query.calls.get.queryKey({ input: { id: call.id } }), call)
    openPanel({ kind: 'edit-call', id: call.id })
  }
  const remove = (call: Call) => {
    if (rights.may('calls.delete', call.userId)) void commands.remove(call)
  }

  // While the details are open, they show the call to which the selection moves.
  const selectedId = selection.id
  const isMarking = marked.isAny
  useEffect(() => {
    const shown = useViewState.getState().panel
    if (selectedId !== null && !isMarking && shown?.kind === 'call' && shown.id !== selectedId)
      openPanel({ kind: 'call', id: selectedId, focus: false })
  }, [selectedId, isMarking, openPanel])

  useChosen(marked)
  const removeMarked = () => {
    if (marked.selection === null || rights.reach('calls.delete') === 'none') return
    // The application refuses a second action while one runs. The bar shows the first one, and the selection stays.
    if (useBulkJob.getState().running !== null) return
    marked.clear()
    void runBulk(marked.selection, { kind: 'delete' }, '')
  }
  const isPanelOpen = useViewState((state) => state.panel !== null)
  // With a panel open Escape closes the panel first; in the list itself it clears the selection.
  useActions({ 'list.clear': marked.clear }, isMarking && !isPanelOpen)

  const isMarkedDeletable = isMarking && rights.reach('calls.delete') !== 'none'
  const active = selection.index === null || isMarking ? undefined : pages.rowAt(selection.index)
  const mayEdit = active !== undefined && rights.may('calls.edit', active.userId)
  const mayDelete = active !== undefined && rights.may('calls.delete', active.userId)
  useOfferedActions({
    'call.edit': mayEdit ? () => edit(active) : undefined,
    'call.prospect': active === undefined ? undefined : () => showProspect(active),
    'call.delete': isMarkedDeletable ? removeMarked : mayDelete ? () => remove(active) : undefined,
  })

  const showUpcoming = () => setView(changed(view, { period: UPCOMING }))
  const reset = () => setView(unfiltered(view))
  useActions({
    'list.search': () => {
      searchField.current?.focus()
      searchField.current?.select()
    },
    'list.reset': isFiltered(view) ? reset : undefined,
  })
  const newCallKey = useKeyText('call.new')
  const upcomingCount = atLeast(upcoming)
  const newCall = mayCreate && (
    <Button leftSection={<IconPlus size={14} />} onClick={() => openPanel({ kind: 'new-call' })}>
      <Trans>New call</Trans>
    </Button>
  )
  return (
    <Page
      title={t`Calls`}
      fill
      actions={
        <>
          {isFiltered(view) && (
            <Button variant="subtle" onClick={reset}>
              <Trans>Reset filters</Trans>
            </Button>
          )}
          {upcoming.total > 0 && (
            <Button variant="subtle" onClick={showUpcoming} title={t`This list ends today. Show the calls from tomorrow on`}>
              <Trans>{upcomingCount} upcoming</Trans>
            </Button>
          )}
          <Text c="dimmed" truncate role="status" aria-label={t`Number of calls`}>
            {pages.total === undefined ? '' : callsText({ total: pages.total, exact: pages.isExact })}
          </Text>
          {rights.reach('export.run') !== 'none' && <ExportMenu list={{ filter, sort: view.sort }} disabled={!pages.total} />}
          {newCall}
        </>
      }
      bar={<CallsFilterBar view={view} searchField={searchField} onChange={setView} onEnterList={enterList} />}
    >
      {pages.error !== undefined && pages.rowAt(0) === undefined ? (
        <Failed error={pages.error} retry={() => pages.retry()} />
      ) : pages.total === undefined ? (
        <Loading what={t`Calls`} />
      ) : pages.total > 0 ? (
        <CallsGrid
          pages={pages}
          isSwitching={isSwitching}
          sort={view.sort}
          context={context}
          selection={selection}
          marked={marked}
          onSort={(sort) => setView({ ...view, sort })}
          onOpen={open}
          onEdit={edit}
          onProspect={showProspect}
          onDelete={remove}
          onDeleteMarked={removeMarked}
          onActions={() => actions.current?.querySelector<HTMLElement>('button:enabled')?.focus()}
        />
      ) : isFiltered(view) ? (
        <Nothing
          title={t`No calls match`}
          action={
            <Button variant="default" onClick={reset}>
              <Trans>Reset filters</Trans>
            </Button>
          }
        >
          <Trans>Remove or reset filters.</Trans>
        </Nothing>
      ) : upcoming.total > 0 ? (
        <Nothing
          title={t`No calls up to today`}
          action={
            <Button variant="default" onClick={showUpcoming}>
              {showUpcomingText(upcoming)}
            </Button>
          }
        />
      ) : (
        <Nothing title={t`No calls yet`} action={newCall}>
          {mayCreate && newCallKey !== undefined && <Trans>Press {newCallKey} to log the first one.</Trans>}
          {!mayCreate && <Trans>No one has logged a call yet.</Trans>}{' '}
          {rights.reach('import.run') !== 'none' && <Trans>To add calls from another system, open Import.</Trans>}
        </Nothing>
      )}
      <SelectionBar
        actions={actions}
        marked={marked}
        onReassign={() => openPanel({ kind: 'bulk', action: 'reassign' })}
        onTag={() => openPanel({ kind: 'bulk', action: 'tag' })}
        onDelete={removeMarked}
      />
    </Page>
  )
}

/** Passes the selected calls to the panel on the right. A selection whose end has left the list is cleared, with the reason. */
function useChosen(marked: MarkedCalls): void {
  const choose = useChosenCalls((state) => state.choose)
  const { selection, count, error, clear } = marked
  const latest = useRef(clear)
  useEffect(() => {
    latest.current = clear
  })
  useEffect(() => {
    const isReady = selection !== null && count !== undefined && count > 0
    choose(isReady ? { selection, count, clear: () => latest.current() } : null)
  }, [choose, selection, count])
  useEffect(() => () => choose(null), [choose])
  useEffect(() => {
    if (error === null || error === undefined) return
    notifyError(error)
    latest.current()
  }, [error])
}

const NO_CALLS: CallCount = { total: 0, exact: true }

/** The number of upcoming calls, which the list leaves out. */
function useUpcoming(filter: CallFilter | null): CallCount {
  const { query } = useApi()
  const count = useQuery(
    query.calls.count.queryOptions({ input: filter === null ? skipToken : { filter }, placeholderData: keepPreviousData }),
  )
  return filter === null || count.data === undefined ? NO_CALLS : count.data
}
