import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Popover, Stack, Text } from '@mantine/core'
import { IconChevronDown, IconHistory } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { parseDay } from '../../format/times.ts'
import { DayField } from '../../ui/day-field.tsx'
import { useFocusBack } from '../../ui/idle-focus.ts'
import { useToday } from '../../ui/today-context.ts'
import { useFirstFocus } from '../../ui/use-first-focus.ts'

type Props = {
  /** The last day whose changes are known, `YYYY-MM-DD`; null: today. */
  readonly value: string | null
  onChange: (value: string | null) => void
}

/** Chooses the day on which the figures are known. */
export function KnownOnPicker({ value, onChange }: Props) {
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useFocusBack(opened, button)
  const choose = (day: string | null) => {
    setOpened(false)
    onChange(day)
  }
  const label = value === null ? t`As known today` : t`As known on ${value}`
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          ref={button}
          variant={value === null ? 'default' : 'light'}
          leftSection={<IconHistory size={14} />}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => setOpened(!opened)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`As known on`}>
        <KnownOnForm value={value} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  )
}

function KnownOnForm({ value, onChoose }: { readonly value: string | null; onChoose: (day: string | null) => void }) {
  const { now, zone } = useToday()
  const [text, setText] = useState(value ?? '')
  const [isTried, setTried] = useState(false)
  const content = useRef<HTMLFormElement>(null)
  useFirstFocus(content)
  const day = parseDay(text, now, zone)
  const isFuture = typeof day === 'string' && day >= (parseDay('tomorrow', now, zone) ?? day)
  const error = !isTried
    ? undefined
    : typeof day !== 'string'
      ? t`Enter a day, for example 2026-11-02`
      : isFuture
        ? t`Enter today or an earlier day`
        : undefined
  return (
    <form
      ref={content}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (typeof day === 'string' && !isFuture) onChoose(day)
      }}
    >
      <Stack gap="sm" w={280}>
        <DayField label={t`End of day`} value={text} error={error} onChange={setText} />
        <Text c="dimmed">
          <Trans>Shows the dashboard as it was at the end of this day, without later changes.</Trans>
        </Text>
        <Group justify="space-between">
          <Button variant="subtle" onClick={() => onChoose(null)}>
            <Trans>Today</Trans>
          </Button>
          <Button type="submit">
            <Trans>Apply</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
