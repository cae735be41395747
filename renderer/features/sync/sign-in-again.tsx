import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { emailSchema } from '../../../core/model/common.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { FormError } from '../../feedback/states.tsx'
import { useSession } from '../../session/session-context.ts'
import { problemText } from '../../../core/sync/problems.ts'

const schema = z.object({ email: emailSchema, password: z.string().min(1, 'The password is required') })

/** A sign-in form for a device that the server refuses. Syncing continues after the sign-in. */
export function SignInAgain({ problem }: { readonly problem: string | null }) {
  const { api } = useApi()
  const queries = useQueryClient()
  const { user } = useSession()
  const form = useForm({
    initialValues: { email: user.email, password: '' },
    validate: schemaResolver(schema, { sync: true }),
  })
  const signIn = useMutation({
    mutationFn: (values: typeof form.values) => api.sync.signInAgain(schema.parse(values)),
    onSuccess: () => {
      void queries.invalidateQueries()
      notifyDone('Signed in to the server')
    },
    onError: (error) => {
      form.setFieldValue('password', '')
      form.setErrors(fieldErrors(error))
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate aria-label="Sign in to the server again">
      <Stack gap="md">
        <Title order={3}>Sign in to the server again</Title>
        <Text c="dimmed">{problemText(problem)} You can keep working meanwhile.</Text>
        <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <PasswordInput label="Password on the server" autoComplete="current-password" {...form.getInputProps('password')} />
        <FormError error={signIn.error} />
        <Group>
          <Button type="submit" loading={signIn.isPending}>
            Sign in to the server
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
