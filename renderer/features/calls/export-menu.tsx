import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Menu, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { CsvStyle, ExportFormat } from '../../../core/contract/exports.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { formatCount } from '../../format/numbers.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { saveDownload } from '../../view/save-download.ts'
import { useExportJob, type ExportRequest } from './export-job.ts'

type Choice = {
  readonly label: MessageDescriptor
  readonly hint: MessageDescriptor
  readonly format: ExportFormat
  readonly style: CsvStyle
}

const CHOICES: readonly Choice[] = [
  { label: msg`Excel workbook`, hint: msg`Keeps dates and full phone numbers`, format: 'xlsx', style: 'safe' },
  { label: msg`CSV for spreadsheets`, hint: msg`Text cannot run as a formula`, format: 'csv', style: 'safe' },
  { label: msg`CSV, raw values`, hint: msg`Values as stored, for other programs`, format: 'csv', style: 'raw' },
]

type Props = { readonly list: Pick<ExportRequest, 'filter' | 'sort'>; readonly disabled: boolean }

/** Exports the calls of the list: a menu of formats, and the progress of a running export. */
export function ExportMenu({ list, disabled }: Props) {
  const { api } = useApi()
  const { run, running } = useExportJob()
  const start = async ({ format, style }: Choice) => {
    try {
      const file = await run(api, { ...list, format, style })
      if (file === null) return notifyDone(t`Export cancelled. No file was saved.`)
      if (file.download !== null) saveDownload(file.download, file.fileName)
      const { rows, fileName } = file
      notifyDone(t`${plural(rows, { one: '# call', other: '# calls' })} exported. Saving ${fileName} to your downloads.`)
    } catch (error) {
      notifyError(error)
    }
  }
  if (running !== null) return <RunningExport />
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button variant="subtle" leftSection={<IconDownload size={14} />} disabled={disabled}>
          <Trans>Export</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map((choice) => (
          <Menu.Item key={`${choice.format} ${choice.style}`} onClick={() => void start(choice)}>
            {i18n.t(choice.label)}
            <Text size="xs" c="dimmed">
              {i18n.t(choice.hint)}
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
  const doneCount = formatCount(done)
  const percent = Math.floor((100 * done) / total)
  return (
    <Group role="group" aria-label={t`Running export`} gap="xs" wrap="nowrap">
      <Text style={{ whiteSpace: 'nowrap' }} title={t`${doneCount} of ${plural(total, { one: '# call', other: '# calls' })}`}>
        {total === 0 ? <Trans>Exporting …</Trans> : <Trans>Exporting {percent} %</Trans>}
      </Text>
      <Button variant="subtle" onClick={cancel} disabled={isCancelling}>
        {isCancelling ? t`Cancelling…` : t`Cancel`}
      </Button>
    </Group>
  )
}
