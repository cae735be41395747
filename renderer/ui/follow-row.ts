import type { useForm } from '@mantine/form'
import { useEffect, useRef, useState } from 'react'

type Edited<Values> = { readonly typed: Values; readonly basis: Values }

/** Compares the values of a field, which may be objects. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * Returns the values of a form after its row changed. A field that the person has not changed takes the new value. A changed field keeps
 * what was typed, and its basis: the value that the person saw before they changed it.
 */
export function rebased<Values extends object>({ typed, basis }: Edited<Values>, row: Values): Edited<Values> {
  const fields = Object.keys(row) as (keyof Values)[]
  const kept = fields.filter((field) => !isSame(typed[field], basis[field]) && !isSame(typed[field], row[field]))
  const pick = (from: Values) => Object.fromEntries(kept.map((field) => [field, from[field]])) as Partial<Values>
  return { typed: { ...row, ...pick(typed) }, basis: { ...row, ...pick(basis) } }
}

/**
 * Lets a form follow its row, which another window or device may change, without losing typed values.
 * @param row the values of the row, which are also the form's initial values
 * @returns `basis`: the basis of the typed values. A save compares the row with it, so that it does not replace a change that the person has
 * not seen. `saved`: call it with the values that were sent and those that were stored.
 */
export function useFollowedRow<Values extends Record<string, unknown>>(
  form: Pick<ReturnType<typeof useForm<Values>>, 'getValues' | 'setValues' | 'resetDirty'>,
  row: Values,
): { readonly basis: Values; readonly saved: (sent: Values, stored: Values) => void } {
  const [basis, setBasis] = useState(row)
  const rebase = (from: Values, to: Values) => {
    const next = rebased({ typed: form.getValues(), basis: from }, to)
    form.setValues(next.typed)
    form.resetDirty(next.basis)
    setBasis(next.basis)
  }
  const key = JSON.stringify(row)
  const shown = useRef(key)
  useEffect(() => {
    if (shown.current === key) return
    shown.current = key
    rebase(basis, row)
  })
  return { basis, saved: rebase }
}
