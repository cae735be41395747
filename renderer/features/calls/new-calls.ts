import { create } from 'zustand'
import type { Id } from '../../../core/id.ts'
import type { CallFormValues } from './call-form-values.ts'

/** A call that waits to be shown in the form: it could not be saved (`error`), or it was replaced in the form by one that could not. */
export type UnsavedCall = { readonly values: CallFormValues; readonly error: unknown }

/** A save may fail after its person has signed out; the next person does not see the call. */
type Waiting = UnsavedCall & { readonly userId: Id }

type NewCalls = {
  /** Changes whenever the form starts with other values. */
  readonly round: number
  readonly unsaved: readonly Waiting[]
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

/** Shows `failed` in the form. @param typed the values that the form held until then; null: none. */
export function putBack(userId: Id, failed: UnsavedCall, typed: CallFormValues | null): void {
  const waiting = [failed, ...(typed === null ? [] : [{ values: typed, error: null }])].map((call) => ({ ...call, userId }))
  useNewCalls.setState(({ round, unsaved }) => ({ round: round + 1, unsaved: [...waiting, ...unsaved] }))
}

/** Takes the call of this person that is to be shown next. */
export function takeUnsaved(userId: Id): UnsavedCall | undefined {
  const { unsaved } = useNewCalls.getState()
  const first = unsaved.find((call) => call.userId === userId)
  if (first !== undefined) useNewCalls.setState({ unsaved: unsaved.filter((call) => call !== first) })
  return first
}

export function forgetUnsaved(): void {
  useNewCalls.setState({ unsaved: [] })
}
