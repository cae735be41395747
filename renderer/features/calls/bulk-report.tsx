import { Alert, Anchor, DataList, Stack, Table, Text, Title } from '@mantine/core'
import type { BulkReport } from '../../../core/contract/bulk.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { formatCount, plural } from '../../format/numbers.ts'
import { countLines, reportTitle } from './bulk-text.ts'

/** The report of a bulk action: what it did, and which calls it did not change, with the cause. */
export function BulkReportPanel({ report }: { readonly report: BulkReport }) {
  const openPanel = useViewState((view) => view.openPanel)
  const { failure, causes, refusals, refused } = report
  return (
    <PanelFrame title={reportTitle(report)} takeFocus>
      <Stack gap="lg">
        {failure !== null && (
          <Alert color="red" role="alert" title={failure}>
            {report.isUndo
              ? 'Calls restored before that stay restored. Undo again to restore the rest.'
              : 'Changes made before that are kept. Undo takes them back.'}
          </Alert>
        )}
        <DataList orientation="horizontal" labelWidth={240}>
          {countLines(report).map(([label, calls]) => (
            <DataList.Item key={label}>
              <DataList.ItemLabel>{label}</DataList.ItemLabel>
              <DataList.ItemValue>{calls}</DataList.ItemValue>
            </DataList.Item>
          ))}
        </DataList>
        {refused > 0 && (
          <Stack gap="sm" component="section" aria-label="Calls not changed">
            <Title order={3}>Calls not changed</Title>
            {causes.map(({ message, calls }) => (
              <Text key={message}>
                {plural(calls, 'call')}: {message}
              </Text>
            ))}
            {refusals.length < refused && <Text c="dimmed">The first {formatCount(refusals.length)} are listed.</Text>}
            <Table aria-label="Calls not changed">
              <Table.Tbody>
                {refusals.map(({ id, prospectName, message, code }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      {prospectName === null || code === 'NOT_FOUND' ? (
                        (prospectName ?? 'Not shown')
                      ) : (
                        <Anchor component="button" type="button" onClick={() => openPanel({ kind: 'call', id, focus: true })}>
                          {prospectName}
                        </Anchor>
                      )}
                    </Table.Td>
                    <Table.Td c="dimmed">{message}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Stack>
        )}
      </Stack>
    </PanelFrame>
  )
}
