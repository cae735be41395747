import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { z } from 'zod'
import { newPasswordSchema } from '../../../core/model/common.ts'
import { useApi } from '../../api/api-context.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState, whileShown } from '../../view/view-state.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { PasswordError, useThrottle } from './password-error.tsx'

const schema = z
  .object({
    current: z.string().min(1, { error: () => t`The current password is required` }),
    next: newPasswordSchema,
    confirmation: z.string(),
  })
  .refine((values) => values.next === values.confirmation, {
    error: () => t`The two passwords differ`,
    path: ['confirmation'],
  })

export function PasswordPanel() {
  const { api } = useApi()
  const close = useViewState((view) => view.closePanel)
  const form = useForm({
    initialValues: { current: '', next: '', confirmation: '' },
    validate: formRules(schema),
  })
  const change = useMutation({
    mutationFn: ({ current, next }: typeof form.values) => api.session.changePassword({ current, next }),
    onMutate: whileShown,
    onSuccess: (_done, _values, ifShown) => {
      notifyDone(t`Password changed`)
      ifShown(close)
    },
  })
  const wait = useThrottle(change.error)
  return (
    <PanelFrame title={t`Change password`}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack gap="md">
          <PasswordInput
            label={t`Current password`}
            autoFocus
            autoComplete="current-password"
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t`New password`}
            description={t`At least 8 characters.`}
            autoComplete="new-password"
            {...form.getInputProps('next')}
          />
          <PasswordInput label={t`Confirm new password`} autoComplete="new-password" {...form.getInputProps('confirmation')} />
          {change.isError && (
            <PasswordError error={change.error} wrong={t`The current password is wrong. Nothing was changed.`} />
          )}
          <Group justify="flex-end">
            <Button variant="subtle" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={change.isPending} disabled={wait !== null}>
              <Trans>Change password</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </PanelFrame>
  )
}
