import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Divider, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import type { UserId } from '../../../core/id.ts'
import { newPasswordSchema } from '../../../core/model/common.ts'
import { userPatchSchema } from '../../../core/model/people.ts'
import type { User } from '../../../core/model/people.ts'
import { ROLES } from '../../../core/roles.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { PanelFrame } from '../../view/panel-frame.tsx'
import { announceUndoable } from '../../view/use-undo.ts'
import { options, personLabel, roleLabel } from '../../format/labels.ts'
import { notifyDone } from '../../ui/notify.tsx'
import { useFollowedRow } from '../../ui/follow-row.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError, Nothing, Shown } from '../../feedback/states.tsx'
import { useServerDecision } from '../../session/use-server-decision.ts'

type Editable = Pick<User, 'name' | 'email' | 'role'>

const editable = ({ name, email, role }: User): Editable => ({ name, email, role })

const passwordSchema = z.object({ password: newPasswordSchema })

export function UserPanel({ id }: { readonly id: UserId }) {
  const { query } = useApi()
  const users = useQuery(query.users.list.queryOptions())
  const blockedBecause = useServerDecision()
  const user = users.data?.find((one) => one.id === id)
  return (
    <PanelFrame title={user ? personLabel(user) : t`User`} takeFocus>
      <Shown query={users} what={t`User`}>
        {() =>
          user === undefined ? (
            <Nothing title={t`This user does not exist`} />
          ) : (
            <Stack gap="lg">
              <UserForm key={user.id} user={user} blockedBecause={blockedBecause} />
              <Divider />
              <PasswordForm user={user} blockedBecause={blockedBecause} />
              <Divider />
              <Activity user={user} blockedBecause={blockedBecause} />
            </Stack>
          )
        }
      </Shown>
    </PanelFrame>
  )
}

function useRefreshUsers(): () => Promise<void> {
  const { query } = useApi()
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: query.users.key() })
}

/** `blockedBecause`: why values that the server decides cannot be changed; null if they can. */
type Props = { readonly user: User; readonly blockedBecause: string | null }

function UserForm({ user, blockedBecause }: Props) {
  const { api } = useApi()
  const refresh = useRefreshUsers()
  const row = editable(user)
  const form = useForm({ initialValues: row, validate: formRules(userPatchSchema) })
  const { basis, saved: showSaved } = useFollowedRow(form, row)
  const save = useMutation({
    mutationFn: ({ values, before }: { readonly values: Editable; readonly before: Editable }) =>
      api.users.update({ id: user.id, patch: changed(values, before), expected: changed(before, values) }),
    onSuccess: (saved, { values, before }) => {
      showSaved(values, editable(saved))
      void refresh()
      const [was, is] = [changed(before, values), changed(saved, before)]
      const set = async (patch: Partial<Editable>, expected: Partial<Editable>) => {
        await api.users.update({ id: user.id, patch, expected })
        void refresh()
      }
      announceUndoable(
        t`${{ name: saved.name }} changed`,
        () => set(was, is),
        () => set(is, was),
      )
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ values, before: basis }))} noValidate>
      <Stack gap="md">
        <TextInput label={t`Name`} required autoComplete="off" {...form.getInputProps('name')} />
        <TextInput label={t`E-mail`} type="email" required autoComplete="off" {...form.getInputProps('email')} />
        <PickField
          label={t`Role`}
          data={options(ROLES, roleLabel)}
          {...form.getInputProps('role')}
          disabled={blockedBecause !== null}
          description={blockedBecause}
        />
        <FormError error={save.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            <Trans>Save changes</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Returns only the changed fields, so that a name can be changed offline without a role, which the server decides. */
function changed(next: Editable, before: Editable): Partial<Editable> {
  const fields = ['name', 'email', 'role'] as const
  return Object.fromEntries(fields.filter((field) => next[field] !== before[field]).map((field) => [field, next[field]]))
}

function PasswordForm({ user, blockedBecause }: Props) {
  const { api } = useApi()
  const refresh = useRefreshUsers()
  const form = useForm({ initialValues: { password: '' }, validate: formRules(passwordSchema) })
  const set = useMutation({
    mutationFn: (values: typeof form.values) => api.users.setPassword({ id: user.id, ...values }),
    onSuccess: () => {
      form.reset()
      void refresh()
      notifyDone(t`Password of ${{ name: user.name }} set`)
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => set.mutate(values))} noValidate aria-label={t`Password`}>
      <Stack gap="md">
        <Title order={3}>
          <Trans>Password</Trans>
        </Title>
        {user.hasPassword === false && (
          <Text c="dimmed">
            <Trans>This user was added by an import and has no password. Set one so that they can sign in.</Trans>
          </Text>
        )}
        <PasswordInput
          label={t`New password`}
          autoComplete="new-password"
          {...form.getInputProps('password')}
          disabled={blockedBecause !== null}
          description={blockedBecause}
        />
        <FormError error={set.error} />
        <Group justify="flex-end">
          <Button
            type="submit"
            variant="default"
            loading={set.isPending}
            disabled={blockedBecause !== null || form.values.password === ''}
          >
            <Trans>Set password</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Activity({ user, blockedBecause }: Props) {
  const { api } = useApi()
  const refresh = useRefreshUsers()
  const toggle = useMutation({
    mutationFn: (isActive: boolean) => api.users.setActive({ id: user.id, isActive }),
    onSuccess: (_, isActive) => {
      const { name } = user
      const set = async (next: boolean) => {
        await api.users.setActive({ id: user.id, isActive: next })
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
      <Title order={3}>
        <Trans>Access</Trans>
      </Title>
      <Text c="dimmed">
        {user.isActive
          ? t`Deactivated people cannot sign in. Their calls are kept under their name.`
          : t`This person cannot sign in. Their calls are kept under their name.`}
      </Text>
      <FormError error={toggle.error} />
      {blockedBecause !== null && <Text c="dimmed">{blockedBecause}</Text>}
      <Group justify="flex-end">
        <Button
          variant="default"
          loading={toggle.isPending}
          disabled={blockedBecause !== null}
          onClick={() => toggle.mutate(!user.isActive)}
        >
          {user.isActive ? t`Deactivate` : t`Activate`}
        </Button>
      </Group>
    </Stack>
  )
}
