import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { flexRender, getCoreRowModel, useReactTable } from '@tanstack/react-table'
import type { Header, Row } from '@tanstack/react-table'
import { memo, useEffect, useMemo } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { CALL_SORTS } from '../../../core/contract/calls.ts'
import type { CallSort } from '../../../core/contract/calls.ts'
import type { Call } from '../../../core/model/call.ts'
import { callColumns } from './calls-columns.tsx'
import type { CallColumnContext } from './calls-columns.tsx'
import classes from './calls-grid.module.css'
import { rowIndexAt } from '../../ui/grid/row-index.ts'
import { useIdleFocus } from '../../ui/use-idle-focus.ts'
import type { CallPages } from './call-pages.ts'
import type { Place } from './marks.ts'
import { offsetShowing, ROW_HEIGHT, rowsInView } from '../../ui/grid/scroll-scale.ts'
import type { MarkedCalls } from './use-marks.ts'
import type { Selection } from './use-selection.ts'
import { useAnchor } from './use-anchor.ts'
import { useScaledScroll } from '../../ui/grid/use-scaled-scroll.ts'

const OVERSCAN = 8

type Props = {
  readonly pages: CallPages
  readonly isSwitching: boolean
  readonly sort: CallSort
  readonly context: CallColumnContext
  readonly selection: Selection
  readonly marked: MarkedCalls
  onSort: (sort: CallSort) => void
  /** `take`: the opened detail takes the keyboard. */
  onOpen: (call: Call, take: boolean) => void
  onEdit: (call: Call) => void
  onDelete: (call: Call) => void
  onDeleteMarked: () => void
  /** Moves the focus to the actions on the selected calls. */
  onActions: () => void
}

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
  onDelete,
  onDeleteMarked,
  onActions,
}: Props) {
  const total = pages.total ?? 0
  const { scroller, offset, viewHeight, scale, place, scrollTo } = useScaledScroll(total, ROW_HEIGHT)
  const { first, last } = rowsInView(offset, viewHeight, total, OVERSCAN)
  const version = pages.getVersion()

  useEffect(() => {
    if (last >= first) pages.show(first, last)
  }, [pages, first, last, version])
  useEffect(() => scrollTo(0), [pages, scrollTo])
  useAnchor(pages, offset, scrollTo)
  useIdleFocus(scroller)

  const loaded: Call[] = []
  for (let index = first; index <= last; index++) {
    const call = pages.rowAt(index)
    if (call !== undefined) loaded.push(call)
  }
  const columns = useMemo(() => callColumns(context), [context])
  const table = useReactTable({
    data: loaded,
    columns,
    getCoreRowModel: getCoreRowModel(),
    getRowId: ({ id }) => id,
    manualSorting: true,
    // Its rows are a window on the list, made anew on every render; there is no page to go back to.
    autoResetPageIndex: false,
  })
  const { rowsById } = table.getRowModel()

  const active: Place | null = selection.index === null ? null : { index: selection.index, id: selection.id }
  const placeAt = (index: number): Place => ({ index, id: pages.rowAt(index)?.id ?? null })

  /** `plain`: only the row is selected. `extend`: all rows up to it are selected. `keep`: the selection stays as it is. */
  function moveTo(index: number, how: 'plain' | 'extend' | 'keep') {
    const next = Math.min(Math.max(0, index), total - 1)
    if (next < 0) return
    const to = placeAt(next)
    if (how === 'extend') marked.extend(to, active)
    else if (how === 'plain') marked.clear()
    selection.select(to.index, to.id)
    scrollTo(offsetShowing(next, offset, viewHeight))
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.altKey || event.target !== event.currentTarget) return
    const isCtrl = event.ctrlKey || event.metaKey
    const at = selection.index
    const perPage = Math.max(1, Math.floor(viewHeight / ROW_HEIGHT) - 1)
    const moves: Record<string, number> = {
      ArrowDown: at === null ? first : at + 1,
      ArrowUp: at === null ? first : at - 1,
      PageDown: (at ?? 0) + perPage,
      PageUp: (at ?? 0) - perPage,
      Home: 0,
      End: total - 1,
    }
    const target = moves[event.key]
    const call = at === null ? undefined : pages.rowAt(at)
    if (target !== undefined) moveTo(target, event.shiftKey ? 'extend' : isCtrl ? 'keep' : 'plain')
    else if (isCtrl && !event.shiftKey && event.key.toLowerCase() === 'a') marked.all()
    else if (event.key === ' ' && at !== null) marked.toggle(placeAt(at), active)
    else if (isCtrl) return
    else if (marked.isAny && event.key === 'Escape') marked.clear()
    else if (marked.isAny && event.key === 'Delete') onDeleteMarked()
    else if (marked.isAny && event.key === 'Tab' && !event.shiftKey) onActions()
    else if (call === undefined) return
    else if (event.key === 'Enter') onOpen(call, true)
    else if (event.key === 'e') onEdit(call)
    else if (event.key === 'Delete') onDelete(call)
    else return
    event.preventDefault()
  }

  function onClick(event: MouseEvent<HTMLDivElement>) {
    const index = rowIndexAt(event.target)
    if (index === undefined) return
    const call = pages.rowAt(index)
    const isCtrl = event.ctrlKey || event.metaKey
    if (event.shiftKey) marked.extend(placeAt(index), active)
    else if (isCtrl) marked.toggle(placeAt(index), active)
    else marked.clear()
    selection.select(index, call?.id ?? null)
    if (call !== undefined && !event.shiftKey && !isCtrl) onOpen(call, false)
  }

  /** Prevents a click with Shift from also selecting the text between. */
  function onMouseDown(event: MouseEvent<HTMLDivElement>) {
    if (!event.shiftKey || rowIndexAt(event.target) === undefined) return
    event.preventDefault()
    event.currentTarget.focus({ preventScroll: true })
  }

  const shownRows = []
  for (let index = first; index <= last; index++) {
    const call = pages.rowAt(index)
    shownRows.push(
      <CallRow
        key={index}
        index={index}
        top={place(index * ROW_HEIGHT)}
        row={call && rowsById[call.id]}
        columns={columns}
        active={selection.index === index}
        selected={marked.isAny ? marked.has({ index, id: call?.id ?? null }) : selection.index === index}
      />,
    )
  }
  const activeShown = selection.index !== null && selection.index >= first && selection.index <= last
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Calls"
      aria-rowcount={total + 1}
      aria-busy={isSwitching}
      aria-multiselectable
      aria-activedescendant={activeShown ? rowId(selection.index ?? 0) : undefined}
      tabIndex={0}
      className={isSwitching ? `${classes.scroller} ${classes.switching}` : classes.scroller}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onMouseDown={onMouseDown}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" aria-rowindex={1} className={classes.row}>
          {table.getFlatHeaders().map((header) => (
            <HeaderCell key={header.id} header={header} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: scale.height }}>
        {shownRows}
      </div>
    </div>
  )
}

const rowId = (index: number) => `call-row-${index}`

function HeaderCell({
  header,
  sort,
  onSort,
}: {
  readonly header: Header<Call, unknown>
  readonly sort: CallSort
  readonly onSort: (sort: CallSort) => void
}) {
  const { column } = header
  const by = CALL_SORTS.find((name) => name === column.id)
  const label = flexRender(column.columnDef.header, header.getContext())
  if (by === undefined)
    return (
      <div role="columnheader" className={column.columnDef.meta?.className}>
        {label}
      </div>
    )
  const direction = sort.by === by ? sort.direction : undefined
  const Arrow = direction === 'asc' ? IconArrowUp : IconArrowDown
  // A first click on a name sorts from A; on a time or a length from the latest or longest.
  const next = direction === undefined ? (by === 'prospectName' ? 'asc' : 'desc') : direction === 'asc' ? 'desc' : 'asc'
  return (
    <div
      role="columnheader"
      aria-sort={direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
      className={column.columnDef.meta?.className}
    >
      <UnstyledButton className={classes.sort} onClick={() => onSort({ by, direction: next })}>
        {label}
        {direction !== undefined && <Arrow size={12} aria-hidden />}
      </UnstyledButton>
    </div>
  )
}

type RowProps = {
  readonly index: number
  readonly top: number
  readonly row: Row<Call> | undefined
  readonly columns: ReturnType<typeof callColumns>
  /** Whether the arrow keys start from this row. */
  readonly active: boolean
  readonly selected: boolean
}

/** Compares the calls, not the row objects, because the table makes new row objects at every render. */
function isSameRow(a: RowProps, b: RowProps): boolean {
  return (
    a.index === b.index &&
    a.top === b.top &&
    a.active === b.active &&
    a.selected === b.selected &&
    a.columns === b.columns &&
    a.row?.original === b.row?.original
  )
}

const CallRow = memo(function CallRow({ index, top, row, active, selected }: RowProps) {
  return (
    <div
      id={rowId(index)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
      data-active={active || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      {row === undefined ? (
        <div role="gridcell" aria-label="Loading" className={classes.waiting} />
      ) : (
        row.getVisibleCells().map((cell) => (
          <div key={cell.id} role="gridcell" className={cell.column.columnDef.meta?.className}>
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </div>
        ))
      )}
    </div>
  )
}, isSameRow)
