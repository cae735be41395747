import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Stack, Table, Title } from '@mantine/core'
import type { ImportField, ImportMap, ImportPreview } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { columnsOf, EMPTY, importFieldLabel, OTHERS, targetsOf, translated, valuesToMap, withValue } from './import-map.ts'

type Props = {
  readonly field: ImportField
  readonly map: ImportMap
  readonly columns: ImportPreview['columns']
  onChange: (map: ImportMap) => void
}

/** The translations of the values of a column, for a field with a fixed set of values. */
export function ValueMap({ field, map, columns, onChange }: Props) {
  const rule = map.fields[field]
  const label = importFieldLabel(field)
  const from = columnsOf(rule).join(', ')
  const targets = [...(targetsOf(field) ?? []), { value: EMPTY, label: t`No value` }]
  const row = (value: string, shown: string) => {
    const to = translated(rule, value)
    return (
      <Table.Tr key={value}>
        <Table.Td>{shown}</Table.Td>
        <Table.Td>
          <PickField
            aria-label={t`${label} for ${shown}`}
            placeholder={t`Use as is`}
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
    <Stack gap="xs" component="section" aria-label={t`Values of ${label}`}>
      <Title order={2}>
        {t`Values of ${label}`} <span>{t`(column ${from})`}</span>
      </Title>
      <Table aria-label={t`Values of ${label}`} maw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>In the file</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Means</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {valuesToMap(rule, columns).map((value) => row(value, value === '' ? t`(blank)` : value))}
          {row(OTHERS, t`Everything else`)}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
