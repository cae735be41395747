import { Stack, Table, Title } from '@mantine/core'
import type { ImportField, ImportMap, ImportPreview } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { columnsOf, EMPTY, IMPORT_FIELD_LABELS, OTHERS, targetsOf, translated, valuesToMap, withValue } from './import-map.ts'

type Props = {
  readonly field: ImportField
  readonly map: ImportMap
  readonly columns: ImportPreview['columns']
  onChange: (map: ImportMap) => void
}

/** The translations of the values of a column, for a field with a fixed set of values. */
export function ValueMap({ field, map, columns, onChange }: Props) {
  const rule = map.fields[field]
  const label = IMPORT_FIELD_LABELS[field]
  const targets = [...(targetsOf(field) ?? []), { value: EMPTY, label: 'No value' }]
  const row = (value: string, shown: string) => {
    const to = translated(rule, value)
    return (
      <Table.Tr key={value}>
        <Table.Td>{shown}</Table.Td>
        <Table.Td>
          <PickField
            aria-label={`${label} for ${shown}`}
            placeholder="Use as is"
            clearable
            data={targets}
            value={to === null ? EMPTY : (to ?? null)}
            onChange={(next) => onChange(withValue(map, field, value, next === null ? undefined : next === EMPTY ? null : next))}
          />
        </Table.Td>
      </Table.Tr>
    )
  }
  return (
    <Stack gap="xs" component="section" aria-label={`Values of ${label}`}>
      <Title order={2}>
        Values of {label} <span>(column {columnsOf(rule).join(', ')})</span>
      </Title>
      <Table aria-label={`Values of ${label}`} maw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>In the file</Table.Th>
            <Table.Th>Means</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {valuesToMap(rule, columns).map((value) => row(value, value === '' ? '(blank)' : value))}
          {row(OTHERS, 'Everything else')}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
