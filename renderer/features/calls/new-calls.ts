import { create } from 'zustand'
import type { Id } from '../../../core/id.ts'
import type { CallFormValues } from './call-form-values.ts'

/** A call that waits to be shown in the form: it could not be saved (`error`), or it was replaced in the form by one that could not. */
export type UnsavedCall = { readonly values: CallFormValues; readonly error: unknown }

/** A save may fail after its person has signed out; the next person does not see the call. */
export type Waiting = UnsavedCall & { readonly userId: Id; readonly key: number }

type NewCalls = {
  /** Changes whenever the form starts with other values. */
  readonly round: number
  /** The form shows the first one of its person until it is saved or discarded. */
  readonly unsaved: readonly Waiting[]
}

let lastKey = 0

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
  // What is typed while an unsaved call is shown belongs to that call.
  const isOwn = typed !== null && firstUnsaved(userId) === undefined
  const waiting = [failed, ...(isOwn ? [{ values: typed, error: null }] : [])].map((call) => ({
    ...call,
    userId,
    key: ++lastKey,
  }))
  useNewCalls.setState(({ round, unsaved }) => ({ round: round + 1, unsaved: [...waiting, ...unsaved] }))
}

/** Returns the call of this person that the form shows. It stays in the list, so that closing the form does not lose it. */
export function firstUnsaved(userId: Id): Waiting | undefined {
  return useNewCalls.getState().unsaved.find((call) => call.userId === userId)
}

/** Keeps what was typed into the form of an unsaved call. */
export function keepUnsaved({ key }: Waiting, values: CallFormValues): void {
  useNewCalls.setState(({ unsaved }) => ({ unsaved: unsaved.map((call) => (call.key === key ? { ...call, values } : call)) }))
}

/** The call is being saved, or it was discarded. */
export function dropUnsaved({ key }: Waiting): void {
  useNewCalls.setState(({ unsaved }) => ({ unsaved: unsaved.filter((call) => call.key !== key) }))
}

export function forgetUnsaved(): void {
  useNewCalls.setState({ unsaved: [] })
}
