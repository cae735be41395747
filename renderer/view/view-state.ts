import { create } from 'zustand'
import type { BulkReport } from '../../core/contract/bulk.ts'
import type { CallFilter } from '../../core/contract/calls.ts'
import type { CallId, LossReasonId, OpId, UserId } from '../../core/id.ts'
import type { AuditEntry } from '../../core/model/audit.ts'
import type { Call, CallFields } from '../../core/model/call.ts'
import { EXACT } from '../format/period-choice.ts'
import type { SearchText } from './search-text.ts'

/** A list of calls, for example those that a figure counts, with their description as `title`. */
export type CallsPanel = { readonly kind: 'calls'; readonly title: string; readonly filter: CallFilter }

/** A call that a person starts with a known prospect. */
export type StartedCall = {
  /** One of the prospect's calls. It identifies the draft. */
  readonly of: CallId
  readonly prospect: Pick<CallFields, 'prospectName' | 'prospectPhone' | 'prospectEmail'>
  /** The scheduled call that becomes the finished call; null: none. */
  readonly settles: Call | null
  /** The call is scheduled, not logged. */
  readonly isPlanned?: boolean
}

/** The content of the panel on the right. `focus`: the panel gets the focus when it opens. */
export type Panel =
  | CallsPanel
  | { readonly kind: 'call'; readonly id: CallId; readonly focus: boolean }
  /** The card of the prospect of a call. */
  | { readonly kind: 'prospect'; readonly id: CallId; readonly focus: boolean }
  | { readonly kind: 'new-call'; readonly start?: StartedCall }
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

/**
 * A change that can be undone, and redone if it has `redo`. Both reject if the record was changed in the meantime.
 * @see announceUndoable
 */
export type UndoStep = {
  /** What was done, such as `Call with Jo Smith logged`. */
  readonly label: string
  readonly undo: () => Promise<unknown>
  readonly redo: (() => Promise<unknown>) | undefined
}

type ViewState = {
  readonly screen: string
  /** The filters that each section was left with. */
  readonly searches: Readonly<Record<string, SearchText>>
  readonly panel: Panel | null
  /** The list of calls under the panel: `closePanel` returns to it. */
  readonly callsBelow: CallsPanel | null
  readonly keysShown: boolean
  /** The selector of a setting that the settings page is to show; null: none. */
  readonly settingToShow: string | null
  /** The changes of this session that can be undone, the last one last. */
  readonly undoSteps: readonly UndoStep[]
  /** The undone changes, the one that was undone last at the end. A new change empties the list. */
  readonly redoSteps: readonly UndoStep[]
  /** Opens a panel. The panel of a call covers the list of calls from which it was opened. */
  openPanel: (panel: Panel) => void
  /** Closes the panel, or returns to the list of calls under it. */
  closePanel: () => void
  closeAllPanels: () => void
  /** Closes the list of calls. A panel above it stays. */
  closeCalls: () => void
  /** Moves the end of the shown list's period from one instant to another, because its figure was computed again. */
  moveCallsEnd: (from: number, to: number) => void
  /** Closes the panel when another screen is shown, except panels of calls: the others belong to the screen that opened them. */
  enterScreen: (path: string) => void
  /** Stores the filters of a section. A period that is chosen for the calls is stored for the dashboard too. */
  leaveSearch: (path: string, search: SearchText) => void
  showKeys: (shown: boolean) => void
  showSetting: (selector: string | null) => void
  pushUndo: (step: UndoStep) => void
  dropUndo: (step: UndoStep) => void
  /** Moves an undone step to the steps that can be redone. */
  moveToRedo: (step: UndoStep) => void
  /** Moves a redone step back to the steps that can be undone. */
  moveToUndo: (step: UndoStep) => void
  reset: () => void
}

const UNDO_DEPTH = 50
const without = (steps: readonly UndoStep[], step: UndoStep) => steps.filter((other) => other !== step)
const STAYING: ReadonlySet<Panel['kind']> = new Set(['new-call', 'edit-call', 'correct-call', 'call', 'prospect'])

/** Returns whether the dashboard can show a period of the calls list. The exact period of a figure is left out, because no person chose it. */
const isOfReports = (period: string) => period !== 'any' && period !== 'upcoming' && !period.startsWith(EXACT)

/** Returns the list of calls that is shown, or that the panel covers. */
export function shownCalls({ panel, callsBelow }: Pick<ViewState, 'panel' | 'callsBelow'>): CallsPanel | null {
  return panel?.kind === 'calls' ? panel : callsBelow
}

function withEnd(calls: CallsPanel, from: number, to: number): CallsPanel {
  return calls.filter.to === from ? { ...calls, filter: { ...calls.filter, to } } : calls
}

/** State of the view. It is in memory only, because filters may hold a prospect's name and the next person may belong to another client. */
export const useViewState = create<ViewState>((set) => ({
  screen: '',
  searches: {},
  panel: null,
  callsBelow: null,
  keysShown: false,
  settingToShow: null,
  undoSteps: [],
  redoSteps: [],
  openPanel: (panel) => set((state) => ({ panel, callsBelow: STAYING.has(panel.kind) ? shownCalls(state) : null })),
  closePanel: () => set(({ callsBelow }) => ({ panel: callsBelow, callsBelow: null })),
  closeAllPanels: () => set({ panel: null, callsBelow: null }),
  closeCalls: () => set(({ panel }) => ({ panel: panel?.kind === 'calls' ? null : panel, callsBelow: null })),
  moveCallsEnd: (from, to) =>
    set(({ panel, callsBelow }) => ({
      panel: panel?.kind === 'calls' ? withEnd(panel, from, to) : panel,
      callsBelow: callsBelow && withEnd(callsBelow, from, to),
    })),
  enterScreen: (path) =>
    set(({ screen, panel, callsBelow }) => ({
      screen: path,
      panel: screen === path || panel === null || STAYING.has(panel.kind) ? panel : null,
      callsBelow: screen === path ? callsBelow : null,
    })),
  leaveSearch: (path, search) =>
    set(({ searches }) => {
      const next = { ...searches, [path]: search }
      const { period } = search
      if (path !== '/calls' || period === undefined || !isOfReports(period)) return { searches: next }
      return { searches: { ...next, '/': { ...searches['/'], period } } }
    }),
  showKeys: (keysShown) => set({ keysShown }),
  showSetting: (settingToShow) => set({ settingToShow }),
  pushUndo: (step) => set(({ undoSteps }) => ({ undoSteps: [...undoSteps, step].slice(-UNDO_DEPTH), redoSteps: [] })),
  dropUndo: (step) =>
    set(({ undoSteps, redoSteps }) => ({ undoSteps: without(undoSteps, step), redoSteps: without(redoSteps, step) })),
  moveToRedo: (step) =>
    set(({ undoSteps, redoSteps }) => ({ undoSteps: without(undoSteps, step), redoSteps: [...redoSteps, step] })),
  moveToUndo: (step) =>
    set(({ undoSteps, redoSteps }) => ({ undoSteps: [...undoSteps, step], redoSteps: without(redoSteps, step) })),
  reset: () => set({ panel: null, callsBelow: null, keysShown: false, undoSteps: [], redoSteps: [], searches: {} }),
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
