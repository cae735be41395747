import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { emailSchema } from '../../../core/model/common.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError } from '../../feedback/states.tsx'
import { useSession } from '../../session/session-context.ts'
import { problemText } from '../../session/problem-text.ts'

const schema = z.object({ email: emailSchema, password: z.string().min(1, { error: () => t`The password is required` }) })

/** A sign-in form for a device that the server refuses. Syncing continues after the sign-in. */
export function SignInAgain({ problem }: { readonly problem: string | null }) {
  const { api } = useApi()
  const queries = useQueryClient()
  const { user } = useSession()
  const form = useForm({
    initialValues: { email: user.email, password: '' },
    validate: formRules(schema),
  })
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => api.sync.signInAgain(schema.parse(values)),
    onSuccess: () => {
      void queries.invalidateQueries()
      notifyDone(t`Signed in to the server`)
    },
    onError: (error) => {
      form.setFieldValue('password', '')
      form.setErrors(fieldErrors(error))
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate aria-label={t`Sign in to the server again`}>
      <Stack gap="md">
        <Title order={3}>
          <Trans>Sign in to the server again</Trans>
        </Title>
        <Text c="dimmed">
          {problemText(problem)} <Trans>You can keep working meanwhile.</Trans>
        </Text>
        <TextInput label={t`E-mail`} type="email" autoComplete="username" {...form.getInputProps('email')} />
        <PasswordInput label={t`Password on the server`} autoComplete="current-password" {...form.getInputProps('password')} />
        <FormError error={signIn.error} />
        <Group>
          <Button type="submit" loading={signIn.isPending}>
            <Trans>Sign in to the server</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
