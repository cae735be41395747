import { create } from 'zustand'
import type { UserId } from '../../core/id.ts'

/** A record that the form has yet to show: saving it failed (`error`), or a record whose save failed replaced it in the form. */
export type UnsavedForm<Values> = { readonly values: Values; readonly error: unknown }

/** A save may fail after its person has signed out. The next person does not see the record. */
export type Waiting<Values> = UnsavedForm<Values> & { readonly userId: UserId; readonly key: number }

type State<Values> = {
  /** Changes whenever the form starts with other values. */
  readonly round: number
  /** The form shows the first one of its person until it is saved or discarded. */
  readonly unsaved: readonly Waiting<Values>[]
}

/**
 * Creates the store of unsaved records of a form that enters one record after the other. It is in memory only. It is outside the form,
 * because a save may fail after the panel is closed.
 */
export function createUnsavedForms<Values>() {
  const useForms = create<State<Values>>(() => ({ round: 0, unsaved: [] }))
  let lastKey = 0

  /** Returns the record of this person that the form shows. It stays in the list, so that closing the form keeps it. */
  const first = (userId: UserId): Waiting<Values> | undefined =>
    useForms.getState().unsaved.find((waiting) => waiting.userId === userId)

  return {
    useForms,
    first,

    /** Shows the form again: with the first unsaved record, or empty. */
    next(): void {
      useForms.setState(({ round }) => ({ round: round + 1 }))
    },

    /** Shows `failed` in the form. @param typed the values that the form held until then; null: none. */
    putBack(userId: UserId, failed: UnsavedForm<Values>, typed: Values | null): void {
      // Values typed while an unsaved record is shown belong to that record.
      const isOwn = typed !== null && first(userId) === undefined
      const waiting = [failed, ...(isOwn ? [{ values: typed, error: null }] : [])].map((form) => ({
        ...form,
        userId,
        key: ++lastKey,
      }))
      useForms.setState(({ round, unsaved }) => ({ round: round + 1, unsaved: [...waiting, ...unsaved] }))
    },

    /** Keeps what was typed into the form of an unsaved record. */
    keep({ key }: Waiting<Values>, values: Values): void {
      useForms.setState(({ unsaved }) => ({ unsaved: unsaved.map((form) => (form.key === key ? { ...form, values } : form)) }))
    },

    /** Removes a record that is being saved, or that was discarded. */
    drop({ key }: Waiting<Values>): void {
      useForms.setState(({ unsaved }) => ({ unsaved: unsaved.filter((form) => form.key !== key) }))
    },

    clear(): void {
      useForms.setState({ unsaved: [] })
    },
  }
}
