import { Stack, Table, Text, Title } from '@mantine/core'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { formatCount, NONE } from '../../format/numbers.ts'

const SHOWN_LINES = 5

/** Refused rows, equal refusals together. */
export function RefusedGroups({ report }: { readonly report: ImportReport }) {
  const { groups } = report
  if (groups.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label="Refused rows">
      <Title order={2}>Refused rows</Title>
      <Text c="dimmed">The download has all of them. Correct the rows there and import the file again.</Text>
      <Table aria-label="Refused rows" style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="10%">Rows</Table.Th>
            <Table.Th w="16%">Lines</Table.Th>
            <Table.Th w="20%">Column</Table.Th>
            <Table.Th w="20%">Value</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ count, lines, column, value, message }) => (
            <Table.Tr key={`${column} ${value} ${message}`}>
              <Table.Td>{formatCount(count)}</Table.Td>
              <Table.Td>
                {lines.slice(0, SHOWN_LINES).join(', ')}
                {count > SHOWN_LINES && ', …'}
              </Table.Td>
              <Table.Td>{column ?? NONE}</Table.Td>
              <Table.Td>{value ?? NONE}</Table.Td>
              <Table.Td>{message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
