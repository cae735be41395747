import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Divider, Group, Popover, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconCalendar, IconChevronDown } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { localDay, PERIODS } from '../../core/time/time-range.ts'
import { ANY_TIME, periodLabel, rangeOf, UPCOMING } from '../format/period-choice.ts'
import type { PeriodChoice } from '../format/period-choice.ts'
import { parseDay } from '../format/times.ts'
import { DayField } from './day-field.tsx'
import classes from './filter-bar.module.css'
import { useFocusBack } from './idle-focus.ts'
import { useFirstFocus } from './use-first-focus.ts'
import { useToday } from './today-context.ts'

type Props = {
  readonly value: PeriodChoice
  onChange: (value: PeriodChoice) => void
  /** Offers "Any time", without a restriction. */
  readonly withAny?: boolean
  /** Offers "Upcoming", for later calls only. */
  readonly withUpcoming?: boolean
  /** Whether the value is the default. */
  readonly isResting?: boolean
}

const COLUMNS = 2
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }

/** Moves the focus between the named periods. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  const periods = [...event.currentTarget.querySelectorAll('button')]
  const at = periods.findIndex((each) => each === event.target)
  if (step === undefined || at < 0) return
  event.preventDefault()
  periods[at + step]?.focus()
}

/** A field for a period in the client's time zone: a named one, or two days. */
export function PeriodPicker({
  value,
  onChange,
  withAny = false,
  withUpcoming = false,
  isResting = value.kind === 'any',
}: Props) {
  const { zone } = useToday()
  const label = periodLabel(value, zone, withUpcoming)
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useFocusBack(opened, button)
  const choose = (choice: PeriodChoice) => {
    setOpened(false)
    onChange(choice)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          ref={button}
          classNames={{ root: classes.period, label: classes.label }}
          variant={isResting ? 'default' : 'light'}
          leftSection={<IconCalendar size={14} />}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => setOpened(!opened)}
          aria-label={t`Period: ${label}`}
        >
          <span className={classes.text}>{label}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Period`}>
        <Choices>
          <SimpleGrid cols={COLUMNS} spacing="xs" verticalSpacing="xs" onKeyDown={moveFocus}>
            {withAny && <Choice label={t`Any time`} active={value.kind === 'any'} onChoose={() => choose(ANY_TIME)} />}
            {withUpcoming && (
              <Choice label={periodLabel(UPCOMING, zone)} active={value.kind === 'upcoming'} onChoose={() => choose(UPCOMING)} />
            )}
            {PERIODS.map((period) => (
              <Choice
                key={period}
                label={periodLabel({ kind: 'named', period }, zone, withUpcoming)}
                active={value.kind === 'named' && value.period === period}
                onChoose={() => choose({ kind: 'named', period })}
              />
            ))}
          </SimpleGrid>
          <Divider />
          <CustomDays value={value} onChange={choose} />
        </Choices>
      </Popover.Dropdown>
    </Popover>
  )
}

function Choices({ children }: { readonly children: ReactNode }) {
  const content = useRef<HTMLDivElement>(null)
  useFirstFocus(content)
  return (
    <Stack ref={content} gap="sm" w={288}>
      {children}
    </Stack>
  )
}

function Choice({
  label,
  active,
  onChoose,
}: {
  readonly label: string
  readonly active: boolean
  readonly onChoose: () => void
}) {
  return (
    <Button
      variant={active ? 'light' : 'subtle'}
      color={active ? 'accent' : 'gray'}
      justify="flex-start"
      aria-pressed={active}
      onClick={onChoose}
    >
      {label}
    </Button>
  )
}

function CustomDays({ value, onChange }: Pick<Props, 'value' | 'onChange'>) {
  const today = useToday()
  const { zone } = today
  const range = rangeOf(value, today)
  const day = (millis: number | undefined) => (millis === undefined || millis === 0 ? '' : localDay(millis, today.zone))
  const isOpenEnded = value.kind === 'upcoming'
  const [from, setFrom] = useState(() => day(range?.from))
  const [to, setTo] = useState(() => day(range === null || isOpenEnded ? undefined : range.to - 1))
  const [isTried, setTried] = useState(false)
  const [firstDay, lastDay] = [from, to].map((text) => parseDay(text, today.now, today.zone))
  const isReversed = typeof firstDay === 'string' && typeof lastDay === 'string' && firstDay > lastDay
  const problem = (read: string | null | undefined) =>
    isTried && typeof read !== 'string' ? t`Enter a day, for example 2026-11-02` : undefined
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (typeof firstDay === 'string' && typeof lastDay === 'string' && !isReversed)
          onChange({ kind: 'days', from: firstDay, to: lastDay })
      }}
    >
      <Stack gap="sm">
        <Group gap="sm" grow align="flex-start">
          <DayField label={t({ message: 'From', context: 'period' })} value={from} error={problem(firstDay)} onChange={setFrom} />
          <DayField label={t({ message: 'To', context: 'period' })} value={to} error={problem(lastDay)} onChange={setTo} />
        </Group>
        {isReversed && (
          <Text c="red">
            <Trans>The period ends before it begins.</Trans>
          </Text>
        )}
        <Group justify="space-between">
          <Text c="dimmed">
            <Trans>Days in {zone}</Trans>
          </Text>
          <Button type="submit">
            <Trans>Apply</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
