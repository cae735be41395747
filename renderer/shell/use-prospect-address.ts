import { useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { isId } from '../../core/id.ts'
import { useActions } from '../keys/use-actions.ts'
import { useViewState } from '../view/view-state.ts'
import type { Panel } from '../view/view-state.ts'

/** The name of the prospect's card in the address. Its value is the id of a call, because a name or a number must not be in an address. */
export const PROSPECT_IN_ADDRESS = 'prospect'

const addressedIn = (search: object): string | null => {
  const id: unknown = (search as Readonly<Record<string, unknown>>)[PROSPECT_IN_ADDRESS]
  return typeof id === 'string' && isId(id) ? id : null
}

/** Panels to which the back button returns from a card. */
const RETURNED: ReadonlySet<Panel['kind']> = new Set(['call', 'new-call', 'edit-call'])

/**
 * Keeps the card of a prospect in the address, so that the back button closes it and returns to the panel that it covered, and a reload
 * shows it again.
 */
export function useProspectAddress(): void {
  const location = useLocation()
  const addressed = addressedIn(location.search)
  const { __TSR_index: step } = location.state
  const navigate = useNavigate()
  const router = useRouter()
  /** The panel that each card covered when the person opened it, by the card's step in the window's history. */
  const covered = useRef(new Map<number, Panel | null>())
  /** The step of the card that was shown last. */
  const cardStep = useRef(step)
  // The desktop window has no back button. In a field the keys move the caret.
  useActions({ 'app.back': () => router.history.back() })

  useEffect(() => {
    const { panel, openPanel, closePanel } = useViewState.getState()
    const shown = panel?.kind === 'prospect' ? panel.id : null
    const below = covered.current.get(cardStep.current) ?? null
    if (addressed !== null) cardStep.current = step
    if (addressed !== null && addressed !== shown) openPanel({ kind: 'prospect', id: addressed, focus: true })
    else if (addressed === null && shown !== null) {
      if (below === null) closePanel()
      else openPanel(below)
    }
  }, [addressed, step])

  useEffect(
    () =>
      useViewState.subscribe(({ panel }, { panel: before }) => {
        if (panel === before) return
        const { search: shownSearch, state } = router.state.location
        const { __TSR_index: shownStep } = state
        const now = addressedIn(shownSearch)
        const to = (id: string | undefined, replace: boolean) =>
          void navigate({ to: '.', search: (search) => ({ ...search, [PROSPECT_IN_ADDRESS]: id }), replace })
        if (panel?.kind === 'prospect') {
          // A card that the address shows again still covers the panel from which it was opened.
          if (panel.id === now) return
          covered.current.set(shownStep + 1, before !== null && RETURNED.has(before.kind) ? before : null)
          to(panel.id, false)
        } else if (before?.kind === 'prospect' && now !== null) {
          // A closed card leaves the address; a panel that covers it is a step from which the back button returns to it.
          to(undefined, panel === null)
        }
      }),
    [navigate, router],
  )
}
