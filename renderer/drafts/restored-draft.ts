import type { StoredDraft } from './unsent-drafts.ts'

export type RestoredDraft<Values> = { readonly values: Values; readonly updatedAt: number | null }

/** Returns the texts of a stored draft. A draft of another version may have other values too. Null: it is not a draft. */
export function textsOfDraft(draft: unknown): Readonly<Record<string, string>> | null {
  if (typeof draft !== 'object' || draft === null || Array.isArray(draft)) return null
  return Object.fromEntries(Object.entries(draft).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** Returns the values of a stored draft; null if it is not a draft. A field that the version of the draft lacks takes its default. */
export function valuesFromDraft<Values extends Readonly<Record<string, string>>>(
  draft: unknown,
  defaults: Values,
): Values | null {
  const texts = textsOfDraft(draft)
  if (texts === null) return null
  const known = Object.entries(texts).filter(([key]) => Object.hasOwn(defaults, key))
  return { ...defaults, ...Object.fromEntries(known) }
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
