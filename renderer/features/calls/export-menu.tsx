import { Button, Group, Menu, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { CsvStyle, ExportFormat } from '../../../core/contract/exports.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { formatCount, plural } from '../../format/numbers.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { saveDownload } from '../../view/save-download.ts'
import { useExportJob, type ExportRequest } from './export-job.ts'

type Choice = { readonly label: string; readonly hint: string; readonly format: ExportFormat; readonly style: CsvStyle }

const CHOICES: readonly Choice[] = [
  { label: 'Excel workbook', hint: 'Keeps dates and full phone numbers', format: 'xlsx', style: 'safe' },
  { label: 'CSV for spreadsheets', hint: 'Text cannot run as a formula', format: 'csv', style: 'safe' },
  { label: 'CSV, raw values', hint: 'Values as stored, for other programs', format: 'csv', style: 'raw' },
]

type Props = { readonly list: Pick<ExportRequest, 'filter' | 'sort'>; readonly disabled: boolean }

/** Exports the calls of the list: a menu of formats, and the progress of a running export. */
export function ExportMenu({ list, disabled }: Props) {
  const { api } = useApi()
  const { run, running } = useExportJob()
  const start = async ({ format, style }: Choice) => {
    try {
      const file = await run(api, { ...list, format, style })
      if (file === null) return notifyDone('Export cancelled. No file was saved.')
      if (file.download !== null) saveDownload(file.download, file.fileName)
      notifyDone(`${plural(file.rows, 'call')} exported. Saving ${file.fileName} to your downloads.`)
    } catch (error) {
      notifyError(error)
    }
  }
  if (running !== null) return <RunningExport />
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button variant="subtle" leftSection={<IconDownload size={14} />} disabled={disabled}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map((choice) => (
          <Menu.Item key={choice.label} onClick={() => void start(choice)}>
            {choice.label}
            <Text size="xs" c="dimmed">
              {choice.hint}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function RunningExport() {
  const { running, cancel } = useExportJob()
  if (running === null) return null
  const { done, total, isCancelling } = running
  return (
    <Group role="group" aria-label="Running export" gap="xs" wrap="nowrap">
      <Text style={{ whiteSpace: 'nowrap' }} title={`${formatCount(done)} of ${plural(total, 'call')}`}>
        Exporting {total === 0 ? '…' : `${Math.floor((100 * done) / total)} %`}
      </Text>
      <Button variant="subtle" onClick={cancel} disabled={isCancelling}>
        {isCancelling ? 'Cancelling…' : 'Cancel'}
      </Button>
    </Group>
  )
}
