import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { Button, DataList, Group, NumberInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { z } from 'zod'
import { clientSchema } from '../../../core/model/people.ts'
import { settingsSchema } from '../../../core/model/settings.ts'
import type { Settings } from '../../../core/model/settings.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { Page } from '../../ui/page.tsx'
import { announceUndoable, requireSame } from '../../view/use-undo.ts'
import { weekdayNames } from '../../format/labels.ts'
import { formatBytes, formatCount } from '../../format/numbers.ts'
import { isSame, useFollowedRow } from '../../ui/follow-row.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { formRules } from '../../feedback/form-rules.ts'
import { FormError, Shown } from '../../feedback/states.tsx'
import { KeysSection } from './keys-section.tsx'
import { TimeZoneSelect } from '../../ui/time-zone-select.tsx'
import { NoteTemplatesSection } from './note-templates-section.tsx'
import { CallingHoursFields } from './calling-hours-fields.tsx'
import { ServerSection } from '../sync/server-section.tsx'
import { focusPlace } from './settings-places.ts'
import { useViewState } from '../../view/view-state.ts'
import { useRights, useSession } from '../../session/session-context.ts'

const formSchema = settingsSchema.extend({ clientName: clientSchema.shape.name })
type FormValues = z.infer<typeof formSchema>

export function SettingsPage() {
  const rights = useRights()
  const mayEdit = rights.reach('settings.edit') !== 'none'
  const { settingToShow, showSetting } = useViewState()
  useEffect(() => {
    if (settingToShow === null) return
    focusPlace(settingToShow, document)
    showSetting(null)
  }, [settingToShow, showSetting])
  return (
    <Page title={t`Settings`}>
      <Stack gap="xl" maw={480}>
        {!mayEdit && (
          <Text c="dimmed">
            <Trans>Only an admin can change the client’s settings. Note templates and keys are your own.</Trans>
          </Text>
        )}
        <SettingsForm mayEdit={mayEdit} />
        <NoteTemplatesSection />
        <KeysSection />
        <ServerSection />
        <Storage />
      </Stack>
    </Page>
  )
}

function SettingsForm({ mayEdit }: { readonly mayEdit: boolean }) {
  const { api } = useApi()
  const queries = useQueryClient()
  const { client, settings } = useSession()
  const row: FormValues = { ...settings, clientName: client.name }
  const form = useForm<FormValues>({
    initialValues: row,
    validate: formRules(formSchema),
    transformValues: (values) => formSchema.parse(values),
  })
  const { basis, saved } = useFollowedRow(form, row)

  async function apply(values: FormValues, from: FormValues) {
    const { clientName, ...next } = values
    const changed = Object.entries(next).filter(([key, value]) => !isSame(from[key as keyof Settings], value))
    if (changed.length > 0) await api.settings.update(Object.fromEntries(changed))
    if (clientName !== from.clientName) await api.workspace.rename({ name: clientName })
    await queries.invalidateQueries()
  }
  /** Replaces the values `from` by `to`, unless someone else has changed the same settings since. */
  async function exchange(from: FormValues, to: FormValues) {
    const session = await api.session.get()
    if (session.state !== 'signed_in') return
    const now: FormValues = { ...session.settings, clientName: session.client.name }
    const keys = (Object.keys(from) as (keyof FormValues)[]).filter((key) => !isSame(from[key], to[key]))
    requireSame(keys.every((key) => isSame(now[key], from[key])))
    await apply({ ...now, ...Object.fromEntries(keys.map((key) => [key, to[key]])) }, now)
  }
  const save = useMutation({
    mutationFn: ({ values, before }: { readonly typed: FormValues; readonly values: FormValues; readonly before: FormValues }) =>
      apply(values, before),
    onSuccess: (_, { typed, values, before }) => {
      saved(typed, values)
      announceUndoable(
        t`Settings changed`,
        () => exchange(values, before),
        () => exchange(before, values),
      )
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  const country = form.getInputProps('default_country')
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate({ typed: form.getValues(), values, before: basis }))} noValidate>
      <Stack gap="md">
        <TextInput label={t`Client name`} disabled={!mayEdit} {...form.getInputProps('clientName')} />
        <TimeZoneSelect
          label={t`Time zone`}
          description={t`Used for dates and reports.`}
          disabled={!mayEdit}
          {...form.getInputProps('time_zone')}
        />
        <PickField
          label={t`Week start`}
          data={weekdayNames().map((label, index) => ({ value: String(index + 1), label }))}
          disabled={!mayEdit}
          {...form.getInputProps('week_start')}
          value={String(form.values.week_start)}
          onChange={(day) => form.setFieldValue('week_start', Number(day))}
        />
        <TextInput
          label={t`Default country`}
          description={t`Two letters, for example DE. For phone numbers typed without a country code. Leave empty to keep numbers as typed.`}
          disabled={!mayEdit}
          {...country}
          value={form.values.default_country ?? ''}
          onChange={(event) => form.setFieldValue('default_country', event.currentTarget.value.toUpperCase() || null)}
        />
        <NumberInput
          label={t`Lock after (minutes)`}
          description={t`The password is required after this time without a key or a click.`}
          min={1}
          max={480}
          clampBehavior="none"
          allowDecimal={false}
          disabled={!mayEdit}
          {...form.getInputProps('idle_lock_minutes')}
        />
        <NumberInput
          label={t`No next step after (days)`}
          description={t`Today lists prospects with no scheduled call if their last call was at least this many days ago and is undecided.`}
          min={1}
          max={365}
          clampBehavior="none"
          allowDecimal={false}
          disabled={!mayEdit}
          {...form.getInputProps('no_next_step_days')}
        />
        <CallingHoursFields
          from={form.getInputProps('calling_hours.from')}
          to={form.getInputProps('calling_hours.to')}
          days={form.values.calling_hours.days}
          daysError={form.errors['calling_hours.days']}
          disabled={!mayEdit}
          onDays={(days) => form.setFieldValue('calling_hours.days', days)}
        />
        <FormError error={save.error} />
        {mayEdit && (
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              <Trans>Save settings</Trans>
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** Where the data is stored, and its size. */
function Storage() {
  const { query } = useApi()
  const status = useQuery(query.workspace.status.queryOptions())
  return (
    <Stack gap="sm" component="section" aria-label={t`On this device`} data-place="device">
      <Title order={2}>
        <Trans>On this device</Trans>
      </Title>
      <Shown query={status} what={t`Storage`}>
        {(shown) => (
          <DataList labelWidth={120}>
            {(
              [
                [t`File`, shown.path],
                [t`Size`, formatBytes(shown.bytes)],
                [t`Calls`, formatCount(shown.calls)],
                [t`Users`, formatCount(shown.users)],
                [t`Audit trail lines`, formatCount(shown.auditEntries)],
              ] as const
            ).map(([label, value]) => (
              <DataList.Item key={label}>
                <DataList.ItemLabel>{label}</DataList.ItemLabel>
                <DataList.ItemValue style={{ overflowWrap: 'anywhere' }}>{value}</DataList.ItemValue>
              </DataList.Item>
            ))}
          </DataList>
        )}
      </Shown>
    </Stack>
  )
}
