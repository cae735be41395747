import { i18n } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { foldText } from '../ui/match-typed.ts'
import { ACTION_IDS, actionOf, isFixed, keyActionLabel, scopeOf, type ActionId } from './actions.ts'
import type { ActionHandlers } from './use-actions.ts'

/** One line of the palette. `id` identifies the line; it is stored as recently used if `isRemembered`. */
export type PaletteItem = {
  readonly id: string
  readonly label: string
  readonly description?: string | undefined
  readonly action?: ActionId
  /** Names of calls and prospects are not stored. */
  readonly isRemembered: boolean
  perform: () => void
}

export type PaletteGroup = { readonly label: string; readonly items: readonly PaletteItem[] }

/** Most recently used lines that are shown before something is typed. */
const RECENT = 5
/** Most lines that are remembered. */
const REMEMBERED = 20

/** The palette itself, and actions whose keys a grid or a field handles. */
const isListed = (id: ActionId) => !isFixed(id) && id !== 'app.palette'

/** The groups of the palette, in their order. */
const PLACES = { screen: msg`On this screen`, everywhere: msg`Everywhere`, sections: msg`Sections` }
type Place = keyof typeof PLACES

function placeOf(id: ActionId): Place {
  if (actionOf(id).group === 'sections') return 'sections'
  return scopeOf(id) === 'everywhere' ? 'everywhere' : 'screen'
}

/** Returns lines for the possible actions, in groups: those of the screen first. */
export function actionGroups(handlers: ActionHandlers, describe: (id: ActionId) => string | undefined): PaletteGroup[] {
  const items = ACTION_IDS.flatMap((id) => {
    const perform = handlers[id]
    if (perform === undefined || !isListed(id)) return []
    const item = { id, label: keyActionLabel(id), description: describe(id), action: id, isRemembered: true, perform }
    return [{ place: placeOf(id), item }]
  })
  return (Object.keys(PLACES) as Place[]).map((place) => ({
    label: i18n.t(PLACES[place]),
    items: items.filter((each) => each.place === place).map(({ item }) => item),
  }))
}

/** Returns whether every typed word is the beginning of a word of the text. */
function matches(typed: string, text: string): boolean {
  const words = foldText(text).split(/[^\p{L}\p{N}]+/u)
  return foldText(typed)
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)))
}

/** Returns how well a label fits a text, the best first: 0 if it is equal, 1 if it begins with the text, else 2. */
function fit(typed: string, { label }: PaletteItem): number {
  const [text, name] = [foldText(typed), foldText(label)]
  return name === text ? 0 : name.startsWith(text) ? 1 : 2
}

function byRecency(recent: readonly string[]): (one: PaletteItem, other: PaletteItem) => number {
  const rank = ({ id }: PaletteItem) => (recent.includes(id) ? recent.indexOf(id) : recent.length)
  return (one, other) => rank(one) - rank(other)
}

/**
 * Returns the groups that a text finds, without empty ones. The group with the label that fits best is the first, so that Enter after
 * "calls" opens the calls and does not delete one. Then recently used lines come first; without a text they are a group of their own.
 */
export function foundGroups(groups: readonly PaletteGroup[], typed: string, recent: readonly string[]): PaletteGroup[] {
  const isAll = typed.trim() === ''
  const latest = isAll
    ? groups
        .flatMap(({ items }) => items)
        .filter(({ id }) => recent.includes(id))
        .toSorted(byRecency(recent))
        .slice(0, RECENT)
    : []
  const rest = groups.map(({ label, items }) => ({
    label,
    items: items
      .filter((item) => !latest.includes(item) && (isAll || matches(typed, `${item.label} ${item.description ?? ''}`)))
      .toSorted((one, other) => fit(typed, one) - fit(typed, other) || byRecency(recent)(one, other)),
  }))
  const best = ({ items }: PaletteGroup) => Math.min(...items.map((item) => fit(typed, item)))
  const found = [{ label: t`Recently used`, items: latest }, ...rest].filter(({ items }) => items.length > 0)
  return isAll ? found : found.toSorted((one, other) => best(one) - best(other))
}

/** Returns the recently used lines after a use of `id`, the last used one first. */
export function used(recent: readonly string[], id: string): readonly string[] {
  return [id, ...recent.filter((other) => other !== id)].slice(0, REMEMBERED)
}
