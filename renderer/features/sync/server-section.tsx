import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Alert, Button, DataList, Group, PasswordInput, Progress, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { useApi } from '../../api/api-context.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatInstant } from '../../format/times.ts'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError, Shown } from '../../feedback/states.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { MoveServer } from './move-server.tsx'
import { problemText } from '../../session/problem-text.ts'
import { needsSignIn } from '../../session/server-problem.ts'
import { SignInAgain } from './sign-in-again.tsx'

const schema = z.object({
  serverUrl: z.url({ protocol: /^https?$/, error: () => t`Enter an address that begins with https://` }),
  key: z.string().min(1, { error: () => t`The publish key is required` }),
})

/** The server of the workspace, or the form that connects to one. */
export function ServerSection() {
  const { query } = useApi()
  const { settings } = useSession()
  const mayPublish = useRights().reach('devices.edit') === 'all'
  const status = useQuery(query.sync.status.queryOptions())
  return (
    <Stack gap="sm" component="section" aria-label={t`Server`} data-place="server">
      <Title order={2}>
        <Trans>Server</Trans>
      </Title>
      <Shown query={status} what={t`Server`}>
        {({ serverUrl, pending, problem, lastContactAt }) =>
          serverUrl === null ? (
            mayPublish ? (
              <PublishForm />
            ) : (
              <Text c="dimmed">
                <Trans>This workspace is stored on this device only. An admin can publish it.</Trans>
              </Text>
            )
          ) : (
            <>
              <DataList labelWidth={120}>
                <DataList.Item>
                  <DataList.ItemLabel>
                    <Trans>Address</Trans>
                  </DataList.ItemLabel>
                  <DataList.ItemValue>{serverUrl}</DataList.ItemValue>
                </DataList.Item>
                <DataList.Item>
                  <DataList.ItemLabel>
                    <Trans>Unsent changes</Trans>
                  </DataList.ItemLabel>
                  <DataList.ItemValue>{formatCount(pending)}</DataList.ItemValue>
                </DataList.Item>
                <DataList.Item>
                  <DataList.ItemLabel>
                    <Trans>Last contact</Trans>
                  </DataList.ItemLabel>
                  <DataList.ItemValue>
                    {lastContactAt === null ? NONE : formatInstant(lastContactAt, settings.time_zone)}
                  </DataList.ItemValue>
                </DataList.Item>
              </DataList>
              {needsSignIn({ problem }) ? (
                <SignInAgain problem={problem} />
              ) : (
                problem !== null && (
                  <Alert color="orange" role="alert">
                    {problemText(problem)}
                  </Alert>
                )
              )}
              <MoveServer serverUrl={serverUrl} />
            </>
          )
        }
      </Shown>
    </Stack>
  )
}

function PublishForm() {
  const { api } = useApi()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  const form = useForm({ initialValues: { serverUrl: '', key: '' }, validate: formRules(schema) })
  const publish = useMutation({
    mutationFn: async (values: z.infer<typeof schema>) => {
      setProgress(null)
      for await (const event of await api.sync.publish(values)) if (event.kind === 'progress') setProgress(event)
    },
    onSuccess: () => queries.invalidateQueries(),
  })
  if (publish.isPending)
    return (
      <Stack gap="sm" role="status">
        <Text>
          <Trans>Publishing… You can keep working. If interrupted, publish again to resume.</Trans>
        </Text>
        <Progress
          value={progress === null || progress.total === 0 ? 0 : (100 * progress.done) / progress.total}
          aria-label={t`Workspace published`}
        />
      </Stack>
    )
  return (
    <form onSubmit={form.onSubmit((values) => publish.mutate(schema.parse(values)))} noValidate>
      <Stack gap="md">
        <Text c="dimmed">
          <Trans>
            This workspace is stored on this device only. Publish it so that other devices can join with e-mail and password. You
            can still work without the server.
          </Trans>
        </Text>
        <TextInput label={t`Server address`} placeholder="https://" type="url" {...form.getInputProps('serverUrl')} />
        <PasswordInput
          label={t`Publish key`}
          description={t`From the administrator of the server.`}
          autoComplete="off"
          {...form.getInputProps('key')}
        />
        <FormError error={publish.error} />
        <Group>
          <Button type="submit">
            <Trans>Publish workspace</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
