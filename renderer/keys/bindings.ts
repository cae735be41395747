import { ACTION_IDS, actionOf, isFixed, scopeOf, type ActionId } from './actions.ts'
import { isDoubtful, takenBy, type WindowKind } from './taken-keys.ts'

/** The keys of every action. */
export type Bindings = Readonly<Record<ActionId, readonly string[]>>

/** The person's own keys by action. It may contain actions of another release. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>

/** A change of own keys for `preferences.set`: null restores the default keys. */
export type KeysPatch = { [Id in ActionId]?: string[] | null }

/** Returns whether the keys of two actions can be pressed in the same place. The form of a call is next to the list. */
function overlap(one: ActionId, other: ActionId): boolean {
  // A widget that has the focus handles its fixed keys before the window does.
  if (isFixed(one) && isFixed(other)) return false
  const [a, b] = [scopeOf(one), scopeOf(other)]
  if (a === b || a === 'everywhere' || b === 'everywhere') return true
  // The dashboard and Today are screens of their own. The form can be open next to Today.
  const places = new Set([a, b])
  return !places.has('figures') && !(places.has('today') && places.has('list'))
}

/** Returns whether two keys cannot both be used: they are equal, or one is the first key of the other. */
function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `)
}

const strength = (id: ActionId, own: OwnKeys) => (isFixed(id) ? 2 : Object.hasOwn(own, id) ? 1 : 0)

/**
 * Returns the keys of every action. Two devices of a person may have given one key to two actions. The key then belongs to a fixed action
 * before an own key, to an own key before a default one, and otherwise to the first action of the table. The other action loses only
 * this key.
 */
export function bindingsOf(own: OwnKeys): Bindings {
  const chosen = new Map<ActionId, readonly string[]>()
  const ranked = ACTION_IDS.toSorted((a, b) => strength(b, own) - strength(a, own))
  for (const id of ranked) {
    const wanted = isFixed(id) ? actionOf(id).keys : (own[id] ?? actionOf(id).keys)
    const isFree = (key: string) =>
      ![...chosen].some(([other, keys]) => overlap(id, other) && keys.some((held) => clash(held, key)))
    chosen.set(
      id,
      wanted.filter((key, index) => wanted.indexOf(key) === index && isFree(key)),
    )
  }
  return Object.fromEntries(ACTION_IDS.map((id) => [id, chosen.get(id) ?? []])) as Record<ActionId, readonly string[]>
}

/** Returns the other actions that have a key, or a pair of keys that begins with it. */
export function holdersOf(key: string, id: ActionId, bindings: Bindings): readonly ActionId[] {
  return ACTION_IDS.filter((other) => other !== id && overlap(id, other) && bindings[other].some((held) => clash(held, key)))
}

/** Returns the keys that work in this kind of window, as they are shown. */
export function shownKeys(keys: readonly string[], kind: WindowKind): readonly string[] {
  const working = keys.filter((key) => takenBy(key, kind) === undefined)
  const sure = working.filter((key) => !isDoubtful(key, kind))
  return sure.length > 0 ? sure : working
}

const isDefault = (id: ActionId, keys: readonly string[]) =>
  keys.length === actionOf(id).keys.length && keys.every((key, index) => actionOf(id).keys[index] === key)

const patched = (id: ActionId, keys: readonly string[]): KeysPatch => ({ [id]: isDefault(id, keys) ? null : [...keys] })

/** Returns the own keys after a change. */
export function patchedKeys(own: OwnKeys, patch: KeysPatch): OwnKeys {
  const changed = Object.entries(patch).filter(([, keys]) => keys !== null) as [string, string[]][]
  return { ...Object.fromEntries(Object.entries(own).filter(([id]) => !(id in patch))), ...Object.fromEntries(changed) }
}

/** Extends a change so that the other actions lose `keys`. Keys of fixed actions stay. */
function taking(own: OwnKeys, patch: KeysPatch, id: ActionId, keys: readonly string[]): KeysPatch {
  const all = { ...patch }
  // Two devices may have given a key to two actions. If the first one loses it, the second one has it.
  for (;;) {
    const bindings = bindingsOf(patchedKeys(own, all))
    const found = keys.flatMap((key) =>
      holdersOf(key, id, bindings)
        .filter((other) => !isFixed(other))
        .map((other) => ({ key, other })),
    )
    if (found.length === 0) return all
    for (const { key, other } of found) {
      const left = (all[other] ?? bindings[other]).filter((held) => !clash(held, key))
      Object.assign(all, patched(other, left))
    }
  }
}

/** Replaces one key of an action, or adds one if `old` is null. Without `key`, the old one is removed. */
export function withKey(own: OwnKeys, id: ActionId, old: string | null, key: string | null): KeysPatch {
  const keys = bindingsOf(own)[id]
  const next = old === null ? [...keys, key] : keys.map((held) => (held === old ? key : held))
  return patched(id, [...new Set(next.filter((held) => held !== null))])
}

/** As `withKey`; the action that has the key gets the old one instead. If several actions have it, they only lose it. */
export function swapped(own: OwnKeys, id: ActionId, old: string | null, key: string): KeysPatch {
  const bindings = bindingsOf(own)
  const given = withKey(own, id, old, key)
  const [other, more] = holdersOf(key, id, bindings)
  if (other === undefined || more !== undefined || isFixed(other) || old === null) return taking(own, given, id, [key])
  const exchanged = bindings[other].map((held) => (clash(held, key) ? old : held))
  return taking(own, { ...given, ...patched(other, [...new Set(exchanged)]) }, id, [key])
}

/** Restores the default keys of an action. Actions that have one of them lose it. */
export function reset(own: OwnKeys, id: ActionId): KeysPatch {
  return taking(own, { [id]: null }, id, actionOf(id).keys)
}
