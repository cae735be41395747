import { Button, Group, Kbd, Stack, Text, TextInput } from '@mantine/core'
import type { ComponentProps, KeyboardEvent } from 'react'
import { readTypedTime, spokenTime } from '../../../core/time/typed-time.ts'
import { useNow } from '../../ui/use-now.ts'
import { formatDateTime } from '../../format/times.ts'

/** Days from now that one key enters. */
const DAYS = [1, 3, 7] as const

type Props = Omit<ComponentProps<typeof TextInput>, 'value' | 'onChange'> & {
  readonly value: string
  readonly zone: string
  onChange: (text: string) => void
  /** Called on Enter: the field is done. */
  onDone: () => void
}

/** The time of the next call with the prospect. A number alone is a number of days; other texts are read as a person writes a time. */
export function NextCallField({ value, zone, onChange, onBlur, onDone, ...field }: Props) {
  const now = useNow()
  const found = readTypedTime(value, now, zone)
  const moved = ' The typed time is skipped that night, because the clocks go forward.'
  const understood =
    found.kind === 'understood'
      ? `${spokenTime(found.at, now, zone)}.${found.isMoved ? moved : ''}`
      : found.kind === 'past'
        ? `${spokenTime(found.at, now, zone)} has passed.`
        : ''
  /** A relative text, such as `in 2h`, has another meaning later. */
  const asDate = () => {
    if (found.kind === 'understood') onChange(formatDateTime(found.at, zone))
  }
  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || found.kind !== 'understood') return
    event.preventDefault()
    onDone()
  }
  return (
    <Stack gap={4}>
      <TextInput
        {...field}
        placeholder="tue 3pm, in 2h, morgen 15 Uhr"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          asDate()
          onBlur?.(event)
        }}
      />
      <Group gap="xs">
        {DAYS.map((days) => (
          // Typing the digit does the same, so Tab skips the button.
          <Button
            key={days}
            variant="default"
            tabIndex={-1}
            rightSection={<Kbd>{days}</Kbd>}
            onClick={() => onChange(String(days))}
          >
            +{days} d
          </Button>
        ))}
        <Text role="status" aria-label="Next call" fw={500}>
          {understood}
        </Text>
      </Group>
    </Stack>
  )
}
