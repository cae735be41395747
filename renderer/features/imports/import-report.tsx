import { Plural, Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Alert, Button, DataList, Group, List, Stack, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ImportReport } from '../../../core/contract/imports.ts'
import { useApi } from '../../api/api-context.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { sentenceText } from '../../format/sentence-text.ts'
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
  return (
    <Stack gap="lg">
      <Title order={2}>
        {dryRun ? t`Dry run: nothing was written yet` : cancelled ? t`Import cancelled` : t`Import finished`}
      </Title>
      {cancelled && (
        <Alert color="orange" role="status">
          <Trans>Rows that were written are kept. Import the same file again to continue.</Trans>
        </Alert>
      )}
      {notes.length > 0 && (
        <Alert color="orange" title={t`About the file`}>
          <List>
            {notes.map((note) => (
              <List.Item key={note.message}>{sentenceText(note)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {readingWarnings.length > 0 && (
        <Alert color="orange" title={t`How the file was read`}>
          <List>
            {readingWarnings.map((warning) => (
              <List.Item key={warning.message}>{sentenceText(warning)}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <ListedRows report={report} />
      <DataList labelWidth={200}>
        {(
          [
            [t`Rows read`, formatCount(rows)],
            [dryRun ? t`Calls would be created` : t`Calls created`, formatCount(created)],
            [dryRun ? t`Calls would be updated` : t`Calls updated`, formatCount(updated)],
            [t`Calls unchanged`, formatCount(unchanged)],
            [t`Rows refused`, formatCount(refused)],
            [t`Lines of the file`, lineAccount === null ? NONE : describeLines(lineAccount)],
            ...(lineAccount === null || lineAccount.spans.length === 0
              ? []
              : ([[t`Rows over several lines`, describeSpans(lineAccount)]] as const)),
            [dryRun ? t`Users would be added` : t`Users added`, createdUsers.join(', ') || NONE],
            [dryRun ? t`Loss reasons would be added` : t`Loss reasons added`, createdLossReasons.join(', ') || NONE],
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
            <Plural value={written} one="Import # call" other="Import # calls" />
          </Button>
        ) : (
          <Button renderRoot={(props) => <Link to="/calls" {...props} />}>
            <Trans>Show calls</Trans>
          </Button>
        )}
        <Button variant="default" onClick={backToMap}>
          <Trans>Change the mapping</Trans>
        </Button>
        {refusedCsv !== null && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveText('refused-rows.csv', 'text/csv', refusedCsv)}
          >
            <Trans>Download refused rows</Trans>
          </Button>
        )}
      </Group>
      <ChangedCalls report={report} />
      <ColumnUsages usages={columns} counted={t`Counted in all rows that were read.`} />
      <RefusedGroups report={report} />
    </Stack>
  )
}
