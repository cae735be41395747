import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert, Button, Popover, Stack, Text } from '@mantine/core'
import { IconBell, IconBellOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReminderSettings } from '../../../core/model/reminder-settings.ts'
import { useApi } from '../../api/api-context.ts'
import { notifyError } from '../../feedback/notify-error.ts'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { useReminderState } from '../../view/reminders.ts'

const OFF = 'off'
const LEADS = [0, 5, 10, 15, 30]

const valueOf = ({ isOn, leadMinutes }: ReminderSettings) => (isOn ? String(leadMinutes) : OFF)

/** The choices; the current one is added if another device set one that is not in the list. */
function choicesFor(settings: ReminderSettings) {
  const leads = [...new Set([...LEADS, settings.leadMinutes])].toSorted((a, b) => a - b)
  return [
    { value: OFF, label: t`Off` },
    ...leads.map((minutes) => ({ value: String(minutes), label: minutes === 0 ? t`At its time` : t`${minutes} min` })),
  ]
}

/** Returns when notifications appear, and what they show. */
function remindersText({ isOn, leadMinutes }: ReminderSettings, shownBy: 'system' | 'window' | undefined): string {
  if (!isOn) return t`No notifications appear. Scheduled calls stay on this page.`
  const when =
    leadMinutes === 0
      ? t`A notification appears at the time of a call, while the application runs.`
      : t`A notification appears ${plural(leadMinutes, { one: '# minute', other: '# minutes' })} before a call and at its time, while the application runs.`
  const content =
    shownBy === 'window'
      ? t`It shows the time and no name.`
      : t`While the session or the screen is locked, it shows the time and no name.`
  return `${when} ${content}`
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
          {isShown ? t`Reminders` : t`Reminders are off`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Reminders`}>
        <Stack gap="sm">
          <ChoiceField
            label={t`Remind me before a scheduled call`}
            choices={choicesFor(settings)}
            value={valueOf(settings)}
            onChange={(value) => void change(value).catch(notifyError)}
          />
          <Text c="dimmed">{remindersText(settings, shownBy)}</Text>
          {settings.isOn && isBlocked && permission === 'default' && (
            <Button onClick={() => void ask()}>
              <Trans>Allow notifications</Trans>
            </Button>
          )}
          {settings.isOn && isBlocked && permission === 'denied' && (
            <Alert color="orange" title={t`The browser blocks notifications`}>
              <Trans>
                Missed calls stay on this page. To get notifications, allow them for this address in the browser’s site settings,
                then reload the page.
              </Trans>
            </Alert>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
