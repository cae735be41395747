import { Trans } from '@lingui/react/macro'
import { i18n } from '@lingui/core'
import { plural, t } from '@lingui/core/macro'
import { Kbd, Text, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight, useSpotlight } from '@mantine/spotlight'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { explainError } from '../api/explain-error.ts'
import { SETTINGS_PLACES } from '../features/settings/settings-places.ts'
import type { ActionId } from '../keys/actions.ts'
import { shownKeys } from '../keys/bindings.ts'
import { keyText } from '../keys/key-text.ts'
import { actionGroups, foundGroups, type PaletteGroup, type PaletteItem } from '../keys/palette-items.ts'
import { recentActions, rememberAction } from '../keys/recent-actions.ts'
import { windowKind } from '../keys/taken-keys.ts'
import { offeredActions, useActions, useBindings } from '../keys/use-actions.ts'
import { useRights, useSession } from '../session/session-context.ts'
import { useViewState } from '../view/view-state.ts'
import { usePaletteSearch } from './palette-search.ts'

const [store, spotlight] = createSpotlight()

/** A pause in typing after which calls and prospects are searched, ms. */
const PAUSE = 120

/** Finds actions, sections, settings, prospects and calls by their names. */
export function Palette() {
  const { opened, query } = useSpotlight(store)
  const before = useRef<Element | null>(null)
  const isChosen = useRef(false)
  // The store outlives the session: the next person must not see the text.
  useEffect(() => () => store.updateState((state) => ({ ...state, opened: false, query: '', selected: -1 })), [])

  function open() {
    before.current = document.activeElement
    isChosen.current = false
    spotlight.open()
  }
  function returnFocus() {
    const { current } = before
    if (current instanceof HTMLElement || current instanceof SVGElement) current.focus({ preventScroll: true })
  }
  useActions({ 'app.palette': opened ? spotlight.close : open })
  /** The dialog is closed, and the focus is back, before the action runs: the action may move the focus, and the next key belongs to it. */
  function choose(perform: () => void) {
    isChosen.current = true
    flushSync(spotlight.close)
    returnFocus()
    perform()
  }
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      scrollable
      maxHeight={480}
      closeOnActionTrigger={false}
      returnFocus={false}
      onSpotlightClose={() => isChosen.current || returnFocus()}
      attributes={{ content: { 'aria-label': t`Palette` } }}
    >
      <Content typed={query} choose={choose} />
    </Spotlight.Root>
  )
}

/** Lines for the actions that are possible when the palette opens, and for the settings. */
function useKnownGroups(): readonly PaletteGroup[] {
  const rights = useRights()
  const navigate = useNavigate()
  const { undoSteps, redoSteps, showSetting } = useViewState()
  const describe = (id: ActionId) =>
    id === 'edit.undo' ? undoSteps.at(-1)?.label : id === 'edit.redo' ? redoSteps.at(-1)?.label : undefined
  const isAllowed = ({ needs }: (typeof SETTINGS_PLACES)[number]) => needs === undefined || rights.reach(needs) !== 'none'
  const settings = SETTINGS_PLACES.filter(isAllowed).map(({ label, selector }) => ({
    id: `setting:${selector}`,
    label: i18n.t(label),
    isRemembered: true,
    perform: () => {
      showSetting(selector)
      void navigate({ to: '/settings' })
    },
  }))
  const [handlers] = useState(offeredActions)
  const possible = {
    ...handlers,
    'edit.undo': undoSteps.length > 0 ? handlers['edit.undo'] : undefined,
    'edit.redo': redoSteps.length > 0 ? handlers['edit.redo'] : undefined,
  }
  return [...actionGroups(possible, describe), { label: t`Settings`, items: settings }]
}

type Props = { readonly typed: string; choose: (perform: () => void) => void }

function Content({ typed, choose }: Props) {
  const { user } = useSession()
  const bindings = useBindings()
  const { selected } = useSpotlight(store)
  const listId = useId()
  const [searched] = useDebouncedValue(typed, PAUSE)
  const [recent] = useState(() => recentActions(user.id))
  const known = foundGroups(useKnownGroups(), typed, recent)
  const search = usePaletteSearch(typed.trim() === '' ? '' : searched)
  const isPending = search.isSearching || (typed.trim() !== '' && typed !== searched)
  // Results of an earlier text do not fit the typed one.
  const groups = typed === searched ? [...known, ...search.groups] : known
  const items = groups.flatMap((group) => group.items)
  const list = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  // Runs before the browser handles the next key. The dialog itself moves the focus later.
  useLayoutEffect(() => field.current?.focus(), [])

  // The library marks the selected line in the page and stores its number. Results that arrive later move lines. It gives lines no ids.
  useLayoutEffect(() => {
    const lines = [...(list.current?.querySelectorAll('[data-action]') ?? [])]
    for (const [at, line] of lines.entries()) line.id = `${listId}-${at}`
    const marked = lines.findIndex((line) => line.hasAttribute('data-selected'))
    const next = lines.length === 0 ? -1 : Math.max(0, marked)
    lines[next]?.setAttribute('data-selected', 'true')
    if (store.getState().selected !== next) store.setState({ ...store.getState(), selected: next })
  })

  function perform(item: PaletteItem) {
    if (item.isRemembered) rememberAction(user.id, item.id)
    choose(item.perform)
  }
  // Enter before the results arrive opens the first of them.
  const awaited = useRef<string | null>(null)
  useLayoutEffect(() => {
    const [first] = items
    if (awaited.current === null || isPending) return
    const isSame = awaited.current === typed
    awaited.current = null
    // After the render: the action closes the dialog at once.
    if (isSame && first !== undefined) queueMicrotask(() => perform(first))
  })
  function onKeyDown({ key }: KeyboardEvent) {
    awaited.current = key === 'Enter' && items.length === 0 && isPending ? typed : null
    // An arrow key changes the store without a render, so a screen reader would not announce the line. This runs after the library's handler.
    if (key.startsWith('Arrow')) queueMicrotask(() => store.setState({ ...store.getState() }))
  }
  const failure = search.error === null ? '' : explainError(search.error).title
  let index = -1
  return (
    <>
      <Spotlight.Search
        ref={field}
        placeholder={t`Find an action, a call or a prospect`}
        aria-label={t`Find an action, a call or a prospect`}
        onKeyDown={onKeyDown}
        size="md"
        maxLength={200}
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={items.length > 0 && selected >= 0 ? `${listId}-${selected}` : undefined}
      />
      <VisuallyHidden role="status" aria-label={t`Results`}>
        {isPending ? t`Searching…` : plural(items.length, { one: '# result', other: '# results' })}
      </VisuallyHidden>
      <div ref={list}>
        <Spotlight.ActionsList id={listId} role="listbox" aria-label={t`Results`}>
          {groups.map((group) => (
            <Spotlight.ActionsGroup key={group.label} label={group.label} role="group" aria-label={group.label}>
              {group.items.map((item) => {
                index++
                const keys = item.action === undefined ? [] : shownKeys(bindings[item.action], windowKind(window.location))
                return (
                  <Spotlight.Action
                    key={item.id}
                    role="option"
                    aria-selected={index === selected}
                    label={item.label}
                    {...(item.description !== undefined && { description: item.description })}
                    rightSection={keys[0] !== undefined && <Kbd>{keyText(keys[0])}</Kbd>}
                    onClick={() => perform(item)}
                  />
                )
              })}
            </Spotlight.ActionsGroup>
          ))}
        </Spotlight.ActionsList>
      </div>
      {items.length === 0 && (
        <Spotlight.Empty>
          {isPending ? t`Searching…` : t`Nothing found. Try other words, or part of a name or number.`}
        </Spotlight.Empty>
      )}
      {search.error !== null && (
        <Text c="red" role="alert" p="sm">
          <Trans>Calls and prospects could not be searched: {failure}</Trans>
        </Text>
      )}
    </>
  )
}
