import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { parseDay } from '../format/times.ts'
import { CalendarButton } from './calendar-button.tsx'
import { useToday } from './today-context.ts'

type Props = {
  readonly label: string
  readonly value: string
  readonly error: string | undefined
  onChange: (text: string) => void
}

/** A field for a day, typed (`2026-11-02`, `yesterday`) or picked. On blur the text becomes the full date; invalid text stays. */
export function DayField({ label, value, error, onChange }: Props) {
  const { zone } = useToday()
  return (
    <TextInput
      label={label}
      placeholder={t`YYYY-MM-DD`}
      autoComplete="off"
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={() => onChange(parseDay(value, Date.now(), zone) ?? value)}
      rightSection={
        <CalendarButton
          withinPortal={false}
          dayAt={(now) => parseDay(value, now, zone) ?? null}
          onPick={(day) => onChange(day)}
        />
      }
    />
  )
}
