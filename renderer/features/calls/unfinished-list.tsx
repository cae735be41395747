import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { Button, Group, Kbd, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useKeyText } from '../../keys/use-actions.ts'
import { EventTime } from '../../ui/event-time.tsx'
import { useNow } from '../../ui/use-now.ts'
import { unfinishedLabel, type UnfinishedCall } from './unfinished-calls.ts'
import type { UnfinishedCalls } from './use-unfinished-calls.ts'

type Props = { readonly calls: UnfinishedCalls; readonly zone: string }

/** The unfinished calls below the form: those put aside, and those discarded within the last day. */
export function UnfinishedList({ calls, zone }: Props) {
  const keys = useKeyText('form.continue')
  const [showsDiscarded, showDiscarded] = useState(false)
  const { aside, discarded, continueWith } = calls
  const discardedCount = discarded.length
  if (aside.length === 0 && discarded.length === 0) return null
  return (
    <Stack gap="xs" component="section" aria-label={t`Unfinished calls`}>
      {aside.length > 0 && (
        <>
          <Group justify="space-between">
            <Text fw={500}>
              <Trans>Unfinished calls</Trans>
            </Text>
            {keys !== undefined && (
              <Text size="xs" c="dimmed">
                <Trans>
                  <Kbd>{keys}</Kbd> continues the first one
                </Trans>
              </Text>
            )}
          </Group>
          <Lines calls={aside} zone={zone} verb="continue" onPick={continueWith} />
        </>
      )}
      {discarded.length > 0 && (
        <>
          <Group>
            <Button variant="subtle" aria-expanded={showsDiscarded} onClick={() => showDiscarded(!showsDiscarded)}>
              <Plural value={discardedCount} one="# discarded draft" other="# discarded drafts" />
            </Button>
          </Group>
          {showsDiscarded && (
            <>
              <Text size="xs" c="dimmed">
                <Trans>A discarded draft is kept for a day.</Trans>
              </Text>
              <Lines calls={discarded} zone={zone} verb="recover" onPick={continueWith} />
            </>
          )}
        </>
      )}
    </Stack>
  )
}

type LinesProps = {
  readonly calls: readonly UnfinishedCall[]
  readonly zone: string
  readonly verb: 'continue' | 'recover'
  onPick: (call: UnfinishedCall) => void
}

function Lines({ calls, zone, verb, onPick }: LinesProps) {
  const now = useNow()
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {calls.map((call) => {
        const label = unfinishedLabel(call.values)
        return (
          <Group key={call.form} component="li" justify="space-between" wrap="nowrap" gap="sm">
            <Text truncate>{label}</Text>
            <Group gap="sm" wrap="nowrap">
              <Text size="xs" c="dimmed">
                <EventTime at={call.updatedAt} now={now} zone={zone} />
              </Text>
              <Button
                variant="default"
                aria-label={verb === 'continue' ? t`Continue ${label}` : t`Recover ${label}`}
                onClick={() => onPick(call)}
              >
                {verb === 'continue' ? t`Continue` : t`Recover`}
              </Button>
            </Group>
          </Group>
        )
      })}
    </Stack>
  )
}
