import { Trans } from '@lingui/react/macro'
import { Table, Text } from '@mantine/core'
import type { AuditEntry } from '../../../core/model/audit.ts'
import { diffLines, isSecretChange } from './audit-diff.ts'
import { useDiffContext } from './use-diff-context.ts'

/** The fields that one line of the trail changed. */
export function DiffTable({ entry }: { readonly entry: AuditEntry }) {
  const lines = diffLines(entry, useDiffContext())
  if (isSecretChange(entry))
    return (
      <Text c="dimmed">
        <Trans>A secret was changed. The audit trail does not store it.</Trans>
      </Text>
    )
  if (lines.length === 0) return null
  const both = entry.action === 'UPDATE'
  return (
    <Table layout="fixed" withRowBorders={false} horizontalSpacing={0} verticalSpacing={2}>
      <Table.Tbody>
        {lines.map(({ field, from, to }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" w={112} fw={400} c="dimmed" style={{ verticalAlign: 'top' }}>
              {field}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {both && from !== null ? (
                <>
                  <Text component="del" c="dimmed">
                    {from}
                  </Text>
                  {' → '}
                  <Text component="ins" td="none">
                    {to}
                  </Text>
                </>
              ) : (
                (to ?? from)
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
