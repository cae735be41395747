import { Alert, Button, DataList, Group, List, Stack, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount, NONE, plural } from '../../format/numbers.ts'
import { ChangedCalls, OverwriteQuestion, type OverwriteChoice } from './changed-calls.tsx'
import { ListedRows } from './listed-rows.tsx'
import { ColumnUsages } from './column-usage.tsx'
import { describeLines, describeSpans } from './import-reading.ts'
import { useImportJob } from './import-job.ts'
import { withColumns } from './import-map.ts'
import { RefusedGroups } from './refused-groups.tsx'
import { saveText } from './save-text.ts'

/** The report of an import or a dry run. */
export function ImportReportView({ report }: { readonly report: ImportReport }) {
  const { api } = useApi()
  const { run, backToMap, map, setMap } = useImportJob()
  const [choice, setChoice] = useState<OverwriteChoice | null>(null)
  const { dryRun, cancelled, rows, created, updated, unchanged, refused, createdUsers, createdLossReasons, notes, refusedCsv } =
    report
  const { lineAccount, readingWarnings, columns } = report
  const asks = dryRun && updated > 0
  const written = created + (choice === 'change' ? updated : 0)
  const separate =
    map?.fields.externalId === undefined
      ? undefined
      : () => {
          setMap(withColumns(map, 'externalId', []))
          void run(api, true)
        }
  const would = dryRun ? 'would be ' : ''
  return (
    <Stack gap="lg">
      <Title order={2}>{dryRun ? 'Dry run: nothing was written yet' : cancelled ? 'Import cancelled' : 'Import finished'}</Title>
      {cancelled && (
        <Alert color="orange" role="status">
          Rows that were written are kept. Import the same file again to continue.
        </Alert>
      )}
      {notes.length > 0 && (
        <Alert color="orange" title="About the file">
          <List>
            {notes.map(({ message }) => (
              <List.Item key={message}>{message}</List.Item>
            ))}
          </List>
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
      <ListedRows report={report} />
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
      {asks && <OverwriteQuestion report={report} choice={choice} onChoose={setChoice} onSeparate={separate} />}
      <Group>
        {dryRun ? (
          <Button
            onClick={() => void run(api, false, choice === 'change')}
            disabled={created + updated + unchanged === 0 || (asks && choice === null)}
          >
            Import {plural(written, 'call')}
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
      <ChangedCalls report={report} />
      <ColumnUsages usages={columns} counted="Counted in all rows that were read." />
      <RefusedGroups report={report} />
    </Stack>
  )
}
