import { t } from '@lingui/core/macro'
import { MultiSelect, Table, Text, TextInput } from '@mantine/core'
import type { ImportField, ImportMap, ImportPreview } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { columnsOf, importFieldLabel, targetsOf, withColumns, withConstant } from './import-map.ts'

type Props = {
  readonly field: ImportField
  readonly map: ImportMap
  readonly columns: ImportPreview['columns']
  onChange: (map: ImportMap) => void
}

/** Fields that may have one fixed value for all rows of a file. */
const CONSTANTS: ReadonlySet<ImportField> = new Set(['agent', 'callType', 'status', 'outcome', 'lossReason', 'notes'])

/** One field of a call, and the columns or the value that fill it. */
export function FieldRow({ field, map, columns, onChange }: Props) {
  const label = importFieldLabel(field)
  const rule = map.fields[field]
  const chosen = columnsOf(rule)
  const names = columns.map((column) => column.name)
  const samples = columns.find((column) => column.name === chosen[0])?.samples ?? []
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {label}
      </Table.Th>
      <Table.Td>
        {field === 'notes' ? (
          <MultiSelect
            aria-label={t`Columns for ${label}`}
            placeholder={chosen.length === 0 ? t`Not in the file` : ''}
            clearable
            data={names}
            value={[...chosen]}
            onChange={(next) => onChange(withColumns(map, field, next))}
          />
        ) : (
          <PickField
            aria-label={t`Column for ${label}`}
            placeholder={t`Not in the file`}
            clearable
            data={names}
            value={chosen[0] ?? null}
            onChange={(next) => onChange(withColumns(map, field, next === null ? [] : [next]))}
          />
        )}
      </Table.Td>
      <Table.Td>
        {CONSTANTS.has(field) && chosen.length === 0 && <Constant field={field} map={map} label={label} onChange={onChange} />}
      </Table.Td>
      <Table.Td data-minor>
        <Text c="dimmed" truncate>
          {samples.slice(0, 3).join(', ')}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

function Constant({ field, map, label, onChange }: Omit<Props, 'columns'> & { readonly label: string }) {
  const targets = targetsOf(field)
  const value = map.fields[field]?.constant ?? ''
  if (targets === undefined)
    return (
      <TextInput
        aria-label={t`${label} of all rows`}
        value={value}
        onChange={(event) => onChange(withConstant(map, field, event.currentTarget.value))}
      />
    )
  return (
    <PickField
      aria-label={t`${label} of all rows`}
      clearable
      data={targets}
      value={value === '' ? null : value}
      onChange={(next) => onChange(withConstant(map, field, next ?? ''))}
    />
  )
}
