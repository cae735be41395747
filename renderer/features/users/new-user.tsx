import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { newUserSchema } from '../../../core/model/people.ts'
import { ROLES, type Role } from '../../../core/roles.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { useViewState, whileShown } from '../../view/view-state.ts'
import { options, roleLabel } from '../../format/labels.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { PickField } from '../../ui/pick-field.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError } from '../../feedback/states.tsx'

export function NewUser() {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const close = useViewState((view) => view.closePanel)
  const form = useForm<{ name: string; email: string; role: Role; password: string }>({
    initialValues: { name: '', email: '', role: 'agent', password: '' },
    validate: formRules(newUserSchema),
  })
  const add = useMutation({
    mutationFn: (values: typeof form.values) => api.users.create(newUserSchema.parse(values)),
    onMutate: whileShown,
    onSuccess: (user, _values, ifShown) => {
      void queries.invalidateQueries({ queryKey: query.users.key() })
      notifyDone(t`${{ name: user.name }} added`)
      ifShown(close)
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <PanelFrame title={t`Add user`}>
      <form onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
        <Stack gap="md">
          <TextInput label={t`Name`} required autoFocus autoComplete="off" {...form.getInputProps('name')} />
          <TextInput label={t`E-mail`} type="email" required autoComplete="off" {...form.getInputProps('email')} />
          <PickField label={t`Role`} data={options(ROLES, roleLabel)} {...form.getInputProps('role')} />
          <PasswordInput
            label={t`Password`}
            description={t`At least 8 characters. Hand it over in person. They can change it after signing in.`}
            required
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <FormError error={add.error} />
          <Group justify="flex-end">
            <Button variant="subtle" onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={add.isPending}>
              <Trans>Add user</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </PanelFrame>
  )
}
