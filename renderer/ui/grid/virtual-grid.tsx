import { getCoreRowModel, useReactTable } from '@tanstack/react-table'
import type { ColumnDef } from '@tanstack/react-table'
import { useEffect, useId } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { useIdleFocus } from '../idle-focus.ts'
import { GridHeader } from './grid-header.tsx'
import type { GridSort } from './grid-header.tsx'
import { GridRow } from './grid-row.tsx'
import type { GridRows } from './grid-rows.ts'
import { offsetShowing, ROW_HEIGHT, rowsInView } from './scroll-scale.ts'
import { useAnchor } from './use-anchor.ts'
import { useScaledScroll } from './use-scaled-scroll.ts'
import classes from './virtual-grid.module.css'

const OVERSCAN = 8

/** The modifier of a movement: `plain` without one, `extend` with Shift, `keep` with Ctrl. */
export type Move = 'plain' | 'extend' | 'keep'

type Props<Row> = {
  readonly label: string
  /** Identifies the list, for example by its filter and order. A different list is shown from its top. */
  readonly list: unknown
  readonly rows: GridRows<Row>
  readonly columns: readonly ColumnDef<Row, never>[]
  /** Sets `--columns`, the widths of the columns. */
  readonly className: string | undefined
  /** Whether the number of rows is final. If not, more rows may follow the last one. */
  readonly isCounted?: boolean
  /** Whether the rows of another list are shown until those of this one are loaded. */
  readonly isSwitching: boolean
  readonly sort?: GridSort
  /** The row from which the arrow keys start. */
  readonly active: number | null
  readonly isMultiselectable?: boolean
  isSelected: (index: number) => boolean
  onSort?: (sort: GridSort) => void
  onMove: (index: number, how: Move) => void
  /** Handles a key that is not a movement. Returns whether it was handled. */
  onKey: (event: KeyboardEvent) => boolean
  onPress: (index: number, event: MouseEvent) => void
}

/** Returns the position of the row that was pressed; undefined outside the rows. */
function rowIndexAt(target: EventTarget): number | undefined {
  const index = target instanceof Element ? target.closest<HTMLElement>('[data-index]')?.dataset['index'] : undefined
  return index === undefined ? undefined : Number(index)
}

/**
 * A list of any length: only the rows in view are in the page. Arrow keys, Page Up, Page Down, Home and End move; rows that are not loaded
 * are skeletons, so that nothing moves when they arrive.
 */
export function VirtualGrid<Row extends { readonly id: string }>({
  label,
  list,
  rows,
  columns,
  className,
  isCounted = true,
  isSwitching,
  sort,
  active,
  isMultiselectable = false,
  isSelected,
  onSort,
  onMove,
  onKey,
  onPress,
}: Props<Row>) {
  const gridId = useId()
  const rowId = (index: number) => `${gridId}row-${index}`
  const total = rows.total ?? 0
  const { scroller, offset, viewHeight, scale, place, scrollTo } = useScaledScroll(total, ROW_HEIGHT)
  const { first, last } = rowsInView(offset, viewHeight, total, OVERSCAN)
  const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n)

  useEffect(() => {
    // The rows of the list that is left need no more loading.
    if (last >= first && !isSwitching) rows.show(first, last)
  })
  useEffect(() => scrollTo(0), [list, scrollTo])
  useAnchor(list, rows, offset, scrollTo)
  useIdleFocus(scroller)

  const table = useReactTable({
    data: indexes.flatMap((index) => rows.rowAt(index) ?? []),
    columns: columns as ColumnDef<Row, never>[],
    getCoreRowModel: getCoreRowModel(),
    getRowId: ({ id }) => id,
    manualSorting: true,
    // The table holds only the rows in view, and gets new ones at every render.
    autoResetPageIndex: false,
  })
  const { rowsById } = table.getRowModel()

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.altKey || event.target !== event.currentTarget) return
    const perPage = Math.max(1, Math.floor(viewHeight / ROW_HEIGHT) - 1)
    const moves: Record<string, number> = {
      ArrowDown: active === null ? first : active + 1,
      ArrowUp: active === null ? first : active - 1,
      PageDown: (active ?? 0) + perPage,
      PageUp: (active ?? 0) - perPage,
      Home: 0,
      End: total - 1,
    }
    const target = moves[event.key]
    if (target !== undefined) {
      const next = Math.min(Math.max(0, target), total - 1)
      if (next >= 0) {
        onMove(next, event.shiftKey ? 'extend' : event.ctrlKey || event.metaKey ? 'keep' : 'plain')
        scrollTo(offsetShowing(next, offset, viewHeight))
      }
    } else if (!onKey(event)) return
    event.preventDefault()
  }

  /** Prevents a click with Shift from also selecting the text between. */
  function onMouseDown(event: MouseEvent<HTMLDivElement>) {
    if (!isMultiselectable || !event.shiftKey || rowIndexAt(event.target) === undefined) return
    event.preventDefault()
    event.currentTarget.focus({ preventScroll: true })
  }

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={isCounted ? total + 1 : -1}
      aria-busy={isSwitching}
      aria-multiselectable={isMultiselectable || undefined}
      aria-activedescendant={active !== null && active >= first && active <= last ? rowId(active) : undefined}
      tabIndex={0}
      className={[classes.scroller, className, isSwitching && classes.switching].filter(Boolean).join(' ')}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const index = rowIndexAt(event.target)
        if (index !== undefined) onPress(index, event)
      }}
      onMouseDown={onMouseDown}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" aria-rowindex={1} className={classes.row}>
          {table.getFlatHeaders().map((header) => (
            <GridHeader key={header.id} header={header} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: scale.height }}>
        {indexes.map((index) => {
          const row = rows.rowAt(index)
          return (
            <GridRow
              key={index}
              id={rowId(index)}
              index={index}
              top={place(index * ROW_HEIGHT)}
              row={row && rowsById[row.id]}
              columns={columns}
              active={active === index}
              selected={isSelected(index)}
            />
          )
        })}
      </div>
    </div>
  )
}
