import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, DataList, Stack } from '@mantine/core'
import type { AuditEntry } from '../../../core/model/audit.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { NONE } from '../../format/numbers.ts'
import { formatInstant } from '../../format/times.ts'
import { usePeople } from '../../session/use-names.ts'
import { useSession } from '../../session/session-context.ts'
import { entryTitle } from './audit-diff.ts'
import { DiffTable } from './diff-table.tsx'
import { RestoreDeleted } from './restore-deleted.tsx'

export function AuditEntryPanel({ entry }: { readonly entry: AuditEntry }) {
  const people = usePeople()
  const zone = useSession().settings.time_zone
  const openPanel = useViewState((view) => view.openPanel)
  const facts = [
    [t({ message: 'Time', context: 'of an event' }), formatInstant(entry.createdAt, zone)],
    [t`Who`, people.name(entry.userId)],
    [t`Record`, entry.recordId],
    [t`IP address`, entry.ipAddress ?? NONE],
    [t`Device`, entry.userAgent ?? NONE],
  ] as const
  const isCall = entry.tableName === 'calls' && entry.action !== 'DELETE'
  return (
    <PanelFrame
      title={entryTitle(entry)}
      takeFocus
      actions={
        isCall ? (
          <Button variant="default" onClick={() => openPanel({ kind: 'call', id: entry.recordId, focus: true })}>
            <Trans>Open call</Trans>
          </Button>
        ) : (
          <RestoreDeleted entry={entry} />
        )
      }
    >
      <Stack gap="lg">
        <DataList labelWidth={80}>
          {facts.map(([label, value]) => (
            <DataList.Item key={label}>
              <DataList.ItemLabel>{label}</DataList.ItemLabel>
              <DataList.ItemValue style={{ overflowWrap: 'anywhere' }}>{value}</DataList.ItemValue>
            </DataList.Item>
          ))}
        </DataList>
        <DiffTable entry={entry} />
      </Stack>
    </PanelFrame>
  )
}
