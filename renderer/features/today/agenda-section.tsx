import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Badge, Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { UserId } from '../../../core/id.ts'
import { Failed, FormError, Loading, Nothing } from '../../feedback/states.tsx'
import { useKeyText } from '../../keys/use-actions.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { countText, dueText, groupLabel, laterText, missedText } from './agenda-text.ts'
import { TodayRow } from './today-row.tsx'
import classes from './today.module.css'
import type { useAgenda } from './use-agenda.ts'
import type { TodayCommands } from './use-today-commands.ts'

type Props = {
  readonly agenda: ReturnType<typeof useAgenda>
  readonly withAgent: boolean
  readonly mayEdit: (owner: UserId) => boolean
  readonly commands: TodayCommands
}

/** The scheduled calls by group, overdue ones first. */
export function AgendaSection({ agenda: { agenda, first, groups }, withAgent, mayEdit, commands }: Props) {
  const zone = useSession().settings.time_zone
  const rights = useRights()
  const newCallKey = useKeyText('call.new')
  if (first === undefined)
    return agenda.isError ? (
      <Failed error={agenda.error} retry={() => void agenda.refetch()} />
    ) : (
      <Loading what={t`Scheduled calls`} />
    )
  const later = first.summary === null ? undefined : laterText(first.summary, first.computedAt, zone)
  if (groups.length === 0) {
    const howTo =
      newCallKey === undefined
        ? t`To schedule a call, start a new call and choose the status “Scheduled”. It appears here until you log it.`
        : t`To schedule a call, press ${newCallKey} and choose the status “Scheduled”. It appears here until you log it.`
    return (
      <Nothing title={t`Nothing is scheduled this week`}>
        {later ?? (rights.reach('calls.create') === 'none' ? undefined : howTo)}
      </Nothing>
    )
  }
  return (
    <Stack gap="md" component="section" aria-label={t`Agenda`}>
      {groups.map(({ group, entries }) => (
        <div key={group}>
          <Group gap="sm" mb={4}>
            <Title order={2}>{groupLabel(group)}</Title>
            <Text c="dimmed">{first.summary !== null && countText(first.summary.counts[group])}</Text>
          </Group>
          <Table role="grid" aria-readonly aria-label={groupLabel(group)} className={classes.grid}>
            <Table.Tbody>
              {entries.map((entry) => (
                <TodayRow
                  key={entry.id}
                  call={entry}
                  when={<When due={dueText(entry, first.computedAt, zone)} missed={missedText(entry, first.computedAt)} />}
                  withAgent={withAgent}
                  mayAct={mayEdit(entry.userId)}
                  moveLabel={t`Move the call with ${{ name: entry.prospectName }}`}
                  onOpen={() => commands.open(entry, true)}
                  onStart={() => commands.start(entry, true)}
                  onMove={(days) => commands.move(entry, days)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
      {agenda.isFetchNextPageError && <FormError error={agenda.error} />}
      {agenda.hasNextPage && (
        <Group>
          <Button variant="default" loading={agenda.isFetchingNextPage} onClick={() => void agenda.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </Group>
      )}
      {later !== undefined && <Text c="dimmed">{later}</Text>}
    </Stack>
  )
}

function When({ due, missed }: { readonly due: string; readonly missed: string | undefined }) {
  return (
    <>
      {due}
      {missed !== undefined && (
        <Badge color="orange" display="block" w="fit-content">
          {missed}
        </Badge>
      )}
    </>
  )
}
