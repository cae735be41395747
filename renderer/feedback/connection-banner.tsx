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
            <>
              <strong>The application was restarted, and this window is no longer connected to it.</strong> What you typed into a
              call is kept in this tab. In this tab, open the address that the application printed last and sign in. The form
              opens again.
            </>
          ) : (
            <>
              <strong>Connection lost.</strong> What you typed is kept.{' '}
              {state.attempts >= PROBABLY_CLOSED &&
                'If the application was closed, start it again and open the address that it prints. '}
              {seconds === null ? 'Trying to reconnect…' : `Next try in ${seconds} s.`}
            </>
          )}
        </Text>
        <Button variant="default" onClick={() => connection.retryNow()} disabled={state.retryAt === null}>
          Try now
        </Button>
      </Group>
    </Alert>
  )
}
