import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Cursor } from '../../../core/contract/calls.ts'
import type { ProspectCard } from '../../../core/contract/prospects.ts'
import type { CallId } from '../../../core/id.ts'
import type { Call } from '../../../core/model/call.ts'
import { useApi } from '../../api/api-context.ts'
import { Failed, FormError, Loading } from '../../feedback/states.tsx'
import { outcomeLabel, statusLabel } from '../../format/labels.ts'
import { formatCount } from '../../format/numbers.ts'
import { useLossReasons, usePeople } from '../../session/use-names.ts'
import { EventTime } from '../../ui/event-time.tsx'
import { useToday } from '../../ui/today-context.ts'
import { useViewState } from '../../view/view-state.ts'
import classes from './prospect-calls.module.css'

/** The number of calls per page. */
const PAGE = 50
/** The most characters of a note that are shown. The open call shows all of it. */
const NOTE_LENGTH = 300

/** All calls of a prospect, latest first. */
export function ProspectCalls({ id, card }: { readonly id: CallId; readonly card: ProspectCard }) {
  const { query } = useApi()
  const calls = useInfiniteQuery(
    query.prospects.calls.infiniteOptions({
      input: (after: Cursor | null) => ({ of: { callId: id }, after, limit: PAGE }),
      initialPageParam: null,
      getNextPageParam: (page) => page.next,
    }),
  )
  const count = formatCount(card.calls)
  const rows = calls.data?.pages.flatMap((page) => page.rows)
  return (
    <Stack gap="sm" component="section" aria-label={t`Calls with this prospect`}>
      <Title order={3}>
        <Trans>Calls ({count})</Trans>
      </Title>
      {rows !== undefined ? (
        <ul className={classes.list}>
          {rows.map((call) => (
            <li key={call.id}>
              <CallLine call={call} name={card.names[0] ?? ''} />
            </li>
          ))}
        </ul>
      ) : calls.isError ? (
        <Failed error={calls.error} retry={() => void calls.refetch()} />
      ) : (
        <Loading what={t`Calls`} />
      )}
      {calls.isFetchNextPageError && <FormError error={calls.error} />}
      {calls.hasNextPage && (
        <Button variant="default" loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
          <Trans>Show older calls</Trans>
        </Button>
      )}
    </Stack>
  )
}

/** @param name of the prospect; a call with another name shows it */
function CallLine({ call, name }: { readonly call: Call; readonly name: string }) {
  const openPanel = useViewState((view) => view.openPanel)
  const people = usePeople()
  const reasons = useLossReasons()
  const today = useToday()
  const result = [
    statusLabel(call.status),
    ...(call.outcome === null ? [] : [outcomeLabel(call.outcome)]),
    ...(call.lossReasonId === null ? [] : [reasons.name(call.lossReasonId)]),
  ].join(' · ')
  return (
    <UnstyledButton className={classes.call ?? ''} onClick={() => openPanel({ kind: 'call', id: call.id, focus: true })}>
      <Text component="span" display="block">
        <EventTime at={call.eventAt} now={today.now} zone={today.zone} /> · {result}
      </Text>
      <Text component="span" display="block" c="dimmed">
        {people.name(call.userId)}
        {call.prospectName !== name && (
          <>
            {' · '}
            <bdi>{call.prospectName}</bdi>
          </>
        )}
      </Text>
      {call.notes !== null && (
        <Text component="span" display="block" lineClamp={2} dir="auto">
          {Array.from(call.notes).slice(0, NOTE_LENGTH).join('')}
        </Text>
      )}
    </UnstyledButton>
  )
}
