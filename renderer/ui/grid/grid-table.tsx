import { Table } from '@mantine/core'
import type { TableProps } from '@mantine/core'
import type { RefObject } from 'react'
import classes from './grid-table.module.css'
import { useRovingFocus } from './use-roving-focus.ts'

/** A table with controls in its cells. It is one stop of the Tab key, and the arrow keys move between the cells. */
export function GridTable(props: Omit<TableProps, 'role' | 'onKeyDown' | 'onFocus'>) {
  const { ref, ...handlers } = useRovingFocus()
  return (
    <Table
      {...props}
      {...handlers}
      ref={ref as RefObject<HTMLTableElement | null>}
      role="grid"
      aria-readonly
      className={[classes.grid, props.className].filter(Boolean).join(' ')}
    />
  )
}
