import { Alert, Button, DataList, Group, List, Stack, Table, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount, NONE, plural } from '../../format/numbers.ts'
import { ColumnFates } from './column-fates.tsx'
import { describeLines, describeSpans } from './import-reading.ts'
import { useImportJob } from './import-job.ts'
import { saveText } from './save-text.ts'

/** What an import did, or what it would do. */
export function ImportReportView({ report }: { readonly report: ImportReport }) {
  const { client } = useApi()
  const { run, backToMap } = useImportJob()
  const { dryRun, cancelled, rows, created, updated, unchanged, refused, createdUsers, createdLossReasons, issues, refusedCsv } =
    report
  const { lineAccount, readingWarnings, columns } = report
  const would = dryRun ? 'would be ' : ''
  return (
    <Stack gap="lg">
      <Title order={2}>{dryRun ? 'Dry run: nothing was written yet' : cancelled ? 'Import cancelled' : 'Import finished'}</Title>
      {cancelled && (
        <Alert color="orange" role="status">
          What was written stays. Importing the same file again goes on from there.
        </Alert>
      )}
      {readingWarnings.length > 0 && (
        <Alert color="orange" title="How the file was read">
          <List>
            {readingWarnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <DataList labelWidth={200}>
        {(
          [
            ['Rows read', formatCount(rows)],
            [`Calls ${would}created`, formatCount(created)],
            [`Calls ${would}updated`, formatCount(updated)],
            ['Calls unchanged', formatCount(unchanged)],
            ['Rows refused', formatCount(refused)],
            ['Lines of the file', lineAccount === null ? NONE : describeLines(lineAccount)],
            ...(lineAccount === null || lineAccount.spans.length === 0
              ? []
              : ([['Rows over several lines', describeSpans(lineAccount)]] as const)),
            [`Users ${would}added`, createdUsers.join(', ') || NONE],
            [`Loss reasons ${would}added`, createdLossReasons.join(', ') || NONE],
          ] as const
        ).map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
      <Group>
        {dryRun ? (
          <Button onClick={() => void run(client, false)} disabled={created + updated + unchanged === 0}>
            Import {plural(created + updated, 'call')}
          </Button>
        ) : (
          <Button renderRoot={(props) => <Link to="/calls" {...props} />}>Show calls</Button>
        )}
        <Button variant="default" onClick={backToMap}>
          Change the mapping
        </Button>
        {refusedCsv !== null && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveText('refused-rows.csv', 'text/csv', refusedCsv)}
          >
            Download refused rows
          </Button>
        )}
      </Group>
      <ColumnFates fates={columns} counted="Counted in all rows that were read." />
      {issues.length > 0 && (
        <Stack gap="xs" component="section" aria-label="Refused rows">
          <Title order={2}>Refused rows</Title>
          {issues.length < refused && <Text c="dimmed">The first {formatCount(issues.length)}; the download has all.</Text>}
          <Table aria-label="Refused rows">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={80}>Line</Table.Th>
                <Table.Th w={200}>Column</Table.Th>
                <Table.Th>Why</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {issues.map(({ line, column, message }, index) => (
                <Table.Tr key={index}>
                  <Table.Td>{line}</Table.Td>
                  <Table.Td>{column ?? NONE}</Table.Td>
                  <Table.Td>{message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      )}
    </Stack>
  )
}
