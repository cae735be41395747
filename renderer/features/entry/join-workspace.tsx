import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import type { ClientId } from '../../../core/id.ts'
import { Button, Group, PasswordInput, Progress, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import type { SignedIn } from '../../../core/contract/session.ts'
import { emailSchema } from '../../../core/model/common.ts'
import { useApi } from '../../api/api-context.ts'
import { clientChoice } from '../../api/explain-error.ts'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError } from '../../feedback/states.tsx'
import { EntryPage } from './entry-page.tsx'
import { useEnterSession } from '../../session/use-enter-session.ts'

const schema = z.object({
  serverUrl: z.url({ protocol: /^https?$/, error: () => t`Enter an address that begins with https://` }),
  email: emailSchema,
  password: z.string().min(1, { error: () => t`The password is required` }),
})

/** The form that joins a workspace of a server on this device. */
export function JoinWorkspace({ onBack }: { readonly onBack: () => void }) {
  const { api } = useApi()
  const enter = useEnterSession()
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  const [clientId, setClientId] = useState<string | null>(null)
  const form = useForm({
    initialValues: { serverUrl: '', email: '', password: '' },
    validate: formRules(schema),
  })
  const join = useMutation({
    mutationFn: async (values: z.infer<typeof schema> & { clientId?: ClientId }): Promise<SignedIn> => {
      setProgress(null)
      for await (const event of await api.sync.join(values)) {
        if (event.kind === 'ready') return event.session
        setProgress(event)
      }
      throw new Error('Joining ended before the workspace was ready')
    },
    onSuccess: enter,
  })
  const choice = clientChoice(join.error)
  const percent = progress === null || progress.total === 0 ? 0 : (100 * progress.done) / progress.total
  return (
    <EntryPage
      title={t`Join a workspace`}
      lead={t`Calls you are allowed to see are copied to this device. You can then work without the server.`}
    >
      {join.isPending ? (
        <Stack gap="sm" role="status">
          <Text>
            <Trans>Fetching the workspace… If interrupted, join again to resume.</Trans>
          </Text>
          <Progress value={percent} aria-label={t`Workspace fetched`} />
        </Stack>
      ) : (
        <form
          onSubmit={form.onSubmit((values) =>
            join.mutate({ ...schema.parse(values), ...(clientId === null ? {} : { clientId }) }),
          )}
          noValidate
        >
          <Stack gap="md">
            <TextInput label={t`Server`} placeholder="https://" type="url" autoFocus {...form.getInputProps('serverUrl')} />
            <TextInput label={t`E-mail`} type="email" autoComplete="username" {...form.getInputProps('email')} />
            <PasswordInput label={t`Password`} autoComplete="current-password" {...form.getInputProps('password')} />
            {choice === undefined ? (
              <FormError error={join.error} />
            ) : (
              <Radio.Group label={t`Client`} value={clientId ?? ''} onChange={setClientId}>
                <Stack gap="sm" pt="xs">
                  {choice.map(({ id, name }) => (
                    <Radio key={id} value={id} label={name} />
                  ))}
                </Stack>
              </Radio.Group>
            )}
            <Group justify="space-between">
              <Button variant="subtle" onClick={onBack}>
                <Trans>Back</Trans>
              </Button>
              <Button type="submit" disabled={choice !== undefined && clientId === null}>
                <Trans>Join</Trans>
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </EntryPage>
  )
}
