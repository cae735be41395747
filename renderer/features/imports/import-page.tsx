import { Alert, Button, FileInput, Group, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { formatCount, plural } from '../../format/numbers.ts'
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
      Choose another file
    </Button>
  )
  return (
    <Page title="Import" actions={another}>
      {allowed ? (
        <Stack gap="lg" maw={960}>
          <ImportError />
          <ImportStep />
        </Stack>
      ) : (
        <NotPermitted title="You don’t have access to imports" />
      )}
    </Page>
  )
}

function ImportError() {
  const error = useImportJob((job) => job.error)
  if (error instanceof ImportCancelled)
    return (
      <Alert color="orange" title="The import was cancelled" role="status">
        Rows that were written are kept. Import the same file again to continue.
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
            Import calls from another system: choose a CSV file or an Excel workbook, map its columns, check the dry run, then
            import. Importing the same file again changes nothing.
          </Text>
          <FileInput
            label="CSV file or workbook"
            placeholder="Choose a file"
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
    case 'inspecting':
      return (
        <Stack gap="sm" role="status">
          <Text>Reading {step.fileName}…</Text>
          <Progress value={100} animated aria-label="Reading the file" />
        </Stack>
      )
    case 'map':
      return <MapEditor />
    case 'running':
      return (
        <Stack gap="sm" role="status">
          <Text>
            {step.dryRun ? 'Dry run' : 'Importing'}: {formatCount(step.done)} of {plural(step.total, 'row')}
          </Text>
          <Progress value={step.total === 0 ? 0 : (100 * step.done) / step.total} aria-label="Rows done" />
          <Group>
            <Button variant="default" onClick={cancel} disabled={step.cancelling}>
              {step.cancelling ? 'Cancelling…' : 'Cancel import'}
            </Button>
          </Group>
        </Stack>
      )
    case 'report':
      return <ImportReportView report={step.report} />
  }
}
