import { Alert, Button, Code, Group, PasswordInput, Progress, Stack, Text, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import type { SignedIn } from '../../../core/contract/session.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../../../core/demo-account.ts'
import { emailSchema, newPasswordSchema, timeZoneSchema } from '../../../core/model/common.ts'
import { clientSchema, userSchema } from '../../../core/model/people.ts'
import { useApi } from '../../api/api-context.ts'
import { FormError } from '../../feedback/states.tsx'
import { systemTimeZone, TimeZoneSelect } from '../../ui/time-zone-select.tsx'
import { JoinWorkspace } from './join-workspace.tsx'
import { EntryPage } from './entry-page.tsx'
import { useEnterSession } from '../../session/use-enter-session.ts'

const schema = z
  .object({
    clientName: clientSchema.shape.name,
    timeZone: timeZoneSchema,
    adminName: userSchema.shape.name,
    adminEmail: emailSchema,
    adminPassword: newPasswordSchema,
    confirmation: z.string(),
  })
  .refine((values) => values.adminPassword === values.confirmation, {
    message: 'The two passwords differ',
    path: ['confirmation'],
  })

/** The form that creates the first workspace of this device, or another one. */
export function FirstStart({ onBack }: { readonly onBack?: () => void }) {
  const [other, setOther] = useState<'demo' | 'join' | null>(null)
  if (other === 'demo') return <DemoStart onBack={() => setOther(null)} />
  if (other === 'join') return <JoinWorkspace onBack={() => setOther(null)} />
  return (
    <EntryPage
      title="Create a workspace"
      lead="A workspace holds the calls of one client, on this device only. You become its first admin."
      width={440}
    >
      <WorkspaceForm {...(onBack && { onBack })} />
      <Stack gap="xs">
        <Text c="dimmed">Your team already has a server? Join its workspace with your e-mail and password.</Text>
        <Group>
          <Button variant="default" onClick={() => setOther('join')}>
            Join a workspace
          </Button>
        </Group>
        <Text c="dimmed">Only looking around? A demo workspace comes with three years of generated calls.</Text>
        <Group>
          <Button variant="default" onClick={() => setOther('demo')}>
            Try with demo data
          </Button>
        </Group>
      </Stack>
    </EntryPage>
  )
}

function WorkspaceForm({ onBack }: { readonly onBack?: () => void }) {
  const { api } = useApi()
  const enter = useEnterSession()
  const form = useForm({
    initialValues: {
      clientName: '',
      timeZone: systemTimeZone(),
      adminName: '',
      adminEmail: '',
      adminPassword: '',
      confirmation: '',
    },
    validate: schemaResolver(schema, { sync: true }),
  })
  const create = useMutation({
    mutationFn: (values: z.infer<typeof schema>) => {
      const { confirmation: _, ...workspace } = values
      return api.workspace.create(workspace)
    },
    onSuccess: enter,
  })
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(schema.parse(values)))} noValidate>
      <Stack gap="md">
        <TextInput label="Client name" autoFocus {...form.getInputProps('clientName')} />
        <TimeZoneSelect label="Time zone" description="Used for dates and reports." {...form.getInputProps('timeZone')} />
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps('adminName')} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('adminEmail')} />
        <PasswordInput
          label="Password"
          description="At least 8 characters. We can’t recover it. Store it safely."
          autoComplete="new-password"
          {...form.getInputProps('adminPassword')}
        />
        <PasswordInput label="Confirm password" autoComplete="new-password" {...form.getInputProps('confirmation')} />
        <FormError error={create.error} />
        <Group justify={onBack ? 'space-between' : 'flex-end'}>
          {onBack && (
            <Button variant="subtle" onClick={onBack}>
              Back to sign in
            </Button>
          )}
          <Button type="submit" loading={create.isPending}>
            Create workspace
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function DemoStart({ onBack }: { readonly onBack: () => void }) {
  const { api } = useApi()
  const enter = useEnterSession()
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  const make = useMutation({
    mutationFn: async (): Promise<SignedIn> => {
      for await (const event of await api.workspace.createDemo()) {
        if (event.kind === 'ready') return event.session
        setProgress(event)
      }
      throw new Error('The demo workspace ended before it was ready')
    },
    onSuccess: enter,
  })
  const percent = progress === null || progress.total === 0 ? 0 : (100 * progress.done) / progress.total
  return (
    <EntryPage title="Demo workspace" lead="Three years of generated calls. Nothing in it is real.">
      {make.isPending ? (
        <Stack gap="sm" role="status">
          <Text>Writing the demo data…</Text>
          <Progress value={percent} aria-label="Demo data written" />
        </Stack>
      ) : (
        <Stack gap="md">
          <Alert color="gray">
            You will be signed in as its admin, {DEMO_CLIENT.adminEmail}. Everyone in it has the password{' '}
            <Code>{DEMO_PASSWORD}</Code>. You can use it next to real workspaces.
          </Alert>
          <FormError error={make.error} />
          <Group justify="space-between">
            <Button variant="subtle" onClick={onBack}>
              Back
            </Button>
            <Button onClick={() => make.mutate()}>Create demo workspace</Button>
          </Group>
        </Stack>
      )}
    </EntryPage>
  )
}
