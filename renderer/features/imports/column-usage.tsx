import { Trans } from '@lingui/react/macro'
import { msg, t } from '@lingui/core/macro'
import { i18n, type MessageDescriptor } from '@lingui/core'
import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { ColumnUsage } from '../../../core/contract/imports.ts'
import { COLUMN_COUNTS } from '../../../core/import/column-counts.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { sentenceText } from '../../format/sentence-text.ts'
import { importFieldLabel } from './import-map.ts'

/** The number of values of each kind. The English is that of `COLUMN_COUNTS`. */
export const COUNT_TEXTS: Readonly<Record<(typeof COLUMN_COUNTS)[number][0], (count: string) => MessageDescriptor>> = {
  used: (count) => msg`${count} used`,
  cleaned: (count) => msg`${count} cleaned`,
  doubted: (count) => msg`${count} doubtful`,
  leftOut: (count) => msg`${count} left out`,
  refused: (count) => msg`${count} in refused rows`,
}

function countsOf(usage: ColumnUsage): string {
  if (usage.filled === 0) return t`empty`
  return COLUMN_COUNTS.flatMap(([key]) => (usage[key] === 0 ? [] : [i18n.t(COUNT_TEXTS[key](formatCount(usage[key])))])).join(
    ', ',
  )
}

/** Shows how every column of the file is used, with examples of the values that did not fit or were cleaned. */
export function ColumnUsages({ usages, counted }: { readonly usages: readonly ColumnUsage[]; readonly counted: string }) {
  const title = t`How the columns are used`
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text c="dimmed">{counted}</Text>
      <Table aria-label={title} layout="fixed" style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="26%">
              <Trans>Column of the file</Trans>
            </Table.Th>
            <Table.Th w="20%">
              <Trans>Fills</Trans>
            </Table.Th>
            <Table.Th w="24%">
              <Trans>Values</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Examples</Trans>
            </Table.Th>
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
                    <Trans>Not used</Trans>
                  </Badge>
                ) : (
                  <>
                    <Text>{usage.fields.map((field) => importFieldLabel(field)).join(', ')}</Text>
                    {usage.readAs.length > 0 && <ReadAs format={usage.readAs.map(sentenceText).join(', ')} />}
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

function ReadAs({ format }: { readonly format: string }) {
  return <Text c="dimmed">{t`read as ${format}`}</Text>
}

function Examples({ usage }: { readonly usage: ColumnUsage }) {
  if (usage.examples.length === 0) return <Text c="dimmed">{NONE}</Text>
  if (usage.fields.length === 0) return <Text c="dimmed">{usage.examples.map(({ value }) => value).join(', ')}</Text>
  return (
    <Stack gap={2}>
      {usage.examples.map(({ line, value, became, why }) => (
        <Group key={`${line} ${why.message}`} gap={4} wrap="wrap">
          <Text>
            {value}
            {became !== null && became !== value && ` → ${became}`}
          </Text>
          <Text c="dimmed">
            <Trans>(line {line})</Trans> {sentenceText(why)}
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
