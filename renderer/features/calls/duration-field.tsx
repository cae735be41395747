import { t } from '@lingui/core/macro'
import { ActionIcon, TextInput } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useLayoutEffect, useRef, type ComponentProps, type FocusEvent } from 'react'
import { formatDuration, parseDuration } from '../../format/durations.ts'
import { useKeyText } from '../../keys/use-actions.ts'
import classes from './call-form.module.css'
import type { CallTimer } from './use-call-timer.ts'

type Props = Omit<ComponentProps<typeof TextInput>, 'onChange' | 'value'> & {
  readonly timer: CallTimer
  /** Whether the form has a timer. */
  readonly isTimed: boolean
}

/** The duration of a call: counted by the timer, or typed. */
export function DurationField({ timer, isTimed, onBlur, ...field }: Props) {
  const input = useRef<HTMLInputElement>(null)
  // The browser clears the selection when the counted duration changes. Typed digits must replace it, not follow it.
  useLayoutEffect(() => {
    if (timer.isRunning && document.activeElement === input.current) input.current?.select()
  })
  function leave(event: FocusEvent<HTMLInputElement>) {
    const seconds = timer.isRunning ? null : parseDuration(timer.shown)
    if (typeof seconds === 'number' && formatDuration(seconds) !== timer.shown) timer.type(formatDuration(seconds))
    onBlur?.(event)
  }
  const keys = useKeyText('form.timer')
  const label = timer.isRunning ? t`Stop the timer` : t`Start the timer`
  return (
    <TextInput
      {...field}
      ref={input}
      classNames={{ input: classes.duration ?? '' }}
      label={t`Duration`}
      placeholder={t`m:ss or seconds`}
      autoComplete="off"
      value={timer.shown}
      onChange={(event) => timer.type(event.currentTarget.value)}
      onBlur={leave}
      rightSection={
        isTimed && (
          <ActionIcon
            aria-label={label}
            aria-keyshortcuts={keys}
            title={keys === undefined ? label : `${label} (${keys})`}
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
