import { t } from '@lingui/core/macro'
import { ASIDE_DRAFTS, DISCARDED_DRAFTS } from '../../../core/model/draft.ts'
import { readStopwatch, stopped, stopwatchText, ticking } from '../../../core/time/stopwatch.ts'
import { formatDuration } from '../../format/durations.ts'
import { textsOfDraft } from '../../drafts/restored-draft.ts'
import type { CallFormValues } from './call-form-values.ts'

/** A stored draft of a new call that the form does not show. */
export type UnfinishedCall = {
  readonly form: string
  readonly values: Partial<CallFormValues>
  /** ms since the epoch. */
  readonly updatedAt: number
}

type Stored = { readonly form: string; readonly value: unknown; readonly updatedAt: number }

/** Returns the form under which a draft that was put aside or discarded is stored. */
export const asideForm = (draftId: string) => `${ASIDE_DRAFTS}${draftId}`
export const discardedForm = (draftId: string) => `${DISCARDED_DRAFTS}${draftId}`

/**
 * Returns the drafts that are listed. A draft that the form shows is left out: if the application ended while the form changed, it may be
 * stored twice.
 */
export function listedCalls(stored: readonly Stored[], shownId: string): UnfinishedCall[] {
  return stored.flatMap(({ form, value, updatedAt }) => {
    const values = textsOfDraft(value) as Partial<CallFormValues> | null
    if (values === null) return []
    return values.draftId === shownId ? [] : [{ form, values, updatedAt }]
  })
}

/** Returns the text by which a person recognises an unfinished call. */
export function unfinishedLabel({ prospectName, prospectPhone, prospectEmail }: Partial<CallFormValues>): string {
  return (
    [prospectName, prospectPhone, prospectEmail].find((text) => text !== undefined && text.trim() !== '')?.trim() ??
    t`No name yet`
  )
}

/** Returns the values with the timer stopped at what it shows: only the call in the form is timed. @param wall ms since the epoch */
export function withTimerStopped<Values extends Partial<CallFormValues>>(values: Values, wall: number): Values {
  const watch = readStopwatch(values.timer ?? '')
  if (watch === null || watch.since === null) return values
  const { counted } = ticking(watch, wall, 0)
  return { ...values, timer: stopwatchText(stopped(counted)), duration: formatDuration(Math.round(counted / 1_000)) }
}
