import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError } from '../../feedback/states.tsx'

const schema = z.object({
  serverUrl: z.url({ protocol: /^https?$/, error: () => t`Enter an address that begins with https://` }),
})

/** A form for a new server address. The address is checked before the device uses it. */
export function MoveServer({ serverUrl }: { readonly serverUrl: string }) {
  const { api } = useApi()
  const queries = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const form = useForm({ initialValues: { serverUrl }, validate: formRules(schema) })
  const move = useMutation({
    mutationFn: (values: typeof form.values) => api.sync.moveServer(schema.parse(values)),
    onSuccess: () => {
      void queries.invalidateQueries()
      setIsOpen(false)
      notifyDone(t`Server address changed`)
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  const close = () => {
    form.reset()
    move.reset()
    setIsOpen(false)
  }
  if (!isOpen)
    return (
      <Group>
        <Button variant="default" onClick={() => setIsOpen(true)}>
          <Trans>Change address</Trans>
        </Button>
      </Group>
    )
  return (
    <form onSubmit={form.onSubmit((values) => move.mutate(values))} noValidate aria-label={t`Change the server’s address`}>
      <Stack gap="md">
        <Text c="dimmed">
          <Trans>Use this if the server has a new address. The address is changed only if the same server answers there.</Trans>
        </Text>
        <TextInput label={t`New address`} placeholder="https://" type="url" {...form.getInputProps('serverUrl')} />
        <FormError error={move.error} />
        <Group>
          <Button type="submit" loading={move.isPending}>
            <Trans>Check and change</Trans>
          </Button>
          <Button variant="subtle" onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
