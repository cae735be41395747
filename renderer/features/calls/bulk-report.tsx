import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { Alert, Anchor, DataList, Stack, Table, Text, Title } from '@mantine/core'
import type { BulkReport } from '../../../core/contract/bulk.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { formatCount } from '../../format/numbers.ts'
import { sentenceText } from '../../format/sentence-text.ts'
import { countLines, reportTitle } from './bulk-text.ts'

/** The report of a bulk action: what it did, and which calls it did not change, with the cause. */
export function BulkReportPanel({ report }: { readonly report: BulkReport }) {
  const openPanel = useViewState((view) => view.openPanel)
  const { failure, causes, refusals, refused } = report
  const listed = formatCount(refusals.length)
  return (
    <PanelFrame title={reportTitle(report)} takeFocus>
      <Stack gap="lg">
        {failure !== null && (
          <Alert color="red" role="alert" title={sentenceText(failure)}>
            {report.isUndo
              ? t`Calls restored before that stay restored. Undo again to restore the rest.`
              : t`Changes made before that are kept. Undo takes them back.`}
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
          <Stack gap="sm" component="section" aria-label={t`Calls not changed`}>
            <Title order={3}>
              <Trans>Calls not changed</Trans>
            </Title>
            {causes.map(({ message, text, calls }) => (
              <Text key={message}>
                <Plural value={calls} one="# call" other="# calls" />: {sentenceText({ message, text })}
              </Text>
            ))}
            {refusals.length < refused && <Text c="dimmed">{t`The first ${listed} are listed.`}</Text>}
            <Table aria-label={t`Calls not changed`}>
              <Table.Tbody>
                {refusals.map(({ id, prospectName, message, text, code }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      {prospectName === null || code === 'NOT_FOUND' ? (
                        (prospectName ?? t`Not shown`)
                      ) : (
                        <Anchor component="button" type="button" onClick={() => openPanel({ kind: 'call', id, focus: true })}>
                          {prospectName}
                        </Anchor>
                      )}
                    </Table.Td>
                    <Table.Td c="dimmed">{sentenceText({ message, text })}</Table.Td>
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
