import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Stack, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { RESCHEDULE_DAYS } from '../../../core/agenda/reschedule.ts'
import type { Call } from '../../../core/model/call.ts'
import { mayHaveCalls } from '../../../core/roles.ts'
import { useActionOfKey, useKeyText } from '../../keys/use-actions.ts'
import { NotPermitted } from '../../feedback/states.tsx'
import { personLabel } from '../../format/labels.ts'
import { useRights, useSession } from '../../session/session-context.ts'
import { usePeople } from '../../session/use-names.ts'
import { idsFromText } from '../../view/search-text.ts'
import { MultiFilter } from '../../ui/multi-filter.tsx'
import { Page } from '../../ui/page.tsx'
import { keyName } from '../../ui/use-keys.ts'
import { AgendaSection } from './agenda-section.tsx'
import { DayFigures } from './day-figures.tsx'
import { ReminderSettingsButton } from './reminder-settings.tsx'
import { NoNextStepSection } from './no-next-step-section.tsx'
import { dialRow } from './today-row.tsx'
import { useAgenda } from './use-agenda.ts'
import { useNoNextStep } from './use-no-next-step.ts'
import { useTodayCommands } from './use-today-commands.ts'
import { useTodayKeys } from './use-today-keys.ts'

export function TodayPage() {
  const rights = useRights()
  if (rights.reach('calls.read') === 'none')
    return (
      <Page title={t`Today`}>
        <NotPermitted title={t`You don’t have access to calls`} />
      </Page>
    )
  return <Today />
}

function Today() {
  const search = useSearch({ from: '/today' })
  const navigate = useNavigate()
  const rights = useRights()
  const { user } = useSession()
  const people = usePeople()
  const commands = useTodayCommands()
  const chosen = search['agents']
  const userIds = useMemo(() => idsFromText(chosen), [chosen])
  const agenda = useAgenda(userIds)
  const noNextStep = useNoNextStep(userIds)
  const isOfAll = rights.reach('calls.read') === 'all'

  const mayEdit = (owner: Call['userId']) => rights.may('calls.edit', owner)
  const maySchedule = ({ userId }: Call) => rights.mayPlanFor(userId)

  const actionOfKey = useActionOfKey(['today.call'])
  const callKey = useKeyText('today.call')
  const keys = useTodayKeys((id, event, row) => {
    const entry = agenda.groups.flatMap(({ entries }) => entries).find((each) => each.id === id)
    const last = noNextStep.calls.find((each) => each.id === id)
    const call = entry ?? last
    if (call === undefined || !(entry === undefined ? maySchedule(call) : mayEdit(call.userId))) return false
    const days = RESCHEDULE_DAYS.find((each) => String(each) === keyName(event))
    if (actionOfKey(event) === 'today.call') {
      if (!dialRow(row)) commands.start(call, entry !== undefined)
    } else if (days !== undefined) (entry === undefined ? commands.schedule : commands.move)(call, days)
    else return false
    return true
  })

  return (
    <Page
      title={t`Today`}
      actions={
        <>
          {isOfAll && (
            <MultiFilter
              label={t`Agent`}
              choices={people.list.map((person) => ({ value: person.id, label: personLabel(person) }))}
              value={userIds}
              onChange={(ids) => void navigate({ to: '/today', search: ids.length === 0 ? {} : { agents: ids.join(',') } })}
            />
          )}
          {mayHaveCalls(user.role) && <ReminderSettingsButton />}
        </>
      }
    >
      <Stack gap="lg">
        {mayHaveCalls(user.role) && <DayFigures />}
        <Stack gap="xl" {...keys}>
          <AgendaSection agenda={agenda} withAgent={isOfAll} mayEdit={mayEdit} commands={commands} />
          <NoNextStepSection found={noNextStep} withAgent={isOfAll} maySchedule={maySchedule} commands={commands} />
        </Stack>
        <Text c="dimmed">
          {callKey === undefined ? (
            <Trans>↑ ↓ or J K: next row · Enter: open · 1, 3, 7: move the call by that many days</Trans>
          ) : (
            <Trans>↑ ↓ or J K: next row · Enter: open · {callKey}: call and log · 1, 3, 7: move the call by that many days</Trans>
          )}
        </Text>
      </Stack>
    </Page>
  )
}
