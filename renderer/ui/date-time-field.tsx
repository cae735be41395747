import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import type { TextInputProps } from '@mantine/core'
import type { Ref } from 'react'
import { localDay } from '../../core/time/time-range.ts'
import { formatDateTime, parseDateTime } from '../format/times.ts'
import { CalendarButton } from './calendar-button.tsx'
import { useToday } from './today-context.ts'

type Props = Omit<TextInputProps, 'label' | 'value' | 'onChange' | 'rightSection'> & {
  readonly ref?: Ref<HTMLInputElement>
  readonly label: string
  readonly value: string
  onChange: (text: string) => void
}

/** A field for a point in time, typed (`10:30`, `yesterday 9:00`, a full date) or picked by its day. On blur it is written in full. */
export function DateTimeField({ label, value, onChange, onBlur, ...field }: Props) {
  const { zone } = useToday()
  const chosenAt = (now: number) => parseDateTime(value, now, zone)
  return (
    <TextInput
      {...field}
      label={label}
      placeholder={t`YYYY-MM-DD HH:MM`}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={(event) => {
        const millis = chosenAt(Date.now())
        if (typeof millis === 'number') onChange(formatDateTime(millis, zone))
        onBlur?.(event)
      }}
      rightSection={
        <CalendarButton
          dayAt={(now) => {
            const chosen = chosenAt(now)
            return typeof chosen === 'number' ? localDay(chosen, zone) : null
          }}
          // The picked day with the typed time of day, or the current one.
          onPick={(day, now) => onChange(`${day} ${formatDateTime(chosenAt(now) ?? now, zone).slice(11)}`)}
        />
      }
    />
  )
}
