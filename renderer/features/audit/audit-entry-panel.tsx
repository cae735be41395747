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
    ['Time', formatInstant(entry.createdAt, zone)],
    ['Who', people.name(entry.userId)],
    ['Record', entry.recordId],
    ['IP address', entry.ipAddress ?? NONE],
    ['Device', entry.userAgent ?? NONE],
  ] as const
  const isCall = entry.tableName === 'calls' && entry.action !== 'DELETE'
  return (
    <PanelFrame
      title={entryTitle(entry)}
      takeFocus
      actions={
        isCall ? (
          <Button variant="default" onClick={() => openPanel({ kind: 'call', id: entry.recordId, focus: true })}>
            Open call
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
