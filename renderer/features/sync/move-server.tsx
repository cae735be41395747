import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { FormError } from '../../feedback/states.tsx'

const schema = z.object({ serverUrl: z.url({ protocol: /^https?$/, error: 'Enter an address that begins with https://' }) })

/** A form for a new server address. The address is checked before the device uses it. */
export function MoveServer({ serverUrl }: { readonly serverUrl: string }) {
  const { api } = useApi()
  const queries = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const form = useForm({ initialValues: { serverUrl }, validate: schemaResolver(schema, { sync: true }) })
  const move = useMutation({
    mutationFn: (values: typeof form.values) => api.sync.moveServer(schema.parse(values)),
    onSuccess: () => {
      void queries.invalidateQueries()
      setIsOpen(false)
      notifyDone('Server address changed')
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
          Change address
        </Button>
      </Group>
    )
  return (
    <form onSubmit={form.onSubmit((values) => move.mutate(values))} noValidate aria-label="Change the server’s address">
      <Stack gap="md">
        <Text c="dimmed">
          Use this if the server has a new address. The address is changed only if the same server answers there.
        </Text>
        <TextInput label="New address" placeholder="https://" type="url" {...form.getInputProps('serverUrl')} />
        <FormError error={move.error} />
        <Group>
          <Button type="submit" loading={move.isPending}>
            Check and change
          </Button>
          <Button variant="subtle" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
