import { t } from '@lingui/core/macro'
import { ActionIcon, Popover } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { useToday } from './today-context.ts'

type Props = {
  /** Returns the day of the typed text, `YYYY-MM-DD`; null: none. `now` is the instant at which the calendar was opened. */
  dayAt: (now: number) => string | null
  onPick: (day: string, now: number) => void
  /** False inside another popover: a click in a portal would close that popover. */
  readonly withinPortal?: boolean
}

/** A calendar at the end of a field for a day. */
export function CalendarButton({ dayAt, onPick, withinPortal = true }: Props) {
  const { weekStart } = useToday()
  /** The instant at which the calendar was opened; null while it is closed. */
  const [opened, setOpened] = useState<number | null>(null)
  const day = opened === null ? null : dayAt(opened)
  return (
    <Popover
      opened={opened !== null}
      onChange={() => setOpened(null)}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal={withinPortal}
    >
      <Popover.Target>
        <ActionIcon aria-label={t`Pick the day`} tabIndex={-1} onClick={() => setOpened(opened === null ? Date.now() : null)}>
          <IconCalendar size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Day`}>
        <DatePicker
          size="xs"
          firstDayOfWeek={(weekStart % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6}
          value={day}
          {...(day !== null && { defaultDate: day })}
          onChange={(picked) => {
            if (picked !== null && opened !== null) onPick(picked, opened)
            setOpened(null)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
