import type { StoredDraft } from './unsent-drafts.ts'

export type RestoredDraft<Values> = { readonly values: Values; readonly updatedAt: number | null }

/** Returns the values of a stored draft; null if it is not a draft. A field that the version of the draft lacks takes its default. */
export function valuesFromDraft<Values extends Readonly<Record<string, string>>>(
  draft: unknown,
  defaults: Values,
): Values | null {
  if (typeof draft !== 'object' || draft === null) return null
  const values: Record<string, string> = { ...defaults }
  for (const [key, value] of Object.entries(draft)) if (key in defaults && typeof value === 'string') values[key] = value
  return values as Values
}

/** Returns what a form restores from `stored`; undefined while the draft is being read, null if there is none. */
export function restoredDraft<Values extends Readonly<Record<string, string>>>(
  stored: StoredDraft | null | undefined,
  pristine: Values,
): RestoredDraft<Values> | null | undefined {
  if (stored === undefined || stored === null) return stored
  const values = valuesFromDraft(stored.value, pristine)
  return values === null ? null : { values, updatedAt: stored.updatedAt }
}
