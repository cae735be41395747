import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Stack, Text } from '@mantine/core'
import type { TrailEntry } from '../../../core/model/audit.ts'
import { actionLabel } from '../../format/labels.ts'
import { formatInstant } from '../../format/times.ts'
import { usePeople, type People } from '../../session/use-names.ts'
import { useSession } from '../../session/session-context.ts'
import { DiffTable } from './diff-table.tsx'

/** The history of one record, newest line first. */
export function RecordHistory({ entries }: { readonly entries: readonly TrailEntry[] }) {
  const people = usePeople()
  const zone = useSession().settings.time_zone
  if (entries.length === 0)
    return (
      <Text c="dimmed">
        <Trans>No history on this device</Trans>
      </Text>
    )
  return (
    <Stack gap="md" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <Text>
            {changedBy(entry, people)}
            <Text component="span" c="dimmed">
              {' · '}
              {formatInstant(entry.createdAt, zone)}
              {entry.isWaiting && ` · ${t`waiting to be sent`}`}
            </Text>
          </Text>
          <DiffTable entry={entry} />
        </li>
      ))}
    </Stack>
  )
}

function changedBy({ action, userId }: TrailEntry, people: People): string {
  const done = actionLabel(action)
  if (userId === null) return t`${done} by an unknown person`
  const name = people.name(userId)
  return t`${done} by ${name}`
}
