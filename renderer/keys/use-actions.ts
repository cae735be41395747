import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../api/api-context.ts'
import { endsPair, keyName, useKeys, type KeyMap } from '../ui/use-keys.ts'
import { ACTION_IDS, type ActionId } from './actions.ts'
import { bindingsOf, shownKeys, type Bindings, type OwnKeys } from './bindings.ts'
import { keyText } from './key-text.ts'
import { windowKind } from './taken-keys.ts'

/** The functions that perform the actions. An absent or undefined action is not possible now. */
export type ActionHandlers = { readonly [Id in ActionId]?: (() => void) | undefined }

const NO_OWN_KEYS: OwnKeys = {}

function usePreferences() {
  const { query } = useApi()
  return useQuery(query.preferences.get.queryOptions())
}

/** Returns whether the person's own keys are known. Until then, a default key could do something that the person does not expect. */
export function useKeysReady(): boolean {
  return !usePreferences().isPending
}

/** Returns the person's own keys. If they cannot be read, the default keys work. */
export function useOwnKeys(): OwnKeys {
  return usePreferences().data?.keys ?? NO_OWN_KEYS
}

/** Bindings by own keys, which change rarely and are read by many components. */
const known = new WeakMap<OwnKeys, Bindings>()

export function useBindings(): Bindings {
  const own = useOwnKeys()
  const bindings = known.get(own) ?? bindingsOf(own)
  known.set(own, bindings)
  return bindings
}

/** Returns the text of the first key of an action in this window, such as `N`; undefined if it has none. */
export function useKeyText(id: ActionId): string | undefined {
  const [key] = shownKeys(useBindings()[id], windowKind(window.location))
  return key === undefined ? undefined : keyText(key)
}

/**
 * Returns a function that finds which of `ids` has the pressed key, for grids, which handle keys themselves. The second key of a pair
 * matches no action.
 */
export function useActionOfKey<Id extends ActionId>(
  ids: readonly Id[],
): (event: Parameters<typeof endsPair>[0]) => Id | undefined {
  const bindings = useBindings()
  return (event) => {
    if (endsPair(event)) return undefined
    const name = keyName(event)
    return ids.find((id) => bindings[id].includes(name))
  }
}

/** The handlers of all mounted components, the last mounted one last. */
const offered = new Set<{ readonly current: ActionHandlers }>()

/** Returns the actions that are possible now. Of several components that offer an action, the one that was mounted last performs it. */
export function offeredActions(): ActionHandlers {
  const all: { [Id in ActionId]?: () => void } = {}
  for (const { current } of offered)
    for (const id of ACTION_IDS) {
      const perform = current[id]
      if (perform !== undefined) all[id] = perform
    }
  return all
}

/** Offers actions in the palette while the component is mounted. Their keys are handled elsewhere, for example by a grid. */
export function useOfferedActions(handlers: ActionHandlers): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    const own = latest
    offered.add(own)
    return () => void offered.delete(own)
  }, [])
}

const NOTHING: ActionHandlers = {}

/** Handles the keys of actions while the component is mounted, and offers the actions in the palette. */
export function useActions(handlers: ActionHandlers, enabled = true): void {
  const bindings = useBindings()
  const keys: Record<string, KeyMap[string]> = {}
  for (const id of ACTION_IDS) {
    const perform = handlers[id]
    if (perform !== undefined) for (const key of bindings[id]) keys[key] = perform
  }
  useKeys(keys, enabled)
  useOfferedActions(enabled ? handlers : NOTHING)
}
