import { ActionIcon, Popover, TextInput } from '@mantine/core'
import type { TextInputProps } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import type { Ref } from 'react'
import { localDay } from '../../core/time-range.ts'
import { formatDateTime, parseDateTime } from '../format/times.ts'
import { useToday } from './use-today.ts'

type Props = Omit<TextInputProps, 'label' | 'value' | 'onChange' | 'rightSection'> & {
  readonly ref?: Ref<HTMLInputElement>
  readonly label: string
  readonly value: string
  onChange: (text: string) => void
}

/** A point in time as text, typed (`10:30`, `yesterday 9:00`, a full date) or picked by its day; on leaving it is written out in full. */
export function DateTimeField({ label, value, onChange, onBlur, ...field }: Props) {
  const { zone, weekStart } = useToday()
  /** The instant at which the calendar was opened; null while it is closed. */
  const [opened, setOpened] = useState<number | null>(null)
  const chosen = opened === null ? null : parseDateTime(value, opened, zone)
  const day = typeof chosen === 'number' ? localDay(chosen, zone) : null
  return (
    <TextInput
      {...field}
      label={label}
      placeholder="YYYY-MM-DD HH:MM"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={(event) => {
        const millis = parseDateTime(value, Date.now(), zone)
        if (typeof millis === 'number') onChange(formatDateTime(millis, zone))
        onBlur?.(event)
      }}
      rightSection={
        <Popover opened={opened !== null} onChange={() => setOpened(null)} position="bottom-end" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon aria-label="Pick the day" tabIndex={-1} onClick={() => setOpened(opened === null ? Date.now() : null)}>
              <IconCalendar size={14} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label="Day">
            <DatePicker
              size="xs"
              firstDayOfWeek={(weekStart % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6}
              value={day}
              {...(day !== null && { defaultDate: day })}
              onChange={(picked) => {
                if (picked !== null) onChange(withDay(picked, chosen ?? opened ?? 0, zone))
                setOpened(null)
              }}
            />
          </Popover.Dropdown>
        </Popover>
      }
    />
  )
}

/** The picked day with the time of day of `at`. */
function withDay(day: string, at: number, zone: string): string {
  return `${day} ${formatDateTime(at, zone).slice(11)}`
}
