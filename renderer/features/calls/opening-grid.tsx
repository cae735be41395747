import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { CALL_SORTS, type CallSort } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { useActionOfKey } from '../../keys/use-actions.ts'
import { useRights } from '../../session/session-context.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { VirtualGrid } from '../../ui/grid/virtual-grid.tsx'
import { useToday } from '../../ui/today-context.ts'
import { useViewState } from '../../view/view-state.ts'
import type { CallPages } from './call-pages.ts'
import { callColumns } from './calls-columns.tsx'
import { CALL_ROW_ACTIONS } from './calls-grid.tsx'
import { WITHOUT_MARKS } from './use-call-marks.ts'
import { useCallCommands } from './use-call-commands.ts'
import { columnsClass, useHiddenColumns } from './use-hidden-columns.ts'
import { useSelection } from './use-selection.ts'

type Props = {
  readonly title: string
  readonly pages: CallPages
  readonly isSwitching?: boolean
  readonly sort: CallSort
  /** Absent: the order is fixed. */
  readonly onSort?: (sort: CallSort) => void
}

/** A list whose calls open in the panel on the right. A click or Enter shows a call; keys show its prospect, edit it or delete it. */
export function OpeningGrid({ title, pages, isSwitching = false, sort, onSort }: Props) {
  const rights = useRights()
  const commands = useCallCommands()
  const { query } = useApi()
  const queries = useQueryClient()
  const openPanel = useViewState((state) => state.openPanel)
  const people = usePeople()
  const reasons = useLossReasons()
  const today = useToday()
  const selection = useSelection(pages)
  const hidden = useHiddenColumns()
  const columns = useMemo(
    () => callColumns({ people, reasons, zone: today.zone, now: today.now, marksOf: WITHOUT_MARKS, hidden }),
    [people, reasons, today, hidden],
  )

  const actionOfKey = useActionOfKey(CALL_ROW_ACTIONS)

  const open = (call: Call) => openPanel({ kind: 'call', id: call.id, focus: true })
  const edit = (call: Call) => {
    if (!rights.may('calls.edit', call.userId)) return
    // The form opens at once with the cached call, so that it receives the next key.
    queries.setQueryData(query.calls.get.queryKey({ input: { id: call.id } }), call)
    openPanel({ kind: 'edit-call', id: call.id })
  }

  return (
    <VirtualGrid
      label={title}
      list={pages}
      rows={pages}
      columns={columns}
      className={columnsClass(hidden)}
      isSwitching={isSwitching}
      sort={sort}
      active={selection.index}
      isSelected={(index) => selection.index === index}
      onSort={({ by, direction }) => {
        const known = CALL_SORTS.find((name) => name === by)
        if (known !== undefined) onSort?.({ by: known, direction })
      }}
      onMove={(index) => selection.select(index, pages.rowAt(index)?.id ?? null)}
      onKey={(event) => {
        const call = pages.rowAt(selection.index ?? 0)
        if (call === undefined) return false
        const action = actionOfKey(event.nativeEvent)
        if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) open(call)
        else if (action === 'call.edit') edit(call)
        else if (action === 'call.prospect') openPanel({ kind: 'prospect', id: call.id, focus: true })
        else if (action === 'call.delete' && selection.index !== null && rights.may('calls.delete', call.userId))
          void commands.remove(call)
        else return false
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
