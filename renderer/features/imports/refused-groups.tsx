import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Stack, Table, Text, Title } from '@mantine/core'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { sentenceText } from '../../format/sentence-text.ts'

const SHOWN_LINES = 5

/** Refused rows, equal refusals together. */
export function RefusedGroups({ report }: { readonly report: ImportReport }) {
  const { groups } = report
  if (groups.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={t`Refused rows`}>
      <Title order={2}>
        <Trans>Refused rows</Trans>
      </Title>
      <Text c="dimmed">
        <Trans>The download has all of them. Correct the rows there and import the file again.</Trans>
      </Text>
      <Table aria-label={t`Refused rows`} style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="10%">
              <Trans>Rows</Trans>
            </Table.Th>
            <Table.Th w="16%">
              <Trans>Lines</Trans>
            </Table.Th>
            <Table.Th w="20%">
              <Trans>Column</Trans>
            </Table.Th>
            <Table.Th w="20%">
              <Trans>Value</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Why</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(({ count, lines, column, value, message, text }) => (
            <Table.Tr key={`${column} ${value} ${message}`}>
              <Table.Td>{formatCount(count)}</Table.Td>
              <Table.Td>
                {lines.slice(0, SHOWN_LINES).join(', ')}
                {count > SHOWN_LINES && ', …'}
              </Table.Td>
              <Table.Td>{column ?? NONE}</Table.Td>
              <Table.Td>{value ?? NONE}</Table.Td>
              <Table.Td>{sentenceText({ message, text })}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
