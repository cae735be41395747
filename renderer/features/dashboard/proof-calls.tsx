import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { Failed, Nothing } from '../../feedback/states.tsx'
import { useRights } from '../../session/session-context.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { VirtualGrid } from '../../ui/grid/virtual-grid.tsx'
import { useToday } from '../../ui/today-context.ts'
import { useViewState } from '../../view/view-state.ts'
import { CallPages, type LoadPage } from '../calls/call-pages.ts'
import { callColumns } from '../calls/calls-columns.tsx'
import grid from '../calls/calls-grid.module.css'
import { useSelection } from '../calls/use-selection.ts'

/** The last row of the first request, when the height of the list is not known yet. */
const FIRST_ROWS = 40
const LATEST_FIRST = { by: 'eventAt', direction: 'desc' } as const

type Props = {
  readonly title: string
  /** Identifies the list. */
  readonly list: string
  readonly total: number
  readonly load: LoadPage
}

/** A list of calls of any length. Only the visible rows are loaded. A call opens in the panel at the right. */
export function ProofCalls({ title, list, total, load }: Props) {
  const { query } = useApi()
  const queries = useQueryClient()
  const rights = useRights()
  const openPanel = useViewState((state) => state.openPanel)
  const people = usePeople()
  const reasons = useLossReasons()
  const today = useToday()
  const latest = useRef(load)
  latest.current = load
  const pages = useMemo(
    () => new CallPages((request, signal) => latest.current(request, signal)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another list has other pages
    [list],
  )
  useEffect(() => {
    pages.show(0, FIRST_ROWS)
    return () => pages.stop()
  }, [pages])
  // Every new count loads the rows in view again, because the calls changed.
  useEffect(() => pages.setTotal(total), [pages, total, load])
  useSyncExternalStore(pages.subscribe, pages.getVersion)
  const selection = useSelection(pages)
  const columns = useMemo(() => callColumns({ people, reasons, zone: today.zone, now: today.now }), [people, reasons, today])
  const open = (call: Call) => openPanel({ kind: 'call', id: call.id, focus: true })
  if (pages.error !== undefined && pages.rowAt(0) === undefined) return <Failed error={pages.error} retry={() => pages.retry()} />
  if (total === 0) return <Nothing title="No calls" />
  return (
    <VirtualGrid
      label={title}
      list={pages}
      rows={pages}
      columns={columns}
      className={grid.columns}
      isSwitching={false}
      sort={LATEST_FIRST}
      active={selection.index}
      isSelected={(index) => selection.index === index}
      onSort={() => {}}
      onMove={(index) => selection.select(index, pages.rowAt(index)?.id ?? null)}
      onKey={(event) => {
        const call = pages.rowAt(selection.index ?? 0)
        if (event.ctrlKey || event.metaKey || call === undefined) return false
        if (event.key === 'Enter') open(call)
        else if (event.key === 'e' && rights.may('calls.edit', call.userId)) {
          // The form opens at once with the cached call, so that it receives the next key.
          queries.setQueryData(query.calls.get.queryKey({ input: { id: call.id } }), call)
          openPanel({ kind: 'edit-call', id: call.id })
        } else return false
        selection.select(selection.index ?? 0, call.id)
        return true
      }}
      onPress={(index) => {
        const call = pages.rowAt(index)
        selection.select(index, call?.id ?? null)
        if (call !== undefined) open(call)
      }}
    />
  )
}
