import { t } from '@lingui/core/macro'
import { useMemo } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { CALL_SORTS } from '../../../core/contract/calls.ts'
import type { CallSort } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'
import type { GridSort } from '../../ui/grid/grid-header.tsx'
import { VirtualGrid } from '../../ui/grid/virtual-grid.tsx'
import type { Move } from '../../ui/grid/virtual-grid.tsx'
import type { ActionId } from '../../keys/actions.ts'
import { useActionOfKey } from '../../keys/use-actions.ts'
import type { CallPages } from './call-pages.ts'
import { callColumns } from './calls-columns.tsx'
import type { CallColumnContext } from './calls-columns.tsx'
import type { Place } from './marks.ts'
import { columnsClass } from './use-hidden-columns.ts'
import type { MarkedCalls } from './use-marks.ts'
import type { Selection } from './use-selection.ts'

type Props = {
  readonly pages: CallPages
  readonly isSwitching: boolean
  readonly sort: CallSort
  readonly context: CallColumnContext
  readonly selection: Selection
  readonly marked: MarkedCalls
  onSort: (sort: CallSort) => void
  /** `takeFocus`: the opened panel gets the focus. */
  onOpen: (call: Call, takeFocus: boolean) => void
  onEdit: (call: Call) => void
  onProspect: (call: Call) => void
  onDelete: (call: Call) => void
  onDeleteMarked: () => void
  /** Moves the focus to the actions on the selected calls. */
  onActions: () => void
}

/** Actions on a row of a list of calls, or on the selected rows, whose keys people can change. */
export const CALL_ROW_ACTIONS = ['call.edit', 'call.prospect', 'call.delete'] as const satisfies readonly ActionId[]
export type CallRowAction = (typeof CALL_ROW_ACTIONS)[number]

/** The list of calls. One row is active; Shift, Ctrl and Space select several. */
export function CallsGrid({
  pages,
  isSwitching,
  sort,
  context,
  selection,
  marked,
  onSort,
  onOpen,
  onEdit,
  onProspect,
  onDelete,
  onDeleteMarked,
  onActions,
}: Props) {
  const columns = useMemo(() => callColumns(context), [context])
  const active: Place | null = selection.index === null ? null : { index: selection.index, id: selection.id }
  const placeAt = (index: number): Place => ({ index, id: pages.rowAt(index)?.id ?? null })

  function move(index: number, how: Move) {
    const to = placeAt(index)
    if (how === 'extend') marked.extend(to, active)
    else if (how === 'plain') marked.clear()
    selection.select(to.index, to.id)
  }

  const actionOfKey = useActionOfKey(CALL_ROW_ACTIONS)

  function handleKey(event: KeyboardEvent): boolean {
    const action = actionOfKey(event.nativeEvent)
    const isCtrl = event.ctrlKey || event.metaKey
    const at = selection.index
    const call = at === null ? undefined : pages.rowAt(at)
    if (isCtrl && !event.shiftKey && event.key.toLowerCase() === 'a') marked.all()
    else if (event.key === ' ' && at !== null) marked.toggle(placeAt(at), active)
    else if (marked.isAny && action === 'call.delete') onDeleteMarked()
    else if (call !== undefined && action === 'call.edit') onEdit(call)
    else if (call !== undefined && action === 'call.prospect') onProspect(call)
    else if (call !== undefined && action === 'call.delete') onDelete(call)
    else if (isCtrl) return false
    else if (marked.isAny && event.key === 'Escape') marked.clear()
    else if (marked.isAny && event.key === 'Tab' && !event.shiftKey) onActions()
    else if (call === undefined) return false
    else if (event.key === 'Enter') onOpen(call, true)
    else return false
    return true
  }

  function press(index: number, event: MouseEvent) {
    const call = pages.rowAt(index)
    const isCtrl = event.ctrlKey || event.metaKey
    if (event.shiftKey) marked.extend(placeAt(index), active)
    else if (isCtrl) marked.toggle(placeAt(index), active)
    else marked.clear()
    selection.select(index, call?.id ?? null)
    if (call !== undefined && !event.shiftKey && !isCtrl) onOpen(call, false)
  }

  function sortBy({ by, direction }: GridSort) {
    const known = CALL_SORTS.find((name) => name === by)
    if (known !== undefined) onSort({ by: known, direction })
  }

  return (
    <VirtualGrid
      label={t`Calls`}
      list={pages}
      rows={pages}
      columns={columns}
      className={columnsClass(context.hidden)}
      isSwitching={isSwitching}
      sort={sort}
      active={selection.index}
      isMultiselectable
      isSelected={(index) => (marked.isAny ? marked.has(placeAt(index)) : selection.index === index)}
      onSort={sortBy}
      onMove={move}
      onKey={handleKey}
      onPress={press}
    />
  )
}
