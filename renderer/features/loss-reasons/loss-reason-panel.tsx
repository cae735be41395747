import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Divider, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { LossReasonId } from '../../../core/id.ts'
import { newLossReasonSchema } from '../../../core/model/people.ts'
import type { LossReason } from '../../../core/model/people.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { announceUndoable } from '../../view/use-undo.ts'
import { useFollowedRow } from '../../ui/follow-row.ts'
import { useViewState, whileShown } from '../../view/view-state.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError, Nothing, Shown } from '../../feedback/states.tsx'

/** @param id null: a new reason. */
export function LossReasonPanel({ id }: { readonly id: LossReasonId | null }) {
  const { query } = useApi()
  const reasons = useQuery(query.lossReasons.list.queryOptions())
  if (id === null)
    return (
      <PanelFrame title={t`Add loss reason`}>
        <LossReasonForm reason={null} />
      </PanelFrame>
    )
  const reason = reasons.data?.find((one) => one.id === id)
  return (
    <PanelFrame title={reason?.name ?? t`Loss reason`} takeFocus>
      <Shown query={reasons} what={t`Loss reason`}>
        {() =>
          reason === undefined ? (
            <Nothing title={t`This loss reason does not exist`} />
          ) : (
            <Stack gap="lg">
              <LossReasonForm key={reason.id} reason={reason} />
              <Divider />
              <Offering reason={reason} />
            </Stack>
          )
        }
      </Shown>
    </PanelFrame>
  )
}

function useRefreshReasons(): () => Promise<void> {
  const { query } = useApi()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: query.lossReasons.key() })
}

const typedOf = (reason: LossReason | null) => ({ name: reason?.name ?? '', description: reason?.description ?? '' })

type Typed = ReturnType<typeof typedOf>

/** Returns the fields as they are stored: an empty description is null. */
const stored = ({ name, description }: Typed) => ({
  name,
  description: description === '' ? null : description,
})

function LossReasonForm({ reason }: { readonly reason: LossReason | null }) {
  const { api } = useApi()
  const refresh = useRefreshReasons()
  const close = useViewState((view) => view.closePanel)
  const row = typedOf(reason)
  const form = useForm({ initialValues: row, validate: formRules(newLossReasonSchema) })
  const { basis, saved: showSaved } = useFollowedRow(form, row)
  const save = useMutation({
    mutationFn: ({ values, before }: { readonly values: Typed; readonly before: Typed }) => {
      const fields = newLossReasonSchema.parse(values)
      if (reason === null) return api.lossReasons.create(fields)
      return api.lossReasons.update({ id: reason.id, patch: fields, expected: stored(before) })
    },
    onMutate: whileShown,
    onSuccess: (saved, { values, before }, ifShown) => {
      showSaved(values, typedOf(saved))
      void refresh()
      const { name } = saved
      if (reason === null) {
        notifyDone(t`${name} added`)
        ifShown(close)
        return
      }
      const [was, is] = [stored(before), { name: saved.name, description: saved.description }]
      const set = async (patch: typeof was, expected: typeof was) => {
        await api.lossReasons.update({ id: reason.id, patch, expected })
        void refresh()
      }
      announceUndoable(
        t`${name} changed`,
        () => set(was, is),
        () => set(is, was),
      )
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ values, before: basis }))} noValidate>
      <Stack gap="md">
        <TextInput label={t`Name`} required autoFocus={reason === null} autoComplete="off" {...form.getInputProps('name')} />
        <Textarea label={t`Description`} autosize minRows={2} {...form.getInputProps('description')} />
        <FormError error={save.error} />
        <Group justify="flex-end">
          {reason === null && (
            <Button variant="subtle" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
          )}
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            {reason === null ? t`Add loss reason` : t`Save changes`}
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
      const { name } = reason
      const set = async (next: boolean) => {
        await api.lossReasons.setActive({ id: reason.id, isActive: next })
        void refresh()
      }
      announceUndoable(
        isActive ? t`${name} activated` : t`${name} deactivated`,
        () => set(!isActive),
        () => set(isActive),
      )
      // The button is pending until it shows the opposite action, so that a second press does not repeat the first one.
      return refresh()
    },
  })
  return (
    <Stack gap="md">
      <Text c="dimmed">
        {reason.isActive
          ? t`A deactivated reason is not offered for new calls. Old calls keep it, and reports count it.`
          : t`Not offered for new calls. Old calls keep it, and reports count it.`}
      </Text>
      <FormError error={toggle.error} />
      <Group justify="flex-end">
        <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate(!reason.isActive)}>
          {reason.isActive ? t`Deactivate` : t`Activate`}
        </Button>
      </Group>
    </Stack>
  )
}
