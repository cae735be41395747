import { t } from '@lingui/core/macro'
import { isId, type CallId } from '../../../core/id.ts'
import { readTypedTime, type TypedTime } from '../../../core/time/typed-time.ts'
import type { CallOutcome, CallStatus } from '../../../core/model/call.ts'

/** Values of the form that are not fields of the call, as texts, so that a draft restores them. */
export type DeskValues = {
  /** Identifies an unfinished call among the drafts. */
  draftId: string
  /** See core/time/stopwatch.ts; empty: the timer was not used. */
  timer: string
  /** The time of the next call, as typed. */
  nextAt: string
  /** The scheduled call with the prospect; see `readFollowUp`. */
  followUp: string
}

export const NO_DESK_VALUES: DeskValues = { draftId: '', timer: '', nextAt: '', followUp: '' }

/** A scheduled call with the prospect, which the finished call settles or leaves open. `at`: its scheduled time, ms. */
export type FollowUp = { readonly id: CallId; readonly at: number; readonly isSettled: boolean }

export function followUpText({ id, at, isSettled }: FollowUp): string {
  return `${id} ${at} ${isSettled ? 'settled' : 'open'}`
}

export function readFollowUp(text: string): FollowUp | null {
  const [id = '', at = '', state] = text.split(' ')
  if (!isId(id) || !/^\d{1,16}$/.test(at)) return null
  return { id, at: Number(at), isSettled: state === 'settled' }
}

type Disposition = { readonly status: CallStatus; readonly outcome: CallOutcome | '' }

/** Returns whether a call with this ending may have a next call. */
export function offersNext({ status, outcome }: Disposition): boolean {
  return status === 'no_show' || status === 'rescheduled' || (status === 'completed' && outcome === 'undecided')
}

/** Returns whether a call with this ending must have a next call. */
export const needsNext = ({ status }: Disposition) => status === 'rescheduled'

/** Returns the error of the typed time of the next call; null: none. */
export function nextTimeProblem(found: TypedTime, isNeeded: boolean): string | null {
  switch (found.kind) {
    case 'understood':
      return null
    case 'empty':
      return isNeeded ? t`Enter the time of the next call, for example tue 3pm` : null
    case 'past':
      return t`This time has passed. Enter a later time`
    case 'ambiguous':
      return t`This can mean two times. Write it in full, for example 2026-12-01 15:00`
    case 'unclear':
      return t`Enter a date, for example tue 3pm, in 2h, 1 Dec 15:00 or 3 (days)`
  }
}

/** Reads the time of the next call. @param at null: there is none. */
export function readNextTime(
  values: Disposition & Pick<DeskValues, 'nextAt'>,
  now: number,
  zone: string,
): { readonly at: number | null; readonly problem: string | null } {
  if (!offersNext(values)) return { at: null, problem: null }
  const found = readTypedTime(values.nextAt, now, zone)
  return { at: found.kind === 'understood' ? found.at : null, problem: nextTimeProblem(found, needsNext(values)) }
}
