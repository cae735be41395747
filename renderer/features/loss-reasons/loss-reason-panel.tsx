import { Button, Divider, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { LossReasonId } from '../../../core/id.ts'
import { newLossReasonSchema } from '../../../core/model/people.ts'
import type { LossReason } from '../../../core/model/people.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { announceUndoable } from '../../view/use-undo.ts'
import { useViewState, whileShown } from '../../view/view-state.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { FormError, Nothing, Shown } from '../../feedback/states.tsx'

/** @param id null: a new reason. */
export function LossReasonPanel({ id }: { readonly id: LossReasonId | null }) {
  const { query } = useApi()
  const reasons = useQuery(query.lossReasons.list.queryOptions())
  if (id === null)
    return (
      <PanelFrame title="Add loss reason">
        <LossReasonForm reason={null} />
      </PanelFrame>
    )
  const reason = reasons.data?.find((one) => one.id === id)
  return (
    <PanelFrame title={reason?.name ?? 'Loss reason'} takeFocus>
      <Shown query={reasons} what="Loss reason">
        {() =>
          reason === undefined ? (
            <Nothing title="This loss reason does not exist" />
          ) : (
            <Stack gap="lg">
              <LossReasonForm key={reason.updatedAt} reason={reason} />
              <Divider />
              <Offering reason={reason} />
            </Stack>
          )
        }
      </Shown>
    </PanelFrame>
  )
}

function useRefreshReasons(): () => void {
  const { query } = useApi()
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: query.lossReasons.key() })
}

function LossReasonForm({ reason }: { readonly reason: LossReason | null }) {
  const { api } = useApi()
  const refresh = useRefreshReasons()
  const close = useViewState((view) => view.closePanel)
  const form = useForm({
    initialValues: { name: reason?.name ?? '', description: reason?.description ?? '' },
    validate: schemaResolver(newLossReasonSchema, { sync: true }),
  })
  const save = useMutation({
    mutationFn: (values: typeof form.values) => {
      const fields = newLossReasonSchema.parse(values)
      if (reason === null) return api.lossReasons.create(fields)
      const { id, name, description } = reason
      return api.lossReasons.update({ id, patch: fields, expected: { name, description } })
    },
    onMutate: whileShown,
    onSuccess: (saved, _values, ifShown) => {
      refresh()
      if (reason === null) {
        notifyDone(`${saved.name} added`)
        ifShown(close)
        return
      }
      const before = { name: reason.name, description: reason.description }
      const after = { name: saved.name, description: saved.description }
      const set = async (patch: typeof before, expected: typeof before) => {
        await api.lossReasons.update({ id: reason.id, patch, expected })
        refresh()
      }
      announceUndoable(
        `${saved.name} changed`,
        () => set(before, after),
        () => set(after, before),
      )
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="md">
        <TextInput label="Name" required autoFocus={reason === null} autoComplete="off" {...form.getInputProps('name')} />
        <Textarea label="Description" autosize minRows={2} {...form.getInputProps('description')} />
        <FormError error={save.error} />
        <Group justify="flex-end">
          {reason === null && (
            <Button variant="subtle" onClick={close}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {reason === null ? 'Add loss reason' : 'Save changes'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Offering({ reason }: { readonly reason: LossReason }) {
  const { api } = useApi()
  const refresh = useRefreshReasons()
  const toggle = useMutation({
    mutationFn: (isActive: boolean) => api.lossReasons.setActive({ id: reason.id, isActive }),
    onSuccess: (_, isActive) => {
      refresh()
      const set = async (next: boolean) => {
        await api.lossReasons.setActive({ id: reason.id, isActive: next })
        refresh()
      }
      announceUndoable(
        `${reason.name} ${isActive ? 'activated' : 'deactivated'}`,
        () => set(!isActive),
        () => set(isActive),
      )
    },
  })
  return (
    <Stack gap="md">
      <Text c="dimmed">
        {reason.isActive
          ? 'A deactivated reason is not offered for new calls. Old calls keep it, and reports count it.'
          : 'Not offered for new calls. Old calls keep it, and reports count it.'}
      </Text>
      <FormError error={toggle.error} />
      <Group justify="flex-end">
        <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate(!reason.isActive)}>
          {reason.isActive ? 'Deactivate' : 'Activate'}
        </Button>
      </Group>
    </Stack>
  )
}
