import { ActionIcon, Popover, TextInput } from '@mantine/core'
import type { TextInputProps } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { localDay } from '../../core/time-range.ts'
import { formatDateTime, parseDateTime } from '../format/times.ts'
import { useToday } from './use-today.ts'

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'rightSection'> & {
  readonly value: string
  onChange: (text: string) => void
}

/** A point in time as text, typed (`10:30`, `yesterday 9:00`, a full date) or picked by its day; on leaving it is written out in full. */
export function DateTimeField({ value, onChange, onBlur, ...field }: Props) {
  const { zone, weekStart } = useToday()
  const [opened, setOpened] = useState(false)
  const millis = parseDateTime(value, Date.now(), zone)
  const day = typeof millis === 'number' ? localDay(millis, zone) : null
  return (
    <TextInput
      {...field}
      placeholder="YYYY-MM-DD HH:MM"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={(event) => {
        if (typeof millis === 'number') onChange(formatDateTime(millis, zone))
        onBlur?.(event)
      }}
      rightSection={
        <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon aria-label={`Pick the day: ${String(field.label)}`} tabIndex={-1} onClick={() => setOpened(!opened)}>
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
                if (picked !== null) onChange(withDay(picked, millis, zone))
                setOpened(false)
              }}
            />
          </Popover.Dropdown>
        </Popover>
      }
    />
  )
}

/** The picked day with the time of day that stood there, or the present one. */
function withDay(day: string, millis: number | null | undefined, zone: string): string {
  return `${day} ${formatDateTime(typeof millis === 'number' ? millis : Date.now(), zone).slice(11)}`
}
