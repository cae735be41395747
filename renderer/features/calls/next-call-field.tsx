import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Kbd, Stack, Text, TextInput } from '@mantine/core'
import type { ComponentProps, KeyboardEvent } from 'react'
import { readTypedTime, typedTimeText, type TypedTime } from '../../../core/time/typed-time.ts'
import { useNow } from '../../ui/use-now.ts'
import { spokenTime } from '../../format/spoken-time.ts'

/** Days from now that one key enters. */
const DAYS = [1, 3, 7] as const

type Props = Omit<ComponentProps<typeof TextInput>, 'value' | 'onChange'> & {
  readonly value: string
  readonly zone: string
  onChange: (text: string) => void
  /** Called on Enter: the field is done. */
  onDone: () => void
}

function understoodText(found: TypedTime, now: number, zone: string): string {
  if (found.kind !== 'understood' && found.kind !== 'past') return ''
  const time = spokenTime(found.at, now, zone)
  if (found.kind === 'past') return t`${time} has passed.`
  return found.isMoved ? t`${time}. The typed time is skipped that night, because the clocks go forward.` : `${time}.`
}

/** The time of the next call with the prospect. A number alone is a number of days; other texts are read as a person writes a time. */
export function NextCallField({ value, zone, onChange, onBlur, onDone, ...field }: Props) {
  const now = useNow()
  const found = readTypedTime(value, now, zone)
  const understood = understoodText(found, now, zone)
  /** A relative text, such as `in 2h`, has another meaning later. */
  const asDate = () => {
    if (found.kind === 'understood') onChange(typedTimeText(found.at, now, zone))
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
        placeholder={t`tue 3pm, in 2h, morgen 15 Uhr`}
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
            <Trans>+{days} d</Trans>
          </Button>
        ))}
        <Text role="status" aria-label={t`Next call`} fw={500}>
          {understood}
        </Text>
      </Group>
    </Stack>
  )
}
