import { Stack, Text } from '@mantine/core'
import type { TrailEntry } from '../../../core/model/audit.ts'
import { actionLabel } from '../../format/labels.ts'
import { formatInstant } from '../../format/times.ts'
import { usePeople } from '../../session/use-names.ts'
import { useSession } from '../../session/session-context.ts'
import { DiffTable } from './diff-table.tsx'

/** The history of one record, newest line first. */
export function RecordHistory({ entries }: { readonly entries: readonly TrailEntry[] }) {
  const people = usePeople()
  const zone = useSession().settings.time_zone
  if (entries.length === 0) return <Text c="dimmed">No history on this device</Text>
  return (
    <Stack gap="md" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <Text>
            {actionLabel(entry.action)} by {entry.userId === null ? 'an unknown person' : people.name(entry.userId)}
            <Text component="span" c="dimmed">
              {' · '}
              {formatInstant(entry.createdAt, zone)}
              {entry.isWaiting && ' · waiting to be sent'}
            </Text>
          </Text>
          <DiffTable entry={entry} />
        </li>
      ))}
    </Stack>
  )
}
