import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { ColumnUsage } from '../../../core/contract/imports.ts'
import { COLUMN_COUNTS } from '../../../core/import/column-counts.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { IMPORT_FIELD_LABELS } from './import-map.ts'

function countsOf(usage: ColumnUsage): string {
  if (usage.filled === 0) return 'empty'
  return COLUMN_COUNTS.flatMap(([key, label]) => (usage[key] === 0 ? [] : [`${formatCount(usage[key])} ${label}`])).join(', ')
}

/** Shows how every column of the file is used, with examples of the values that did not fit or were cleaned. */
export function ColumnUsages({ usages, counted }: { readonly usages: readonly ColumnUsage[]; readonly counted: string }) {
  return (
    <Stack gap="xs" component="section" aria-label="How the columns are used">
      <Title order={2}>How the columns are used</Title>
      <Text c="dimmed">{counted}</Text>
      <Table aria-label="How the columns are used" layout="fixed" style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="26%">Column of the file</Table.Th>
            <Table.Th w="20%">Fills</Table.Th>
            <Table.Th w="24%">Values</Table.Th>
            <Table.Th>Examples</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {usages.map((usage) => (
            <Table.Tr key={usage.column}>
              <Table.Th scope="row" fw={500}>
                {usage.column}
              </Table.Th>
              <Table.Td>
                {usage.fields.length === 0 ? (
                  <Badge color={usage.filled === 0 ? 'gray' : 'orange'} variant="light">
                    Not used
                  </Badge>
                ) : (
                  <>
                    <Text>{usage.fields.map((field) => IMPORT_FIELD_LABELS[field]).join(', ')}</Text>
                    {usage.readAs !== null && <Text c="dimmed">read as {usage.readAs}</Text>}
                  </>
                )}
              </Table.Td>
              <Table.Td>{countsOf(usage)}</Table.Td>
              <Table.Td>
                <Examples usage={usage} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

function Examples({ usage }: { readonly usage: ColumnUsage }) {
  if (usage.examples.length === 0) return <Text c="dimmed">{NONE}</Text>
  if (usage.fields.length === 0) return <Text c="dimmed">{usage.examples.map(({ value }) => value).join(', ')}</Text>
  return (
    <Stack gap={2}>
      {usage.examples.map(({ line, value, became, why }) => (
        <Group key={`${line} ${why}`} gap={4} wrap="wrap">
          <Text>
            {value}
            {became !== null && became !== value && ` → ${became}`}
          </Text>
          <Text c="dimmed">
            (line {line}) {why}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
