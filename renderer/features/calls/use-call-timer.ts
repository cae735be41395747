import { t } from '@lingui/core/macro'
import { useEffect, useMemo, useRef, useState } from 'react'
import {
  elapsed,
  LONGEST_UNASKED,
  readStopwatch,
  realigned,
  started,
  STOPPED,
  stopped,
  stopwatchText,
  ticking,
} from '../../../core/time/stopwatch.ts'
import { formatDuration, parseDuration } from '../../format/durations.ts'
import { formatDateTime } from '../../format/times.ts'
import { sameValues, type CallFormState, type CallFormValues } from './call-form-values.ts'

export type CallTimer = {
  readonly isRunning: boolean
  /** The duration that the form shows. */
  readonly shown: string
  /** Stops the timer, or continues from the shown duration. */
  toggle: () => void
  /** Replaces the duration with a typed one. The timer stops. */
  type: (duration: string) => void
  /** Stops a running timer before the call is saved. @returns a question if it ran improbably long; null: none */
  stopToSave: () => string | null
  /** Starts the timer with the first value that is typed into an empty form, and resets it if the form is empty again. */
  startWith: (values: CallFormValues) => void
}

const seconds = (millis: number) => Math.round(millis / 1_000)

/**
 * The timer of a call. It starts with the first typed value, because an open form is not a call yet. Its start is in the values of the form, so
 * that a draft keeps it; what it shows follows the monotonic clock of the window.
 */
export function useCallTimer(
  form: CallFormState,
  { pristine, zone, isOffered }: { readonly pristine: CallFormValues; readonly zone: string; readonly isOffered: boolean },
): CallTimer {
  const { timer, duration } = form.values
  const watch = useMemo(() => (isOffered ? readStopwatch(timer) : null), [timer, isOffered])
  const running = useMemo(
    () => (watch === null || watch.since === null ? null : ticking(watch, Date.now(), performance.now())),
    [watch],
  )
  /** Whether the first typed value started the timer. It stops if nothing typed is left. */
  const isAutomatic = useRef(false)
  const [now, setNow] = useState(() => performance.now())

  useEffect(() => {
    if (running === null || watch === null) return undefined
    const tick = () => {
      setNow(performance.now())
      const moved = realigned(watch, elapsed(running, performance.now()), Date.now())
      if (moved !== null) form.setFieldValue('timer', stopwatchText(moved))
    }
    const interval = setInterval(tick, 1_000)
    return () => clearInterval(interval)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `form` is another object in each rendering, and always the same form
  }, [running, watch])

  function stop(): number {
    const shown = elapsed(running ?? { counted: 0, from: 0 }, performance.now())
    const { completedAt } = form.getValues()
    form.setValues({
      timer: stopwatchText(stopped(shown)),
      duration: formatDuration(seconds(shown)),
      // The call ends now, unless the person typed another time.
      completedAt: completedAt === pristine.completedAt ? formatDateTime(Date.now(), zone) : completedAt,
    })
    form.clearFieldError('duration')
    return shown
  }

  return {
    isRunning: running !== null,
    shown: running === null ? duration : formatDuration(seconds(elapsed(running, now))),
    toggle() {
      isAutomatic.current = false
      if (running !== null) {
        stop()
        return
      }
      const typed = parseDuration(duration)
      const counted = typeof typed === 'number' ? typed * 1_000 : 0
      form.setFieldValue('timer', stopwatchText(started({ counted, since: null }, Date.now())))
    },
    type(text) {
      const shown = running === null ? 0 : elapsed(running, performance.now())
      form.setValues({ duration: text, ...(timer !== '' && { timer: stopwatchText(stopped(shown)) }) })
    },
    stopToSave() {
      if (running === null) return null
      const shown = stop()
      if (shown <= LONGEST_UNASKED) return null
      const ran = formatDuration(seconds(shown))
      return t`The timer ran ${ran}. Enter the duration, or save again to keep it`
    },
    startWith(values) {
      if (!isOffered) return
      const isEmpty = sameValues({ ...values, timer: '' }, pristine)
      if (isEmpty && isAutomatic.current) {
        isAutomatic.current = false
        form.setFieldValue('timer', '')
      } else if (!isEmpty && values.timer === '' && values.duration === '') {
        isAutomatic.current = true
        form.setFieldValue('timer', stopwatchText(started(STOPPED, Date.now())))
      }
    },
  }
}
