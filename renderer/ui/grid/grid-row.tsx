import { t } from '@lingui/core/macro'
import { flexRender } from '@tanstack/react-table'
import type { ColumnDef, Row, RowData } from '@tanstack/react-table'
import { memo } from 'react'
import classes from './virtual-grid.module.css'

declare module '@tanstack/react-table' {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** The class that hides a column in a narrow list and styles its values. */
    readonly className?: string
  }
}

type Props<Data> = {
  readonly id: string
  readonly index: number
  readonly top: number
  /** Undefined while the row is not loaded. */
  readonly row: Row<Data> | undefined
  readonly columns: readonly ColumnDef<Data, never>[]
  /** Whether this row is the start of the arrow keys. */
  readonly active: boolean
  readonly selected: boolean
}

/** Compares the data, not the row objects, because the table makes new row objects at every render. */
function isSameRow<Data>(a: Props<Data>, b: Props<Data>): boolean {
  return (
    a.index === b.index &&
    a.top === b.top &&
    a.active === b.active &&
    a.selected === b.selected &&
    a.columns === b.columns &&
    a.row?.original === b.row?.original
  )
}

function PlainRow<Data>({ id, index, top, row, active, selected }: Props<Data>) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
      data-active={active || undefined}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      {row === undefined ? (
        <div role="gridcell" aria-label={t`Loading`} className={classes.skeleton} />
      ) : (
        row.getVisibleCells().map((cell) => (
          <div key={cell.id} role="gridcell" className={cell.column.columnDef.meta?.className}>
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </div>
        ))
      )}
    </div>
  )
}

export const GridRow = memo(PlainRow, isSameRow) as typeof PlainRow
