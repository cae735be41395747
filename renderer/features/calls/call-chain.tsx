import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CallId } from '../../../core/id.ts'
import { useApi } from '../../api/api-context.ts'
import { Failed } from '../../feedback/states.tsx'
import { resultLabel } from '../../format/labels.ts'
import { formatDateTime } from '../../format/times.ts'
import { useSession } from '../../session/session-context.ts'
import { useViewState } from '../../view/view-state.ts'

/** The calls that continue one another, of which this call is one. A call without linked calls shows nothing. */
export function CallChain({ id }: { readonly id: CallId }) {
  const { query } = useApi()
  const { settings } = useSession()
  const openPanel = useViewState((view) => view.openPanel)
  const chain = useQuery(query.calls.chain.queryOptions({ input: { id } }))
  if (chain.data === undefined) return chain.isError ? <Failed error={chain.error} retry={() => void chain.refetch()} /> : null
  if (chain.data.length < 2) return null
  return (
    <Stack gap="xs" component="section" aria-label={t`Linked calls`}>
      <Title order={3}>
        <Trans>Linked calls</Trans>
      </Title>
      <Stack gap={4} component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
        {chain.data.map((call) => {
          const time = formatDateTime(call.eventAt, settings.time_zone)
          return (
            <Group key={call.id} component="li" gap="sm" wrap="nowrap" {...(call.id === id && { 'aria-current': 'true' })}>
              {call.id === id ? (
                <Text fw={500}>{time}</Text>
              ) : (
                <Anchor component="button" type="button" onClick={() => openPanel({ kind: 'call', id: call.id, focus: true })}>
                  {time}
                </Anchor>
              )}
              <Text>{resultLabel(call)}</Text>
              {call.id === id && (
                <Text c="dimmed">
                  <Trans>this call</Trans>
                </Text>
              )}
            </Group>
          )
        })}
      </Stack>
    </Stack>
  )
}
