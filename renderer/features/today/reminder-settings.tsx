import { Alert, Button, Popover, Stack, Text } from '@mantine/core'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReminderSettings } from '../../../core/model/reminder-settings.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { plural } from '../../format/numbers.ts'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { useReminderState } from '../../view/reminders.ts'

const OFF = 'off'
const LEADS = [0, 5, 10, 15, 30]

const valueOf = ({ isOn, leadMinutes }: ReminderSettings) => (isOn ? String(leadMinutes) : OFF)

/** The choices; the current one is added if another device set one that is not in the list. */
function choicesFor(settings: ReminderSettings) {
  const leads = [...new Set([...LEADS, settings.leadMinutes])].toSorted((a, b) => a - b)
  return [
    { value: OFF, label: 'Off' },
    ...leads.map((minutes) => ({ value: String(minutes), label: minutes === 0 ? 'At its time' : `${minutes} min` })),
  ]
}

/** Returns when notifications appear, and what they show. */
function remindersText({ isOn, leadMinutes }: ReminderSettings, shownBy: 'system' | 'window' | undefined): string {
  if (!isOn) return 'No notifications appear. Scheduled calls stay on this page.'
  const when = leadMinutes === 0 ? 'at the time of a call' : `${plural(leadMinutes, 'minute')} before a call and at its time`
  const content = shownBy === 'window' ? 'It shows' : 'While the session or the screen is locked, it shows'
  return `A notification appears ${when}, while the application runs. ${content} the time and no name.`
}

/** When the person is reminded of their scheduled calls, and whether this window may show notifications. */
export function ReminderSettingsButton() {
  const { api, query } = useApi()
  const queries = useQueryClient()
  const settings = useQuery(query.reminders.settings.queryOptions()).data
  const { shownBy, permission, ask } = useReminderState()
  if (settings === undefined) return null
  const isBlocked = shownBy === 'window' && permission !== 'granted'
  const isShown = settings.isOn && !isBlocked

  async function change(value: string): Promise<void> {
    const patch = value === OFF ? { isOn: false } : { isOn: true, leadMinutes: Number(value) }
    await api.reminders.change(patch)
    await queries.invalidateQueries({ queryKey: query.reminders.settings.key() })
  }

  return (
    <Popover position="bottom-end" width={440} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={isShown ? <IconBell size={14} /> : <IconBellOff size={14} />}>
          {isShown ? 'Reminders' : 'Reminders are off'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Reminders">
        <Stack gap="sm">
          <ChoiceField
            label="Remind me before a scheduled call"
            choices={choicesFor(settings)}
            value={valueOf(settings)}
            onChange={(value) => void change(value).catch(notifyError)}
          />
          <Text c="dimmed">{remindersText(settings, shownBy)}</Text>
          {settings.isOn && isBlocked && permission === 'default' && (
            <Button onClick={() => void ask()}>Allow notifications</Button>
          )}
          {settings.isOn && isBlocked && permission === 'denied' && (
            <Alert color="orange" title="The browser blocks notifications">
              Missed calls stay on this page. To get notifications, allow them for this address in the browser’s site settings,
              then reload the page.
            </Alert>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
