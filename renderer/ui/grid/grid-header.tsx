import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { flexRender } from '@tanstack/react-table'
import type { Header } from '@tanstack/react-table'
import classes from './virtual-grid.module.css'

/** `by`: the id of a column. */
export type GridSort = { readonly by: string; readonly direction: 'asc' | 'desc' }

type Props<Data> = {
  readonly header: Header<Data, unknown>
  readonly sort: GridSort | undefined
  onSort: ((sort: GridSort) => void) | undefined
}

/** The header of one column. A click sorts by the column if it is sortable; a second click reverses the order. */
export function GridHeader<Data>({ header, sort, onSort }: Props<Data>) {
  const { column } = header
  const { id: by, columnDef } = column
  const label = flexRender(columnDef.header, header.getContext())
  if (!column.getCanSort() || onSort === undefined)
    return (
      <div role="columnheader" className={columnDef.meta?.className}>
        {label}
      </div>
    )
  const direction = sort?.by === by ? sort.direction : undefined
  const Arrow = direction === 'asc' ? IconArrowUp : IconArrowDown
  const first = columnDef.sortDescFirst === false ? 'asc' : 'desc'
  const next = direction === undefined ? first : direction === 'asc' ? 'desc' : 'asc'
  return (
    <div
      role="columnheader"
      aria-sort={direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
      className={columnDef.meta?.className}
    >
      <UnstyledButton className={classes.sort} onClick={() => onSort({ by, direction: next })}>
        {label}
        {direction !== undefined && <Arrow size={12} aria-hidden />}
      </UnstyledButton>
    </div>
  )
}
