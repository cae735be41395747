import { ActionIcon, TextInput } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import type { ComponentProps, FocusEvent } from 'react'
import { formatDuration, parseDuration } from '../../format/durations.ts'
import type { CallTimer } from './use-call-timer.ts'

type Props = Omit<ComponentProps<typeof TextInput>, 'onChange' | 'value'> & {
  readonly timer: CallTimer
  /** The keys of the timer as text; undefined: the form has no timer. */
  readonly timerKeys: string | undefined
}

/** The duration of a call: counted by the timer, or typed. */
export function DurationField({ timer, timerKeys, onBlur, ...field }: Props) {
  function leave(event: FocusEvent<HTMLInputElement>) {
    const seconds = timer.isRunning ? null : parseDuration(timer.shown)
    if (typeof seconds === 'number' && formatDuration(seconds) !== timer.shown) timer.type(formatDuration(seconds))
    onBlur?.(event)
  }
  const label = timer.isRunning ? 'Stop the timer' : 'Start the timer'
  return (
    <TextInput
      {...field}
      label="Duration"
      placeholder="m:ss or seconds"
      autoComplete="off"
      value={timer.shown}
      onChange={(event) => timer.type(event.currentTarget.value)}
      onBlur={leave}
      rightSection={
        timerKeys !== undefined && (
          <ActionIcon
            aria-label={label}
            aria-keyshortcuts={timerKeys}
            title={`${label} (${timerKeys})`}
            tabIndex={-1}
            size={22}
            onClick={timer.toggle}
          >
            {timer.isRunning ? <IconPlayerStop size={14} /> : <IconPlayerPlay size={14} />}
          </ActionIcon>
        )
      }
    />
  )
}
