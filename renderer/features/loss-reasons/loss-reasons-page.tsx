import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
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

const columns = (): readonly RecordColumn<LossReason>[] => [
  { label: t`Name`, cell: (reason) => reason.name },
  { label: t`Description`, cell: (reason) => reason.description ?? NONE, minor: true },
  { label: t`State`, cell: (reason) => (reason.isActive ? t`Active` : t`Inactive`) },
]

export function LossReasonsPage() {
  const { query } = useApi()
  const rights = useRights()
  const { panel, openPanel } = useViewState()
  const reasons = useQuery(query.lossReasons.list.queryOptions())
  const mayEdit = rights.reach('loss_reasons.edit') !== 'none'
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={14} />} onClick={() => openPanel({ kind: 'new-loss-reason' })}>
      <Trans>Add loss reason</Trans>
    </Button>
  )
  return (
    <Page title={t`Loss reasons`} actions={add}>
      <Shown query={reasons} what={t`Loss reasons`}>
        {(list) =>
          list.length === 0 ? (
            <Nothing title={t`No loss reasons yet`} action={add}>
              <Trans>A loss reason explains why a call was lost. Reports count calls by reason.</Trans>
            </Nothing>
          ) : (
            <RecordTable
              label={t`Loss reasons`}
              rows={list}
              columns={columns()}
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
