import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import type { Call } from '../../../core/model/call.ts'
import { Failed, FormError, Loading } from '../../feedback/states.tsx'
import { formatAge } from '../../format/durations.ts'
import { atLeast } from '../../format/numbers.ts'
import { TodayRow } from './today-row.tsx'
import classes from './today.module.css'
import type { useNoNextStep } from './use-no-next-step.ts'
import type { TodayCommands } from './use-today-commands.ts'

type Props = {
  readonly found: ReturnType<typeof useNoNextStep>
  readonly withAgent: boolean
  readonly maySchedule: (last: Call) => boolean
  readonly commands: TodayCommands
}

/** Prospects whose last call is undecided and who have no scheduled call. */
export function NoNextStepSection({ found: { query, first, calls }, withAgent, maySchedule, commands }: Props) {
  const title = t`No next step`
  if (first === undefined)
    return query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading what={t`Prospects`} />
  const { days, count, hasMore } = first
  const explained = t`Prospects with no scheduled call. Their last call was at least ${plural(days, { one: '# day', other: '# days' })} ago and is undecided.`
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Group gap="sm">
        <Title order={2}>{title}</Title>
        <Text c="dimmed">{atLeast({ total: count ?? 0, exact: !hasMore })}</Text>
      </Group>
      <Text c="dimmed">{calls.length === 0 && !hasMore ? t`${explained} There are none.` : explained}</Text>
      {calls.length > 0 && (
        <Table role="grid" aria-readonly aria-label={title} className={classes.grid}>
          <Table.Tbody>
            {calls.map((last) => (
              <TodayRow
                key={last.id}
                call={last}
                when={t`${{ age: formatAge(query.dataUpdatedAt - last.eventAt) }} ago`}
                withAgent={withAgent}
                mayAct={maySchedule(last)}
                moveLabel={t`Schedule a call with ${{ name: last.prospectName }}`}
                onOpen={() => commands.open(last, true)}
                onStart={() => commands.start(last, false)}
                onMove={(inDays) => commands.schedule(last, inDays)}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {query.isFetchNextPageError && <FormError error={query.error} />}
      {query.hasNextPage && (
        <Group>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            <Trans>Show older prospects</Trans>
          </Button>
        </Group>
      )}
    </Stack>
  )
}
