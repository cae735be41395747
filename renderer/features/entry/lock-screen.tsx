import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { SessionState } from '../../../core/contract/session.ts'
import { useApi } from '../../api/api-context.ts'
import { EntryPage } from './entry-page.tsx'
import { PasswordError, useThrottle } from './password-error.tsx'
import { useEnterSession } from '../../session/use-enter-session.ts'

export function LockScreen({ session }: { readonly session: Extract<SessionState, { state: 'locked' }> }) {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const enter = useEnterSession()
  const [password, setPassword] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const unlock = useMutation({
    mutationFn: () => api.session.unlock({ password }),
    onSuccess: enter,
    onError: () => field.current?.select(),
  })
  const signOut = useMutation({
    mutationFn: () => api.session.signOut(),
    onSettled: () => queries.invalidateQueries({ queryKey: query.session.get.queryKey() }),
  })
  const wait = useThrottle(unlock.error)
  const userName = session.user.name
  const clientName = session.client.name
  return (
    <EntryPage title={t`Locked`} lead={t`${userName} · ${clientName}. What you typed into a call is kept.`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          unlock.mutate()
        }}
      >
        <Stack gap="md">
          <PasswordInput
            ref={field}
            label={t`Password`}
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {unlock.isError && <PasswordError error={unlock.error} wrong={t`Wrong password. Nothing was lost. Try again.`} />}
          <Group justify="space-between" mt="xs">
            <Button variant="subtle" loading={signOut.isPending} onClick={() => signOut.mutate()}>
              <Trans>Sign out</Trans>
            </Button>
            <Button type="submit" loading={unlock.isPending} disabled={password === '' || wait !== null}>
              {wait === null ? <Trans>Unlock</Trans> : <Trans>Unlock ({wait} s)</Trans>}
            </Button>
          </Group>
        </Stack>
      </form>
    </EntryPage>
  )
}
