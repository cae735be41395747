import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Alert, Button, Code, Group, PasswordInput, Progress, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import type { SignedIn } from '../../../core/contract/session.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../../../core/demo-account.ts'
import { emailSchema, newPasswordSchema, timeZoneSchema } from '../../../core/model/common.ts'
import { clientSchema, userSchema } from '../../../core/model/people.ts'
import { useApi } from '../../api/api-context.ts'
import { formRules } from '../../feedback/form-rules.ts'
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
    error: () => t`The two passwords differ`,
    path: ['confirmation'],
  })

/** The form that creates the first workspace of this device, or another one. */
export function FirstStart({ onBack }: { readonly onBack?: () => void }) {
  const [other, setOther] = useState<'demo' | 'join' | null>(null)
  if (other === 'demo') return <DemoStart onBack={() => setOther(null)} />
  if (other === 'join') return <JoinWorkspace onBack={() => setOther(null)} />
  return (
    <EntryPage
      title={t`Create a workspace`}
      lead={t`A workspace holds the calls of one client, on this device only. You become its first admin.`}
      width={440}
    >
      <WorkspaceForm {...(onBack && { onBack })} />
      <Stack gap="xs">
        <Text c="dimmed">
          <Trans>Your team already has a server? Join its workspace with your e-mail and password.</Trans>
        </Text>
        <Group>
          <Button variant="default" onClick={() => setOther('join')}>
            <Trans>Join a workspace</Trans>
          </Button>
        </Group>
        <Text c="dimmed">
          <Trans>Only looking around? A demo workspace comes with three years of generated calls.</Trans>
        </Text>
        <Group>
          <Button variant="default" onClick={() => setOther('demo')}>
            <Trans>Try with demo data</Trans>
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
    validate: formRules(schema),
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
        <TextInput label={t`Client name`} autoFocus {...form.getInputProps('clientName')} />
        <TimeZoneSelect label={t`Time zone`} description={t`Used for dates and reports.`} {...form.getInputProps('timeZone')} />
        <TextInput label={t`Your name`} autoComplete="name" {...form.getInputProps('adminName')} />
        <TextInput label={t`E-mail`} type="email" autoComplete="username" {...form.getInputProps('adminEmail')} />
        <PasswordInput
          label={t`Password`}
          description={t`At least 8 characters. We can’t recover it. Store it safely.`}
          autoComplete="new-password"
          {...form.getInputProps('adminPassword')}
        />
        <PasswordInput label={t`Confirm password`} autoComplete="new-password" {...form.getInputProps('confirmation')} />
        <FormError error={create.error} />
        <Group justify={onBack ? 'space-between' : 'flex-end'}>
          {onBack && (
            <Button variant="subtle" onClick={onBack}>
              <Trans>Back to sign in</Trans>
            </Button>
          )}
          <Button type="submit" loading={create.isPending}>
            <Trans>Create workspace</Trans>
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
  const { adminEmail } = DEMO_CLIENT
  return (
    <EntryPage title={t`Demo workspace`} lead={t`Three years of generated calls. Nothing in it is real.`}>
      {make.isPending ? (
        <Stack gap="sm" role="status">
          <Text>
            <Trans>Writing the demo data…</Trans>
          </Text>
          <Progress value={percent} aria-label={t`Demo data written`} />
        </Stack>
      ) : (
        <Stack gap="md">
          <Alert color="gray">
            <Trans>
              You will be signed in as its admin, {adminEmail}. Everyone in it has the password <Code>{DEMO_PASSWORD}</Code>. You
              can use it next to real workspaces.
            </Trans>
          </Alert>
          <FormError error={make.error} />
          <Group justify="space-between">
            <Button variant="subtle" onClick={onBack}>
              <Trans>Back</Trans>
            </Button>
            <Button onClick={() => make.mutate()}>
              <Trans>Create demo workspace</Trans>
            </Button>
          </Group>
        </Stack>
      )}
    </EntryPage>
  )
}
