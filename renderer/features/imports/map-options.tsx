import { Trans } from '@lingui/react/macro'
import { t } from '@lingui/core/macro'
import { SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core'
import type { ImportMap } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { TimeZoneSelect } from '../../ui/time-zone-select.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { decimalChoices, durationChoices, withDuration, withText } from './import-map.ts'

/** How values are read, and which records the import may create. */
export function MapOptions({ map, onChange }: { readonly map: ImportMap; readonly onChange: (map: ImportMap) => void }) {
  const rights = useRights()
  const { settings } = useSession()
  return (
    <Stack gap="sm" component="section" aria-label={t({ message: 'Reading the file', context: 'options' })}>
      <Title order={2}>
        <Trans context="options">Reading the file</Trans>
      </Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} maw={720} spacing="md">
        <TextInput
          label={t`Date format`}
          placeholder={t`Detected`}
          description={t`For example d-MMM-yy or yyyy-MM-dd`}
          value={map.dateFormat ?? ''}
          onChange={(event) => onChange(withText(map, 'dateFormat', event.currentTarget.value))}
        />
        <TextInput
          label={t`Time format`}
          placeholder={t`Detected`}
          description={t`For example H:mm or h:mm a`}
          value={map.timeFormat ?? ''}
          onChange={(event) => onChange(withText(map, 'timeFormat', event.currentTarget.value))}
        />
        <PickField
          label={t`Duration format`}
          placeholder={t`Detected`}
          description={t`How a plain number or 4:10 is read`}
          clearable
          data={durationChoices()}
          value={map.durationFormat ?? null}
          onChange={(value) => onChange(withDuration(map, 'durationFormat', value))}
        />
        <PickField
          label={t`Decimal sign of durations`}
          placeholder={t`Detected`}
          description={t`For numbers such as 1,234`}
          clearable
          data={decimalChoices()}
          value={map.durationDecimal ?? null}
          onChange={(value) => onChange(withDuration(map, 'durationDecimal', value))}
        />
        <TimeZoneSelect
          label={t`Time zone of the file`}
          value={map.timeZone ?? settings.time_zone}
          onChange={(zone) => onChange(withText(map, 'timeZone', zone ?? ''))}
        />
        <TextInput
          label={t`Source`}
          description={t`The name of the other system. It and the row id identify a call.`}
          value={map.source}
          onChange={(event) => onChange({ ...map, source: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Switch
        label={t`Add missing agents as users`}
        disabled={rights.reach('users.edit') === 'none'}
        checked={map.createAgents}
        onChange={(event) => onChange({ ...map, createAgents: event.currentTarget.checked })}
      />
      <Switch
        label={t`Add missing loss reasons`}
        disabled={rights.reach('loss_reasons.edit') === 'none'}
        checked={map.createLossReasons}
        onChange={(event) => onChange({ ...map, createLossReasons: event.currentTarget.checked })}
      />
    </Stack>
  )
}
