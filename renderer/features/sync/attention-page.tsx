import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, DataList, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { openConflictSchema } from '../../../core/contract/sync.ts'
import { useApi } from '../../api/api-context.ts'
import { Page } from '../../ui/page.tsx'
import { useViewState } from '../../view/view-state.ts'
import { FormError, Nothing, Shown } from '../../feedback/states.tsx'
import { valueLines } from '../audit/audit-diff.ts'
import { useDiffContext } from '../audit/use-diff-context.ts'
import { RestoreCall } from '../audit/restore-call.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { conflictText, refusalText } from './refusal-text.ts'
import type { Rejection } from './rejected-call.ts'

type Values = z.infer<typeof openConflictSchema>['winning']

/** Refused changes and conflicts, which a person must decide. An item is removed only when it is settled. */
export function AttentionPage() {
  const { query } = useApi()
  const rejections = useQuery(query.sync.rejections.queryOptions())
  const conflicts = useQuery(query.sync.conflicts.queryOptions())
  return (
    <Page title={t`Needs attention`}>
      <Stack gap="xl" maw={640}>
        <Stack gap="sm" component="section" aria-label={t`Refused by the server`}>
          <Title order={2}>
            <Trans>Refused by the server</Trans>
          </Title>
          <Shown query={rejections} what={t`Refused changes`}>
            {(list) =>
              list.length === 0 ? (
                <Nothing title={t`Nothing was refused`} />
              ) : (
                list.map((rejection) => <RejectionCard key={rejection.opId} rejection={rejection} />)
              )
            }
          </Shown>
        </Stack>
        <Stack gap="sm" component="section" aria-label={t`Conflicts`}>
          <Title order={2}>
            <Trans>Conflicts</Trans>
          </Title>
          <Shown query={conflicts} what={t`Conflicts`}>
            {(list) =>
              list.length === 0 ? (
                <Nothing title={t`No conflicts`} />
              ) : (
                list.map((conflict) => <ConflictCard key={conflict.id} conflict={conflict} />)
              )
            }
          </Shown>
        </Stack>
      </Stack>
    </Page>
  )
}

function ValueList({ values }: { readonly values: Values }) {
  const context = useDiffContext()
  return (
    <DataList labelWidth={140}>
      {valueLines(values, context).map(({ field, value }) => (
        <DataList.Item key={field}>
          <DataList.ItemLabel>{field}</DataList.ItemLabel>
          <DataList.ItemValue style={{ overflowWrap: 'anywhere' }}>{value}</DataList.ItemValue>
        </DataList.Item>
      ))}
    </DataList>
  )
}

/** What happened to a value of a call, with the name of the call's prospect. */
function CallConflict({ id, winner, loser }: { readonly id: string; readonly winner: string; readonly loser: string }) {
  const { query } = useApi()
  const call = useQuery(query.calls.get.queryOptions({ input: { id } }))
  const prospectName = call.data?.prospectName ?? '…'
  return t`${winner} and ${loser} changed the same value at the same time, in the call with ${prospectName}.`
}

function useSettle<T>(settle: (input: T) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: settle, onSuccess: () => queries.invalidateQueries() })
}

/** Returns whether a refused change can be corrected: it is a new call, or an edit of a call that still exists. */
function useIsCorrectable({ table, action, rowId }: Rejection): boolean {
  const { query } = useApi()
  const rights = useRights()
  const isEdit = table === 'calls' && action === 'UPDATE'
  const call = useQuery(query.calls.get.queryOptions({ input: { id: rowId }, enabled: isEdit, retry: false }))
  if (table !== 'calls') return false
  if (action === 'INSERT') return rights.reach('calls.create') !== 'none'
  return isEdit && call.isSuccess && rights.may('calls.edit', call.data.userId)
}

function RejectionCard({ rejection }: { readonly rejection: Rejection }) {
  const { api } = useApi()
  const { opId } = rejection
  const openPanel = useViewState((view) => view.openPanel)
  const isCorrectable = useIsCorrectable(rejection)
  const retry = useSettle(api.sync.retry)
  const discard = useSettle(api.sync.discard)
  return (
    <Paper withBorder p="md" component="article" aria-label={refusalText(rejection)}>
      <Stack gap="sm">
        <Text fw={600}>{refusalText(rejection)}</Text>
        <ValueList values={rejection.values} />
        <FormError error={retry.error ?? discard.error} />
        <Group>
          <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate({ opId })}>
            <Trans>Try again</Trans>
          </Button>
          {rejection.table === 'calls' && rejection.code === 'DELETED' && <RestoreCall id={rejection.rowId} ownerId={null} />}
          {isCorrectable && (
            <Button variant="default" onClick={() => openPanel({ kind: 'correct-call', opId })}>
              <Trans>Edit</Trans>
            </Button>
          )}
          <Button variant="subtle" loading={discard.isPending} onClick={() => discard.mutate({ opId })}>
            <Trans>Discard</Trans>
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

function ConflictCard({ conflict }: { readonly conflict: z.infer<typeof openConflictSchema> }) {
  const { api } = useApi()
  const people = usePeople()
  const { user } = useSession()
  const { id } = conflict
  const winner = people.name(conflict.winningUserId)
  const loser = people.name(conflict.losingUserId)
  const useMine = useSettle(api.sync.useMine)
  const keepTheirs = useSettle(api.sync.keepTheirs)
  return (
    <Paper withBorder p="md" component="article" aria-label={t`Conflict`}>
      <Stack gap="sm">
        <Text>
          {conflict.table === 'calls' ? (
            <CallConflict id={conflict.rowId} winner={winner} loser={loser} />
          ) : (
            conflictText(conflict.table, winner, loser)
          )}
        </Text>
        <Text fw={600}>{t`Current value, by ${winner}`}</Text>
        <ValueList values={conflict.winning} />
        <Text fw={600}>{t`Other value, by ${loser}`}</Text>
        <ValueList values={conflict.losing} />
        <FormError error={useMine.error ?? keepTheirs.error} />
        <Group>
          <Button variant="default" loading={useMine.isPending} onClick={() => useMine.mutate({ id })}>
            {conflict.losingUserId === user.id ? <Trans>Use mine</Trans> : <Trans>Use the other value</Trans>}
          </Button>
          <Button variant="subtle" loading={keepTheirs.isPending} onClick={() => keepTheirs.mutate({ id })}>
            <Trans>Keep the current value</Trans>
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
