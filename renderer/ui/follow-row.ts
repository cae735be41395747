import type { useForm } from '@mantine/form'
import { useEffect, useRef, useState } from 'react'

type Edited<Values> = { readonly typed: Values; readonly basis: Values }

/** Compares the values of a field, which may be objects. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Returns the values of a form after its row changed. A field that the person has not changed takes the new value. A changed field keeps
 * what was typed, and its basis: the value that the person saw before they changed it. The members of an object are fields of their own; an
 * array is one field.
 */
export function rebased<Values extends object>({ typed, basis }: Edited<Values>, row: Values): Edited<Values> {
  const next = (Object.keys(row) as (keyof Values)[]).map((field): readonly [keyof Values, Edited<unknown>] => {
    const [mine, from, now] = [typed[field], basis[field], row[field]]
    if (isGroup(mine) && isGroup(from) && isGroup(now)) return [field, rebased({ typed: mine, basis: from }, now)]
    const isKept = !isSame(mine, from) && !isSame(mine, now)
    return [field, isKept ? { typed: mine, basis: from } : { typed: now, basis: now }]
  })
  const all = (side: keyof Edited<unknown>) => Object.fromEntries(next.map(([field, value]) => [field, value[side]])) as Values
  return { typed: all('typed'), basis: all('basis') }
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
