import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { User } from '../../../core/model/people.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { personLabel, roleLabel } from '../../format/labels.ts'
import { formatDateTime } from '../../format/times.ts'
import { RecordTable } from '../../ui/record-table.tsx'
import type { RecordColumn } from '../../ui/record-table.tsx'
import { Nothing, NotPermitted, Shown } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'

function signInText(user: User, zone: string): string {
  if (user.hasPassword === false) return t`No password yet`
  return user.lastLogin === null ? t`Never` : formatDateTime(user.lastLogin, zone)
}

export function UsersPage() {
  const { query } = useApi()
  const rights = useRights()
  const zone = useSession().settings.time_zone
  const { panel, openPanel } = useViewState()
  const mayRead = rights.reach('users.read') !== 'none'
  const mayEdit = rights.reach('users.edit') !== 'none'
  const users = useQuery(query.users.list.queryOptions({ enabled: mayRead }))
  if (!mayRead)
    return (
      <Page title={t`Users`}>
        <NotPermitted title={t`You don’t have access to users`} />
      </Page>
    )
  const columns: readonly RecordColumn<User>[] = [
    { label: t`Name`, cell: personLabel },
    { label: t`E-mail`, cell: (user) => user.email },
    { label: t`Role`, cell: (user) => roleLabel(user.role) },
    { label: t`Last sign-in`, cell: (user) => signInText(user, zone), minor: true },
  ]
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={14} />} onClick={() => openPanel({ kind: 'new-user' })}>
      <Trans>Add user</Trans>
    </Button>
  )
  return (
    <Page title={t`Users`} actions={add}>
      <Shown query={users} what={t`Users`}>
        {(list) =>
          list.length === 0 ? (
            <Nothing title={t`No users yet`} action={add} />
          ) : (
            <RecordTable
              label={t`Users`}
              rows={list}
              columns={columns}
              selectedId={panel?.kind === 'user' ? panel.id : undefined}
              onOpen={mayEdit ? (user) => openPanel({ kind: 'user', id: user.id }) : undefined}
              faded={(user) => !user.isActive}
            />
          )
        }
      </Shown>
    </Page>
  )
}
