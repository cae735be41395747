import type { Permission } from '../../core/roles.ts'
import { OUTCOME_LABELS, STATUS_LABELS } from '../../core/model/call-labels.ts'

/** Where the keys of an action work. Keys that work everywhere also work in the other scopes. */
export type Scope = 'everywhere' | 'list' | 'form' | 'figures' | 'today'

/** The groups of actions, in the order of the overlay and the settings. */
export const GROUPS = {
  everywhere: { label: 'Everywhere', scope: 'everywhere' },
  sections: { label: 'Open a section', scope: 'everywhere' },
  list: { label: 'In the list of calls', scope: 'list' },
  form: { label: 'In the form of a call', scope: 'form' },
  today: { label: 'On Today', scope: 'today' },
  figures: { label: 'In the figures, tables and charts of the dashboard', scope: 'figures' },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly scope: Scope }>>
export type GroupId = keyof typeof GROUPS
export const GROUP_IDS = Object.keys(GROUPS) as readonly GroupId[]

export type KeyAction = {
  readonly label: string
  /** Shown after the label in the overlay. */
  readonly note?: string
  readonly group: GroupId
  /**
   * The default keys, as named by `keyName` of `ui/use-keys.ts`. An action may have none. A browser tab does not get every key; see
   * `taken-keys.ts`. The overlay shows only keys that work.
   */
  readonly keys: readonly string[]
  /** People cannot change these keys, because a grid, a list or a field handles them. */
  readonly fixed?: true
  /** People whose reach of this permission is `none` do not see the action. */
  readonly needs?: Permission
}

/** Every action of the window with its keys. It is the only table that the overlay, the settings, the palette and the handlers read. */
export const ACTIONS = {
  'call.new': { group: 'everywhere', label: 'New call', keys: ['n', 'alt+n', 'ctrl+n'], needs: 'calls.create' },
  'app.palette': { group: 'everywhere', label: 'Find an action, a call or a prospect', keys: ['ctrl+k'] },
  'edit.undo': { group: 'everywhere', label: 'Undo the last change', keys: ['ctrl+z'] },
  'edit.redo': { group: 'everywhere', label: 'Redo the last undone change', keys: ['ctrl+shift+z', 'ctrl+y'] },
  'panel.close': {
    group: 'everywhere',
    label: 'Close the panel, or return to its list of calls',
    note: 'what you typed is kept',
    keys: ['Escape'],
    fixed: true,
  },
  'app.back': {
    group: 'everywhere',
    label: 'Back',
    note: 'for example from a prospect to the call',
    keys: ['alt+ArrowLeft'],
    fixed: true,
  },
  'app.keys': { group: 'everywhere', label: 'Show the keyboard shortcuts', keys: ['?'] },
  'app.lock': { group: 'everywhere', label: 'Lock', keys: ['ctrl+shift+l'] },
  'app.password': { group: 'everywhere', label: 'Change password', keys: [] },
  'app.sign_out': { group: 'everywhere', label: 'Sign out', keys: [] },

  'go.today': { group: 'sections', label: 'Today', keys: ['g t'], needs: 'calls.read' },
  'go.dashboard': { group: 'sections', label: 'Dashboard', keys: ['g d'], needs: 'reports.read' },
  'go.calls': { group: 'sections', label: 'Calls', keys: ['g c'], needs: 'calls.read' },
  'go.import': { group: 'sections', label: 'Import', keys: ['g i'], needs: 'import.run' },
  'go.users': { group: 'sections', label: 'Users', keys: ['g u'], needs: 'users.read' },
  'go.loss_reasons': { group: 'sections', label: 'Loss reasons', keys: ['g l'], needs: 'loss_reasons.read' },
  'go.audit': { group: 'sections', label: 'Audit trail', keys: ['g a'], needs: 'audit.read' },
  'go.settings': { group: 'sections', label: 'Settings', keys: ['g s'], needs: 'settings.read' },

  'list.search': {
    group: 'list',
    label: 'Search',
    note: 'Enter or ↓ goes to the results, Esc back to the list',
    keys: ['/'],
    needs: 'calls.read',
  },
  'list.move': { group: 'list', label: 'One row up or down', keys: ['ArrowUp', 'ArrowDown'], fixed: true, needs: 'calls.read' },
  'list.page': { group: 'list', label: 'One page up or down', keys: ['PageUp', 'PageDown'], fixed: true, needs: 'calls.read' },
  'list.ends': { group: 'list', label: 'First or last row', keys: ['Home', 'End'], fixed: true, needs: 'calls.read' },
  'list.open': { group: 'list', label: 'Open the call', keys: ['Enter'], fixed: true, needs: 'calls.read' },
  'call.edit': { group: 'list', label: 'Edit the call', note: 'also while it is open', keys: ['e'], needs: 'calls.edit' },
  'call.prospect': {
    group: 'list',
    label: 'Show all calls with the prospect',
    note: 'also while a call is open',
    keys: ['p'],
    needs: 'calls.read',
  },
  'call.delete': {
    group: 'list',
    label: 'Delete the call, or the selected calls',
    note: 'can be undone',
    keys: ['Delete'],
    needs: 'calls.delete',
  },
  'list.extend': {
    group: 'list',
    label: 'Extend the selection',
    note: 'also with Home, End or a click',
    keys: ['shift+ArrowUp', 'shift+ArrowDown'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.toggle': {
    group: 'list',
    label: 'Select or deselect one call',
    note: 'Ctrl with ↑ or ↓ moves without selecting',
    keys: [' ', 'ctrl+Click'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.select_all': {
    group: 'list',
    label: 'Select all calls that match the filters',
    note: 'Tab goes to the actions',
    keys: ['ctrl+a'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.clear': { group: 'list', label: 'Clear the selection', keys: ['Escape'], fixed: true, needs: 'calls.read' },
  'list.reset': { group: 'list', label: 'Reset filters', keys: [], needs: 'calls.read' },

  'form.won': { group: 'form', label: OUTCOME_LABELS.won, keys: ['alt+1', 'ctrl+1'], needs: 'calls.edit' },
  'form.lost': { group: 'form', label: OUTCOME_LABELS.lost, keys: ['alt+2', 'ctrl+2'], needs: 'calls.edit' },
  'form.undecided': { group: 'form', label: OUTCOME_LABELS.undecided, keys: ['alt+3', 'ctrl+3'], needs: 'calls.edit' },
  'form.no_show': { group: 'form', label: STATUS_LABELS.no_show, keys: ['alt+4', 'ctrl+4'], needs: 'calls.edit' },
  'form.rescheduled': { group: 'form', label: STATUS_LABELS.rescheduled, keys: ['alt+5', 'ctrl+5'], needs: 'calls.edit' },
  'form.cancelled': { group: 'form', label: STATUS_LABELS.cancelled, keys: ['alt+6', 'ctrl+6'], needs: 'calls.edit' },
  'form.timer': { group: 'form', label: 'Start or stop the timer', keys: ['alt+t', 'ctrl+t'], needs: 'calls.create' },
  'form.settle': {
    group: 'form',
    label: 'Log this as the scheduled call, or as a separate one',
    keys: ['alt+s'],
    needs: 'calls.create',
  },
  'form.aside': { group: 'form', label: 'Put the call aside and start another', keys: ['alt+p'], needs: 'calls.create' },
  'form.continue': { group: 'form', label: 'Continue the next unfinished call', keys: ['alt+o'], needs: 'calls.create' },
  'form.save': { group: 'form', label: 'Save', keys: ['ctrl+Enter'], needs: 'calls.edit' },

  'today.move': {
    group: 'today',
    label: 'One row up or down',
    note: 'also moves into the list',
    keys: ['ArrowUp', 'ArrowDown', 'j', 'k'],
    fixed: true,
    needs: 'calls.read',
  },
  'today.open': { group: 'today', label: 'Open the call', keys: ['Enter'], fixed: true, needs: 'calls.read' },
  'today.call': {
    group: 'today',
    label: 'Dial the number and open the form that logs the call',
    keys: ['c'],
    needs: 'calls.edit',
  },
  'today.later': {
    group: 'today',
    label: 'Move the call by that many days, or schedule one with the prospect',
    keys: ['1', '3', '7'],
    fixed: true,
    needs: 'calls.edit',
  },

  'figures.move': {
    group: 'figures',
    label: 'Move between numbers, cells, bars or hours',
    note: 'Tab goes to the next figure, table or chart',
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    fixed: true,
    needs: 'reports.read',
  },
  'figures.ends': {
    group: 'figures',
    label: 'Start or end of the row',
    note: 'with Ctrl, start or end of the table',
    keys: ['Home', 'End'],
    fixed: true,
    needs: 'reports.read',
  },
  'figures.page': {
    group: 'figures',
    label: 'Ten rows up or down',
    keys: ['PageUp', 'PageDown'],
    fixed: true,
    needs: 'reports.read',
  },
  'figures.open': {
    group: 'figures',
    label: 'Open the calls, or sort by the column',
    keys: ['Enter'],
    fixed: true,
    needs: 'reports.read',
  },
} as const satisfies Readonly<Record<string, KeyAction>>

export type ActionId = keyof typeof ACTIONS
export const ACTION_IDS = Object.keys(ACTIONS) as readonly ActionId[]

export const actionOf = (id: ActionId): KeyAction => ACTIONS[id]
export const scopeOf = (id: ActionId): Scope => GROUPS[actionOf(id).group].scope
export const isFixed = (id: ActionId): boolean => actionOf(id).fixed === true
