import { Button, DataList, Group, NumberInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
import { ORPCError } from '@orpc/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { clientSchema } from '../../../core/model/people.ts'
import { settingsSchema } from '../../../core/model/settings.ts'
import type { Settings } from '../../../core/model/settings.ts'
import { useApi } from '../../api/api-context.ts'
import { fieldErrors } from '../../api/explain-error.ts'
import { Page } from '../../ui/page.tsx'
import { announceUndoable } from '../../view/use-undo.ts'
import { WEEKDAYS } from '../../format/labels.ts'
import { formatBytes, formatCount } from '../../format/numbers.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { FormError, Shown } from '../../feedback/states.tsx'
import { TimeZoneSelect } from '../../ui/time-zone-select.tsx'
import { CallingHoursFields } from './calling-hours-fields.tsx'
import { ServerSection } from '../sync/server-section.tsx'
import { useRights, useSession } from '../../session/session-context.ts'

const formSchema = settingsSchema.extend({ clientName: clientSchema.shape.name })
type FormValues = z.infer<typeof formSchema>

/** Compares the values of a setting, which may be objects. */
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

export function SettingsPage() {
  const rights = useRights()
  const { client, settings } = useSession()
  const mayEdit = rights.reach('settings.edit') !== 'none'
  return (
    <Page title="Settings">
      <Stack gap="xl" maw={480}>
        {!mayEdit && <Text c="dimmed">Only an admin can change these settings.</Text>}
        <SettingsForm key={`${client.updatedAt} ${JSON.stringify(settings)}`} mayEdit={mayEdit} />
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
  const before: FormValues = { ...settings, clientName: client.name }
  const form = useForm<FormValues>({
    initialValues: before,
    validate: schemaResolver(formSchema, { sync: true }),
    transformValues: (values) => formSchema.parse(values),
  })

  async function apply(values: FormValues, from: FormValues) {
    const { clientName, ...next } = values
    const changed = Object.entries(next).filter(([key, value]) => !isSame(from[key as keyof Settings], value))
    if (changed.length > 0) await api.settings.update(Object.fromEntries(changed))
    if (clientName !== from.clientName) await api.workspace.rename({ name: clientName })
    await queries.invalidateQueries()
  }
  /** Undoes the save, unless someone else has changed the same settings since. */
  async function undoSave(saved: FormValues) {
    const session = await api.session.get()
    if (session.state !== 'signed_in') return
    const now: FormValues = { ...session.settings, clientName: session.client.name }
    const keys = (Object.keys(saved) as (keyof FormValues)[]).filter((key) => !isSame(saved[key], before[key]))
    if (keys.some((key) => !isSame(now[key], saved[key])))
      throw new ORPCError('CONFLICT', {
        message: 'Someone else has changed these settings since. Their change was kept; nothing was undone.',
      })
    await apply({ ...now, ...Object.fromEntries(keys.map((key) => [key, before[key]])) }, now)
  }
  const save = useMutation({
    mutationFn: (values: FormValues) => apply(values, before),
    onSuccess: (_, values) => announceUndoable('Settings changed', () => undoSave(values)),
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  const country = form.getInputProps('default_country')
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="md">
        <TextInput label="Client name" disabled={!mayEdit} {...form.getInputProps('clientName')} />
        <TimeZoneSelect
          label="Time zone"
          description="Used for dates and reports."
          disabled={!mayEdit}
          {...form.getInputProps('time_zone')}
        />
        <PickField
          label="Week start"
          data={WEEKDAYS.map((label, index) => ({ value: String(index + 1), label }))}
          disabled={!mayEdit}
          {...form.getInputProps('week_start')}
          value={String(form.values.week_start)}
          onChange={(day) => form.setFieldValue('week_start', Number(day))}
        />
        <TextInput
          label="Default country"
          description="Two letters, for example DE. For phone numbers typed without a country code. Leave empty to keep numbers as typed."
          disabled={!mayEdit}
          {...country}
          value={form.values.default_country ?? ''}
          onChange={(event) => form.setFieldValue('default_country', event.currentTarget.value.toUpperCase() || null)}
        />
        <NumberInput
          label="Lock after (minutes)"
          description="The password is required after this time without a key or a click."
          min={1}
          max={480}
          clampBehavior="none"
          allowDecimal={false}
          disabled={!mayEdit}
          {...form.getInputProps('idle_lock_minutes')}
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
              Save settings
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** The place and the size of the data. */
function Storage() {
  const { query } = useApi()
  const status = useQuery(query.workspace.status.queryOptions())
  return (
    <Stack gap="sm" component="section" aria-label="On this device">
      <Title order={2}>On this device</Title>
      <Shown query={status} what="Storage">
        {(shown) => (
          <DataList labelWidth={120}>
            {(
              [
                ['File', shown.path],
                ['Size', formatBytes(shown.bytes)],
                ['Calls', formatCount(shown.calls)],
                ['Users', formatCount(shown.users)],
                ['Audit entries', formatCount(shown.auditEntries)],
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
