import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Button, DataList, Group, Stack, Text, Title } from '@mantine/core'
import { IconPencil, IconTrash, IconUser } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Cursor } from '../../../core/contract/calls.ts'
import type { CallId } from '../../../core/id.ts'
import type { Call } from '../../../core/model/call.ts'
import { fieldsInOrder, type CallField } from '../../../core/model/call-fields.ts'
import type { Span, TextMarks } from '../../../core/text/text-marks.ts'
import { useApi } from '../../api/api-context.ts'
import { errorCode } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState } from '../../view/view-state.ts'
import { callFieldText } from '../../format/call-field-text.ts'
import { callFieldLabel } from '../../format/labels.ts'
import { formatDateTime } from '../../format/times.ts'
import { Failed, FormError, Loading, Shown } from '../../feedback/states.tsx'
import { useActions, useOfferedActions } from '../../keys/use-actions.ts'
import { Marked } from '../../ui/marked.tsx'
import { RecordHistory } from '../audit/record-history.tsx'
import { TrailCoverageNote } from '../audit/trail-coverage.tsx'
import { coverageOf, linesOf, refetchInterval } from '../audit/trail-pages.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { CallChain } from './call-chain.tsx'
import { PlanNext } from './plan-next.tsx'
import { useCallCommands } from './use-call-commands.ts'
import { useListMarks } from './use-call-marks.ts'

/** The number of history lines per page. */
const HISTORY_PAGE = 50

export function CallDetail({ id, takeFocus }: { readonly id: CallId; readonly takeFocus: boolean }) {
  const { query } = useApi()
  const rights = useRights()
  const commands = useCallCommands()
  const openPanel = useViewState((view) => view.openPanel)
  const call = useQuery(query.calls.get.queryOptions({ input: { id } }))
  // A call that was given to someone else or deleted meanwhile must disappear, although an earlier answer is cached.
  const isMissing = errorCode(call.error) === 'NOT_FOUND'
  const found = isMissing ? undefined : call.data
  const mayEdit = found !== undefined && rights.may('calls.edit', found.userId)
  const marksOf = useListMarks()
  const edit = () => openPanel({ kind: 'edit-call', id })
  const mayDelete = found !== undefined && rights.may('calls.delete', found.userId)
  const remove = () => void (found !== undefined && commands.remove(found))
  const showProspect = () => openPanel({ kind: 'prospect', id, focus: true })
  useActions({ 'call.edit': edit }, mayEdit)
  useActions({ 'call.prospect': showProspect }, found !== undefined)
  useOfferedActions({ 'call.delete': mayDelete ? remove : undefined })
  return (
    <PanelFrame
      title={found === undefined ? t`Call` : <Marked text={found.prospectName} spans={marksOf(found).name} />}
      takeFocus={takeFocus}
      actions={
        found && (
          <>
            <ActionIcon aria-label={t`Show prospect`} onClick={showProspect}>
              <IconUser size={16} />
            </ActionIcon>
            {mayEdit && (
              <Button variant="default" leftSection={<IconPencil size={14} />} onClick={edit}>
                <Trans>Edit</Trans>
              </Button>
            )}
            {mayDelete && (
              <ActionIcon aria-label={t`Delete call`} onClick={remove}>
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </>
        )
      }
    >
      {isMissing ? (
        <Failed error={call.error} />
      ) : (
        <Shown query={call} what={t`Call`}>
          {(shown) => (
            <Stack gap="lg">
              <CallFacts call={shown} marks={marksOf(shown)} />
              <PlanNext key={shown.id} call={shown} />
              <CallChain id={id} />
              <CallHistory id={id} />
            </Stack>
          )}
        </Shown>
      )}
    </PanelFrame>
  )
}

/** The fields from top to bottom; the name is the title, and the notes are below. */
const FACTS = fieldsInOrder(
  'status',
  'outcome',
  'lossReasonId',
  'userId',
  'callType',
  'prospectPhone',
  'prospectEmail',
  'callDuration',
  'scheduledAt',
  'completedAt',
).filter((field) => field !== 'prospectName' && field !== 'notes')

function CallFacts({ call, marks }: { readonly call: Call; readonly marks: TextMarks }) {
  const zone = useSession().settings.time_zone
  const people = usePeople()
  const reasons = useLossReasons()
  const time = (millis: number) => formatDateTime(millis, zone)
  const context = { time, person: people.name, lossReason: reasons.name }
  const marked: Partial<Record<CallField, readonly Span[]>> = { prospectPhone: marks.phone, prospectEmail: marks.email }
  const facts: readonly (readonly [string, string, readonly Span[]])[] = [
    ...FACTS.filter((field) => field !== 'lossReasonId' || call.outcome === 'lost').map(
      (field) => [callFieldLabel(field), callFieldText(field, call[field], context), marked[field] ?? []] as const,
    ),
    [t`Created`, time(call.createdAt), []],
  ]
  return (
    <Stack gap="md">
      <DataList orientation="horizontal" labelWidth={112}>
        {facts.map(([label, value, spans]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue>
              <Marked text={value} spans={spans} />
            </DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
      {call.notes !== null && (
        <Stack gap="xs">
          <Title order={3}>
            <Trans>Notes</Trans>
          </Title>
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            <Marked text={call.notes} spans={marks.notes} />
          </Text>
        </Stack>
      )}
    </Stack>
  )
}

function CallHistory({ id }: { readonly id: CallId }) {
  const { query } = useApi()
  const history = useInfiniteQuery(
    query.audit.list.infiniteOptions({
      input: (after: Cursor | null) => ({ recordId: id, tableName: 'calls', after, limit: HISTORY_PAGE }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next,
      refetchInterval: ({ state }) => refetchInterval(state.data?.pages),
    }),
  )
  const pages = history.data?.pages
  return (
    <Stack gap="sm" component="section" aria-label={t`History`}>
      <Group>
        <Title order={3}>
          <Trans>History</Trans>
        </Title>
      </Group>
      <TrailCoverageNote coverage={coverageOf(pages)} />
      {pages !== undefined ? (
        <RecordHistory entries={linesOf(pages)} />
      ) : history.isError ? (
        <Failed error={history.error} retry={() => void history.refetch()} />
      ) : (
        <Loading what={t`History`} />
      )}
      {history.isFetchNextPageError && <FormError error={history.error} />}
      {history.hasNextPage && (
        <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          <Trans>Show older changes</Trans>
        </Button>
      )}
    </Stack>
  )
}
