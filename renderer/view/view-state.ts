import { create } from 'zustand'
import type { BulkReport } from '../../core/contract/bulk.ts'
import type { CallId, LossReasonId, OpId, UserId } from '../../core/id.ts'
import type { AuditEntry } from '../../core/model/audit.ts'
import type { SearchText } from './search-text.ts'

/** The content of the panel at the right. `focus`: the panel gets the focus when it opens. */
export type Panel =
  | { readonly kind: 'call'; readonly id: CallId; readonly focus: boolean }
  | { readonly kind: 'new-call' }
  | { readonly kind: 'edit-call'; readonly id: CallId }
  | { readonly kind: 'correct-call'; readonly opId: OpId }
  | { readonly kind: 'new-user' }
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'new-loss-reason' }
  | { readonly kind: 'loss-reason'; readonly id: LossReasonId }
  | { readonly kind: 'audit-entry'; readonly entry: AuditEntry }
  | { readonly kind: 'password' }
  | { readonly kind: 'bulk'; readonly action: 'reassign' | 'tag' }
  | { readonly kind: 'bulk-report'; readonly report: BulkReport }

/** One step that can be undone. A text that `undo` returns describes what was restored. */
export type UndoStep = { readonly undo: () => Promise<unknown> }

type ViewState = {
  readonly screen: string
  /** The filters that each section was left with. */
  readonly searches: Readonly<Record<string, SearchText>>
  readonly panel: Panel | null
  readonly keysShown: boolean
  readonly undoSteps: readonly UndoStep[]
  openPanel: (panel: Panel) => void
  closePanel: () => void
  /** Closes the panel when another screen is shown, except panels of calls: the others belong to the screen that opened them. */
  enterScreen: (path: string) => void
  /** Stores the filters of a section. A period that is chosen for the calls is stored for the dashboard too. */
  leaveSearch: (path: string, search: SearchText) => void
  showKeys: (shown: boolean) => void
  pushUndo: (step: UndoStep) => void
  dropUndo: (step: UndoStep) => void
  reset: () => void
}

const UNDO_DEPTH = 50
const STAYING: ReadonlySet<Panel['kind']> = new Set(['new-call', 'edit-call', 'correct-call', 'call'])

/** Periods of the list of calls that a report cannot show. */
const NOT_OF_REPORTS: ReadonlySet<string> = new Set(['any', 'upcoming'])

/** State of the view. It is in memory only, because filters may hold a prospect's name and the next person may belong to another client. */
export const useViewState = create<ViewState>((set) => ({
  screen: '',
  searches: {},
  panel: null,
  keysShown: false,
  undoSteps: [],
  openPanel: (panel) => set({ panel }),
  closePanel: () => set({ panel: null }),
  enterScreen: (path) =>
    set(({ screen, panel }) => ({
      screen: path,
      panel: screen === path || panel === null || STAYING.has(panel.kind) ? panel : null,
    })),
  leaveSearch: (path, search) =>
    set(({ searches }) => {
      const next = { ...searches, [path]: search }
      const { period } = search
      if (path !== '/calls' || period === undefined || NOT_OF_REPORTS.has(period)) return { searches: next }
      return { searches: { ...next, '/': { ...searches['/'], period } } }
    }),
  showKeys: (keysShown) => set({ keysShown }),
  pushUndo: (step) => set(({ undoSteps }) => ({ undoSteps: [...undoSteps, step].slice(-UNDO_DEPTH) })),
  dropUndo: (step) => set(({ undoSteps }) => ({ undoSteps: undoSteps.filter((other) => other !== step) })),
  reset: () => set({ panel: null, keysShown: false, undoSteps: [], searches: {} }),
}))

/**
 * Returns a function that closes or replaces the panel after a long action. It does so only if the panel of the start is still shown,
 * because the person may have closed it or opened another one meanwhile.
 */
export function whileShown(): (leave: () => void) => void {
  const { panel } = useViewState.getState()
  return (leave) => {
    if (useViewState.getState().panel === panel) leave()
  }
}
