import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Menu, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReportFormat } from '../../../core/contract/report-files.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { NUMBER_LOCALE } from '../../format/number-locale.ts'
import { useRights } from '../../session/session-context.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { saveDownload } from '../../view/save-download.ts'
import type { ShownReport } from './shown-report.ts'

const CHOICES: readonly { readonly format: ReportFormat; readonly label: MessageDescriptor; readonly hint: MessageDescriptor }[] =
  [
    { format: 'pdf', label: msg`PDF`, hint: msg`This page with its charts, filters and definitions` },
    { format: 'xlsx', label: msg`Excel workbook`, hint: msg`A sheet for each table` },
    { format: 'csv', label: msg`CSV`, hint: msg`One value per line, with numerator and denominator` },
  ]

/** Exports or prints the report. Every exported file is an entry in the audit trail. */
export function ReportExport({ request }: { readonly request: ShownReport['request'] }) {
  const { api } = useApi()
  const rights = useRights()
  const [isBusy, setBusy] = useState(false)
  if (rights.reach('export.run') === 'none') return null
  const save = async (format: ReportFormat) => {
    setBusy(true)
    try {
      const file = await api.reports.file({ ...request, format, locale: NUMBER_LOCALE })
      if (file.download !== null) saveDownload(file.download, file.fileName)
      const { fileName } = file
      notifyDone(t`Report exported. Saving ${fileName} to your downloads.`)
    } catch (error) {
      notifyError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu position="bottom-end" width={300} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="subtle" leftSection={<IconDownload size={14} />} loading={isBusy} data-screen-only>
          <Trans>Export</Trans>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {CHOICES.map(({ format, label, hint }) => (
          <Menu.Item key={format} onClick={() => void save(format)}>
            {i18n.t(label)}
            <Text size="xs" c="dimmed">
              {i18n.t(hint)}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => window.print()}>
          <Trans>Print</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
