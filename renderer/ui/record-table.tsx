import { Anchor, Table } from '@mantine/core'
import type { ReactNode } from 'react'

export type RecordColumn<T> = {
  readonly label: string
  readonly cell: (row: T) => ReactNode
  /** Hidden in a narrow work area. */
  readonly minor?: boolean
}

/** A short list of records. The first column opens the record. */
export function RecordTable<T extends { readonly id: string }>({
  label,
  rows,
  columns,
  selectedId,
  onOpen,
  faded,
}: {
  readonly label: string
  readonly rows: readonly T[]
  readonly columns: readonly RecordColumn<T>[]
  readonly selectedId?: string | undefined
  readonly onOpen: ((row: T) => void) | undefined
  readonly faded?: (row: T) => boolean
}) {
  return (
    <Table aria-label={label} highlightOnHover stickyHeader>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column.label} data-minor={column.minor || undefined}>
              {column.label}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr
            key={row.id}
            bg={row.id === selectedId ? 'var(--app-selected)' : ''}
            c={faded?.(row) === true ? 'dimmed' : ''}
            {...(onOpen && { onClick: () => onOpen(row) })}
          >
            {columns.map((column, index) => (
              <Table.Td key={column.label} data-minor={column.minor || undefined}>
                {index === 0 && onOpen !== undefined ? (
                  <Anchor component="button" type="button" c="inherit" ta="start">
                    {column.cell(row)}
                  </Anchor>
                ) : (
                  column.cell(row)
                )}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
