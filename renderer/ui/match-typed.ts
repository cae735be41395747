import { t } from '@lingui/core/macro'
export type Choice = { readonly value: string; readonly label: string }
type Match = { readonly kind: 'one'; readonly value: string } | { readonly kind: 'none'; readonly problem: string }

/** The number of values that an error message names. */
const NAMED = 3

/** Returns a text without accents, case and outer spaces, so that typing a finds Ä. */
export function foldText(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
}

/** Returns the choices whose label contains the text. */
export function listTyped(typed: string, choices: readonly Choice[]): Choice[] {
  const text = foldText(typed)
  return choices.filter(({ label }) => foldText(label).includes(text))
}

/** Returns the choices that a typed text may mean, the most likely first. */
export type FindChoices = (typed: string, choices: readonly Choice[]) => Choice[]

/** Returns the value that a typed text means: the one with that label, or the only one that is found by it. */
export function matchTyped(typed: string, choices: readonly Choice[], find: FindChoices = listTyped): Match {
  const text = foldText(typed)
  if (text === '') return { kind: 'none', problem: t`Choose one from the list.` }
  const exact = choices.filter(({ label }) => foldText(label) === text)
  const found = exact.length > 0 ? exact : find(typed, choices)
  const [only] = found
  if (only !== undefined && found.length === 1) return { kind: 'one', value: only.value }
  const shown = typed.trim()
  if (only === undefined) return { kind: 'none', problem: t`“${shown}” is not in the list. Choose one from the list.` }
  const names = [...found.slice(0, NAMED).map(({ label }) => label), ...(found.length > NAMED ? ['…'] : [])].join(', ')
  return { kind: 'none', problem: t`“${shown}” matches ${names}. Choose one.` }
}
