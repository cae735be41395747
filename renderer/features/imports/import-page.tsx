import { Trans } from '@lingui/react/macro'
import { plural, t } from '@lingui/core/macro'
import { Alert, Button, FileInput, Group, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { formatCount } from '../../format/numbers.ts'
import { FormError, NotPermitted } from '../../feedback/states.tsx'
import { useRights } from '../../session/session-context.ts'
import { ImportCancelled, useImportJob } from './import-job.ts'
import { ImportReportView } from './import-report.tsx'
import { MapEditor } from './map-editor.tsx'
import { RecentImports } from './recent-imports.tsx'

export function ImportPage() {
  const rights = useRights()
  const step = useImportJob((job) => job.step)
  const reset = useImportJob((job) => job.reset)
  const allowed = rights.reach('import.run') !== 'none'
  const another = allowed && (step.kind === 'map' || step.kind === 'report') && (
    <Button variant="default" onClick={reset}>
      <Trans>Choose another file</Trans>
    </Button>
  )
  return (
    <Page title={t`Import`} actions={another}>
      {allowed ? (
        <Stack gap="lg" maw={960}>
          <ImportError />
          <ImportStep />
        </Stack>
      ) : (
        <NotPermitted title={t`You don’t have access to imports`} />
      )}
    </Page>
  )
}

function ImportError() {
  const error = useImportJob((job) => job.error)
  if (error instanceof ImportCancelled)
    return (
      <Alert color="orange" title={t`The import was cancelled`} role="status">
        <Trans>Rows that were written are kept. Import the same file again to continue.</Trans>
      </Alert>
    )
  return <FormError error={error} />
}

function ImportStep() {
  const { api } = useApi()
  const rights = useRights()
  const { step, inspect, cancel } = useImportJob()
  switch (step.kind) {
    case 'choose':
      return (
        <Stack gap="md" align="flex-start">
          <Text>
            <Trans>
              Import calls from another system: choose a CSV file or an Excel workbook, map its columns, check the dry run, then
              import. Importing the same file again changes nothing.
            </Trans>
          </Text>
          <FileInput
            label={t`CSV file or workbook`}
            placeholder={t`Choose a file`}
            accept=".csv,.tsv,.txt,text/csv,.xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            leftSection={<IconUpload size={14} />}
            w={360}
            onChange={(file) => {
              if (file !== null)
                void inspect(api, file, {
                  createAgents: rights.reach('users.edit') === 'all',
                  createLossReasons: rights.reach('loss_reasons.edit') === 'all',
                })
            }}
          />
          <RecentImports />
        </Stack>
      )
    case 'inspecting': {
      const { fileName } = step
      return (
        <Stack gap="sm" role="status">
          <Text>{t`Reading ${fileName}…`}</Text>
          <Progress value={100} animated aria-label={t`Reading the file`} />
        </Stack>
      )
    }
    case 'map':
      return <MapEditor />
    case 'running': {
      const { dryRun, total } = step
      const done = formatCount(step.done)
      const rows = plural(total, { one: '# row', other: '# rows' })
      return (
        <Stack gap="sm" role="status">
          <Text>
            {dryRun ? (
              <Trans>
                Dry run: {done} of {rows}
              </Trans>
            ) : (
              <Trans>
                Importing: {done} of {rows}
              </Trans>
            )}
          </Text>
          <Progress value={total === 0 ? 0 : (100 * step.done) / total} aria-label={t`Rows done`} />
          <Group>
            <Button variant="default" onClick={cancel} disabled={step.cancelling}>
              {step.cancelling ? <Trans>Cancelling…</Trans> : <Trans>Cancel import</Trans>}
            </Button>
          </Group>
        </Stack>
      )
    }
    case 'report':
      return <ImportReportView report={step.report} />
  }
}
