import { SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core'
import type { ImportMap } from '../../../core/contract/imports.ts'
import { PickField } from '../../ui/pick-field.tsx'
import { TimeZoneSelect } from '../../ui/time-zone-select.tsx'
import { useRights, useSession } from '../../session/session-context.ts'
import { DECIMAL_CHOICES, DURATION_CHOICES, withDuration, withText } from './import-map.ts'

/** How values are read, and which records the import may create. */
export function MapOptions({ map, onChange }: { readonly map: ImportMap; readonly onChange: (map: ImportMap) => void }) {
  const rights = useRights()
  const { settings } = useSession()
  return (
    <Stack gap="sm" component="section" aria-label="Reading the file">
      <Title order={2}>Reading the file</Title>
      <SimpleGrid cols={{ base: 1, md: 2 }} maw={720} spacing="md">
        <TextInput
          label="Date format"
          placeholder="Detected"
          description="For example d-MMM-yy or yyyy-MM-dd"
          value={map.dateFormat ?? ''}
          onChange={(event) => onChange(withText(map, 'dateFormat', event.currentTarget.value))}
        />
        <TextInput
          label="Time format"
          placeholder="Detected"
          description="For example H:mm or h:mm a"
          value={map.timeFormat ?? ''}
          onChange={(event) => onChange(withText(map, 'timeFormat', event.currentTarget.value))}
        />
        <PickField
          label="Duration format"
          placeholder="Detected"
          description="How a plain number or 4:10 is read"
          clearable
          data={DURATION_CHOICES}
          value={map.durationFormat ?? null}
          onChange={(value) => onChange(withDuration(map, 'durationFormat', value))}
        />
        <PickField
          label="Decimal sign of durations"
          placeholder="Detected"
          description="For numbers such as 1,234"
          clearable
          data={DECIMAL_CHOICES}
          value={map.durationDecimal ?? null}
          onChange={(value) => onChange(withDuration(map, 'durationDecimal', value))}
        />
        <TimeZoneSelect
          label="Time zone of the file"
          value={map.timeZone ?? settings.time_zone}
          onChange={(zone) => onChange(withText(map, 'timeZone', zone ?? ''))}
        />
        <TextInput
          label="Source"
          description="The name of the other system. It and the row id identify a call."
          value={map.source}
          onChange={(event) => onChange({ ...map, source: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Switch
        label="Add missing agents as users"
        disabled={rights.reach('users.edit') === 'none'}
        checked={map.createAgents}
        onChange={(event) => onChange({ ...map, createAgents: event.currentTarget.checked })}
      />
      <Switch
        label="Add missing loss reasons"
        disabled={rights.reach('loss_reasons.edit') === 'none'}
        checked={map.createLossReasons}
        onChange={(event) => onChange({ ...map, createLossReasons: event.currentTarget.checked })}
      />
    </Stack>
  )
}
