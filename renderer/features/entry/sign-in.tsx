import { Trans } from '@lingui/react/macro'
import { msg, t } from '@lingui/core/macro'
import { i18n, type MessageDescriptor } from '@lingui/core'
import type { ClientId } from '../../../core/id.ts'
import { Alert, Button, Group, PasswordInput, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import type { SessionState } from '../../../core/contract/session.ts'
import { emailSchema } from '../../../core/model/common.ts'
import { useApi } from '../../api/api-context.ts'
import { clientChoice, errorCode } from '../../api/explain-error.ts'
import { EntryPage } from './entry-page.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { PasswordError, useThrottle } from './password-error.tsx'
import { useEnterSession } from '../../session/use-enter-session.ts'

const schema = z.object({ email: emailSchema, password: z.string().min(1, { error: () => t`The password is required` }) })

export type SessionEnd = NonNullable<Extract<SessionState, { state: 'signed_out' }>['ended']>

const ENDED: Readonly<Record<SessionEnd, MessageDescriptor>> = {
  time: msg`Your session ended after 12 hours. What you typed into a call is kept. Sign in again to continue.`,
  deactivated: msg`You were signed out because your account was deactivated. Your work on this device is kept. Ask an admin to activate the account, then sign in again.`,
}

export function SignIn({
  ended,
  onNewWorkspace,
}: {
  readonly ended: SessionEnd | undefined
  readonly onNewWorkspace: () => void
}) {
  const { api } = useApi()
  const enter = useEnterSession()
  const [clientId, setClientId] = useState<string | undefined>()
  const form = useForm({ initialValues: { email: '', password: '' }, validate: formRules(schema) })
  const signIn = useMutation({
    mutationFn: (values: z.infer<typeof schema> & { clientId?: ClientId }) => api.session.signIn(values),
    onSuccess: enter,
    onError: (error) => {
      const field = form.getInputNode('password')
      if (errorCode(error) === 'WRONG_CREDENTIALS' && field instanceof HTMLInputElement) field.select()
    },
  })
  const wait = useThrottle(signIn.error)
  const choice = clientChoice(signIn.error)

  if (choice !== undefined)
    return (
      <EntryPage title={t`Choose a client`} lead={t`Your e-mail and password open more than one client on this device.`}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (clientId !== undefined) signIn.mutate({ ...form.values, clientId })
          }}
        >
          <Stack gap="lg">
            <Radio.Group label={t`Client`} value={clientId ?? ''} onChange={setClientId}>
              <Stack gap="sm" pt="xs">
                {choice.map(({ id, name }) => (
                  <Radio key={id} value={id} label={name} />
                ))}
              </Stack>
            </Radio.Group>
            <Group justify="space-between">
              <Button variant="default" onClick={() => signIn.reset()}>
                <Trans>Back</Trans>
              </Button>
              <Button type="submit" disabled={clientId === undefined} loading={signIn.isPending}>
                <Trans>Open client</Trans>
              </Button>
            </Group>
          </Stack>
        </form>
      </EntryPage>
    )

  return (
    <EntryPage title={t`Sign in`}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate(schema.parse(values)))} noValidate>
        <Stack gap="md">
          {ended !== undefined && !signIn.isError && (
            <Alert color="orange" role="alert">
              {i18n.t(ENDED[ended])}
            </Alert>
          )}
          <TextInput label={t`E-mail`} type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
          <PasswordInput label={t`Password`} autoComplete="current-password" {...form.getInputProps('password')} />
          {signIn.isError && <PasswordError error={signIn.error} />}
          <Group justify="space-between" mt="xs">
            <Button variant="subtle" onClick={onNewWorkspace}>
              <Trans>New workspace</Trans>
            </Button>
            <Button type="submit" loading={signIn.isPending} disabled={wait !== null}>
              {wait === null ? <Trans>Sign in</Trans> : <Trans>Sign in ({wait} s)</Trans>}
            </Button>
          </Group>
        </Stack>
      </form>
    </EntryPage>
  )
}
