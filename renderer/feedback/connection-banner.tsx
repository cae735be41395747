import { Trans } from '@lingui/react/macro'
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useApi, useConnectionState } from '../api/api-context.ts'
import { useSecondsUntil } from '../api/use-seconds-until.ts'

/** After this many attempts the application has probably been closed. */
const PROBABLY_CLOSED = 4

export function ConnectionBanner() {
  const { connection } = useApi()
  const state = useConnectionState()
  const seconds = useSecondsUntil(state.kind === 'lost' ? state.retryAt : null)
  if (state.kind !== 'lost') return null
  return (
    <Alert color="orange" icon={<IconPlugConnectedX size={16} />} role="status">
      <Group gap="md">
        <Text>
          {state.isUnauthorized ? (
            <Trans>
              <strong>The application was restarted, and this window is no longer connected to it.</strong> What you typed into a
              call is kept in this tab. In this tab, open the address that the application printed last and sign in. The form
              opens again.
            </Trans>
          ) : (
            <>
              <Trans>
                <strong>Connection lost.</strong> What you typed is kept.
              </Trans>{' '}
              {state.attempts >= PROBABLY_CLOSED && (
                <Trans>If the application was closed, start it again and open the address that it prints.</Trans>
              )}
              {state.attempts >= PROBABLY_CLOSED && ' '}
              {seconds === null ? <Trans>Trying to reconnect…</Trans> : <Trans>Next try in {seconds} s.</Trans>}
            </>
          )}
        </Text>
        <Button variant="default" onClick={() => connection.retryNow()} disabled={state.retryAt === null}>
          <Trans>Try now</Trans>
        </Button>
      </Group>
    </Alert>
  )
}
