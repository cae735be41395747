import { create } from 'zustand'
import type { CallFormValues } from './call-form-values.ts'

/** A call that waits to be shown in the form: it could not be saved (`error`), or another one that could not took its place. */
export type UnsavedCall = { readonly values: CallFormValues; readonly error: unknown }

type NewCalls = {
  /** Changes whenever the form starts with other values. */
  readonly round: number
  readonly unsaved: readonly UnsavedCall[]
}

/**
 * The calls that are being entered, in memory only. A call is saved while the form takes the keys of the next one, and may fail after
 * the panel is closed; so this is not state of the form.
 */
export const useNewCalls = create<NewCalls>(() => ({ round: 0, unsaved: [] }))

/** Shows the form again: with the first unsaved call, or empty. */
export function nextForm(): void {
  useNewCalls.setState(({ round }) => ({ round: round + 1 }))
}

/** Shows `failed` in the form. @param typed what the form held until then; null: nothing. */
export function putBack(failed: UnsavedCall, typed: CallFormValues | null): void {
  const waiting = typed === null ? [] : [{ values: typed, error: null }]
  useNewCalls.setState(({ round, unsaved }) => ({ round: round + 1, unsaved: [failed, ...waiting, ...unsaved] }))
}

/** Takes the call that is to be shown next. */
export function takeUnsaved(): UnsavedCall | undefined {
  const [first, ...others] = useNewCalls.getState().unsaved
  if (first !== undefined) useNewCalls.setState({ unsaved: others })
  return first
}

export function forgetUnsaved(): void {
  useNewCalls.setState({ unsaved: [] })
}
