import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { LossReason } from '../../../core/model/people.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { NONE } from '../../format/numbers.ts'
import { RecordTable } from '../../ui/record-table.tsx'
import type { RecordColumn } from '../../ui/record-table.tsx'
import { Nothing, Shown } from '../../feedback/states.tsx'
import { useRights } from '../../session/session-context.ts'

const COLUMNS: readonly RecordColumn<LossReason>[] = [
  { label: 'Name', cell: (reason) => reason.name },
  { label: 'Description', cell: (reason) => reason.description ?? NONE, minor: true },
  { label: 'State', cell: (reason) => (reason.isActive ? 'Active' : 'Inactive') },
]

export function LossReasonsPage() {
  const { query } = useApi()
  const rights = useRights()
  const { panel, openPanel } = useViewState()
  const reasons = useQuery(query.lossReasons.list.queryOptions())
  const mayEdit = rights.reach('loss_reasons.edit') !== 'none'
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={14} />} onClick={() => openPanel({ kind: 'new-loss-reason' })}>
      Add loss reason
    </Button>
  )
  return (
    <Page title="Loss reasons" actions={add}>
      <Shown query={reasons} what="Loss reasons">
        {(list) =>
          list.length === 0 ? (
            <Nothing title="No loss reasons yet" action={add}>
              A loss reason explains why a call was lost. Reports count calls by reason.
            </Nothing>
          ) : (
            <RecordTable
              label="Loss reasons"
              rows={list}
              columns={COLUMNS}
              selectedId={panel?.kind === 'loss-reason' ? panel.id : undefined}
              onOpen={mayEdit ? (reason) => openPanel({ kind: 'loss-reason', id: reason.id }) : undefined}
              faded={(reason) => !reason.isActive}
            />
          )
        }
      </Shown>
    </Page>
  )
}
