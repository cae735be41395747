import { i18n, type MessageDescriptor } from '@lingui/core'
import type { Permission } from '../../core/roles.ts'

// The end-to-end tests import this file as it is, so its texts are descriptors and no macros.

/** Where the keys of an action work. Keys that work everywhere also work in the other scopes. */
export type Scope = 'everywhere' | 'list' | 'form' | 'figures' | 'today'

type Text = MessageDescriptor & { readonly message: string }

/** The groups of actions, in the order of the overlay and the settings. */
export const GROUPS = {
  everywhere: { label: /*i18n*/ { id: 'keys.group.everywhere', message: 'Everywhere' }, scope: 'everywhere' },
  sections: { label: /*i18n*/ { id: 'keys.group.sections', message: 'Open a section' }, scope: 'everywhere' },
  list: { label: /*i18n*/ { id: 'keys.group.list', message: 'In the list of calls' }, scope: 'list' },
  form: { label: /*i18n*/ { id: 'keys.group.form', message: 'In the form of a call' }, scope: 'form' },
  today: { label: /*i18n*/ { id: 'keys.group.today', message: 'On Today' }, scope: 'today' },
  figures: {
    label: /*i18n*/ { id: 'keys.group.figures', message: 'In the figures, tables and charts of the dashboard' },
    scope: 'figures',
  },
} as const satisfies Readonly<Record<string, { readonly label: Text; readonly scope: Scope }>>
export type GroupId = keyof typeof GROUPS
export const GROUP_IDS = Object.keys(GROUPS) as readonly GroupId[]

export type KeyAction = {
  readonly label: Text
  /** Shown after the label in the overlay. */
  readonly note?: Text
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
  'call.new': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.call.new', message: 'New call' },
    keys: ['n', 'alt+n', 'ctrl+n'],
    needs: 'calls.create',
  },
  'app.palette': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.app.palette', message: 'Find an action, a call or a prospect' },
    keys: ['ctrl+k'],
  },
  'edit.undo': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.edit.undo', message: 'Undo the last change' },
    keys: ['ctrl+z'],
  },
  'edit.redo': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.edit.redo', message: 'Redo the last undone change' },
    keys: ['ctrl+shift+z', 'ctrl+y'],
  },
  'panel.close': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.panel.close', message: 'Close the panel, or return to its list of calls' },
    note: /*i18n*/ { id: 'action.panel.close.note', message: 'what you typed is kept' },
    keys: ['Escape'],
    fixed: true,
  },
  'app.back': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.app.back', message: 'Back' },
    note: /*i18n*/ { id: 'action.app.back.note', message: 'for example from a prospect to the call' },
    keys: ['alt+ArrowLeft'],
    fixed: true,
  },
  'app.keys': {
    group: 'everywhere',
    label: /*i18n*/ { id: 'action.app.keys', message: 'Show the keyboard shortcuts' },
    keys: ['?', 'F1'],
  },
  'app.lock': { group: 'everywhere', label: /*i18n*/ { id: 'action.app.lock', message: 'Lock' }, keys: ['ctrl+shift+l'] },
  'app.password': { group: 'everywhere', label: /*i18n*/ { id: 'action.app.password', message: 'Change password' }, keys: [] },
  'app.sign_out': { group: 'everywhere', label: /*i18n*/ { id: 'action.app.sign_out', message: 'Sign out' }, keys: [] },

  'go.today': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.today', message: 'Today' },
    keys: ['g t'],
    needs: 'calls.read',
  },
  'go.dashboard': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.dashboard', message: 'Dashboard' },
    keys: ['g d'],
    needs: 'reports.read',
  },
  'go.calls': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.calls', message: 'Calls' },
    keys: ['g c'],
    needs: 'calls.read',
  },
  'go.import': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.import', message: 'Import' },
    keys: ['g i'],
    needs: 'import.run',
  },
  'go.users': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.users', message: 'Users' },
    keys: ['g u'],
    needs: 'users.read',
  },
  'go.loss_reasons': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.loss_reasons', message: 'Loss reasons' },
    keys: ['g l'],
    needs: 'loss_reasons.read',
  },
  'go.audit': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.audit', message: 'Audit trail' },
    keys: ['g a'],
    needs: 'audit.read',
  },
  'go.settings': {
    group: 'sections',
    label: /*i18n*/ { id: 'action.go.settings', message: 'Settings' },
    keys: ['g s'],
    needs: 'settings.read',
  },

  'list.search': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.search', message: 'Search' },
    note: /*i18n*/ { id: 'action.list.search.note', message: 'Enter or ↓ goes to the results, Esc back to the list' },
    keys: ['/'],
    needs: 'calls.read',
  },
  'list.move': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.move', message: 'One row up or down' },
    keys: ['ArrowUp', 'ArrowDown'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.page': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.page', message: 'One page up or down' },
    keys: ['PageUp', 'PageDown'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.ends': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.ends', message: 'First or last row' },
    keys: ['Home', 'End'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.open': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.open', message: 'Open the call' },
    keys: ['Enter'],
    fixed: true,
    needs: 'calls.read',
  },
  'call.edit': {
    group: 'list',
    label: /*i18n*/ { id: 'action.call.edit', message: 'Edit the call' },
    note: /*i18n*/ { id: 'action.call.edit.note', message: 'also while it is open' },
    keys: ['e'],
    needs: 'calls.edit',
  },
  'call.prospect': {
    group: 'list',
    label: /*i18n*/ { id: 'action.call.prospect', message: 'Show all calls with the prospect' },
    note: /*i18n*/ { id: 'action.call.prospect.note', message: 'also while a call is open' },
    keys: ['p'],
    needs: 'calls.read',
  },
  'call.delete': {
    group: 'list',
    label: /*i18n*/ { id: 'action.call.delete', message: 'Delete the call, or the selected calls' },
    note: /*i18n*/ { id: 'action.call.delete.note', message: 'can be undone' },
    keys: ['Delete'],
    needs: 'calls.delete',
  },
  'list.extend': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.extend', message: 'Extend the selection' },
    note: /*i18n*/ { id: 'action.list.extend.note', message: 'also with Home, End or a click' },
    keys: ['shift+ArrowUp', 'shift+ArrowDown'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.toggle': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.toggle', message: 'Select or deselect one call' },
    note: /*i18n*/ { id: 'action.list.toggle.note', message: 'Ctrl with ↑ or ↓ moves without selecting' },
    keys: [' ', 'ctrl+Click'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.select_all': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.select_all', message: 'Select all calls that match the filters' },
    note: /*i18n*/ { id: 'action.list.select_all.note', message: 'Tab goes to the actions' },
    keys: ['ctrl+a'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.clear': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.clear', message: 'Clear the selection' },
    keys: ['Escape'],
    fixed: true,
    needs: 'calls.read',
  },
  'list.reset': {
    group: 'list',
    label: /*i18n*/ { id: 'action.list.reset', message: 'Reset filters' },
    keys: [],
    needs: 'calls.read',
  },

  'form.won': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.won', message: 'Won' },
    keys: ['alt+1', 'ctrl+1'],
    needs: 'calls.edit',
  },
  'form.lost': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.lost', message: 'Lost' },
    keys: ['alt+2', 'ctrl+2'],
    needs: 'calls.edit',
  },
  'form.undecided': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.undecided', message: 'Undecided' },
    keys: ['alt+3', 'ctrl+3'],
    needs: 'calls.edit',
  },
  'form.no_show': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.no_show', message: 'No-show' },
    keys: ['alt+4', 'ctrl+4'],
    needs: 'calls.edit',
  },
  'form.rescheduled': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.rescheduled', message: 'Rescheduled' },
    keys: ['alt+5', 'ctrl+5'],
    needs: 'calls.edit',
  },
  'form.cancelled': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.cancelled', message: 'Cancelled' },
    keys: ['alt+6', 'ctrl+6'],
    needs: 'calls.edit',
  },
  'form.type': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.type', message: 'Switch between inbound and outbound' },
    keys: ['alt+i'],
    needs: 'calls.edit',
  },
  'form.timer': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.timer', message: 'Start or stop the timer' },
    keys: ['alt+t', 'ctrl+t'],
    needs: 'calls.create',
  },
  'form.settle': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.settle', message: 'Log this as the scheduled call, or as a separate one' },
    keys: ['alt+s'],
    needs: 'calls.create',
  },
  'form.aside': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.aside', message: 'Put the call aside and start another' },
    keys: ['alt+p'],
    needs: 'calls.create',
  },
  'form.continue': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.continue', message: 'Continue the next unfinished call' },
    keys: ['alt+o'],
    needs: 'calls.create',
  },
  'form.save': {
    group: 'form',
    label: /*i18n*/ { id: 'action.form.save', message: 'Save' },
    keys: ['ctrl+Enter'],
    needs: 'calls.edit',
  },

  'today.move': {
    group: 'today',
    label: /*i18n*/ { id: 'action.today.move', message: 'One row up or down' },
    note: /*i18n*/ { id: 'action.today.move.note', message: 'also moves into the list' },
    keys: ['ArrowUp', 'ArrowDown', 'j', 'k'],
    fixed: true,
    needs: 'calls.read',
  },
  'today.open': {
    group: 'today',
    label: /*i18n*/ { id: 'action.today.open', message: 'Open the call' },
    keys: ['Enter'],
    fixed: true,
    needs: 'calls.read',
  },
  'today.call': {
    group: 'today',
    label: /*i18n*/ { id: 'action.today.call', message: 'Dial the number and open the form that logs the call' },
    keys: ['c'],
    needs: 'calls.edit',
  },
  'today.later': {
    group: 'today',
    label: /*i18n*/ { id: 'action.today.later', message: 'Move the call by that many days, or schedule one with the prospect' },
    keys: ['1', '3', '7'],
    fixed: true,
    needs: 'calls.edit',
  },

  'figures.move': {
    group: 'figures',
    label: /*i18n*/ { id: 'action.figures.move', message: 'Move between numbers, cells, bars or hours' },
    note: /*i18n*/ { id: 'action.figures.move.note', message: 'Tab goes to the next figure, table or chart' },
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    fixed: true,
    needs: 'reports.read',
  },
  'figures.ends': {
    group: 'figures',
    label: /*i18n*/ { id: 'action.figures.ends', message: 'Start or end of the row' },
    note: /*i18n*/ { id: 'action.figures.ends.note', message: 'with Ctrl, start or end of the table' },
    keys: ['Home', 'End'],
    fixed: true,
    needs: 'reports.read',
  },
  'figures.page': {
    group: 'figures',
    label: /*i18n*/ { id: 'action.figures.page', message: 'Ten rows up or down' },
    keys: ['PageUp', 'PageDown'],
    fixed: true,
    needs: 'reports.read',
  },
  'figures.open': {
    group: 'figures',
    label: /*i18n*/ { id: 'action.figures.open', message: 'Open the calls, or sort by the column' },
    keys: ['Enter'],
    fixed: true,
    needs: 'reports.read',
  },
} as const satisfies Readonly<Record<string, KeyAction>>

export type ActionId = keyof typeof ACTIONS
export const ACTION_IDS = Object.keys(ACTIONS) as readonly ActionId[]

export const actionOf = (id: ActionId): KeyAction => ACTIONS[id]
export const keyActionLabel = (id: ActionId): string => i18n.t(actionOf(id).label)
export const keyGroupLabel = (group: GroupId): string => i18n.t(GROUPS[group].label)
export const scopeOf = (id: ActionId): Scope => GROUPS[actionOf(id).group].scope
export const isFixed = (id: ActionId): boolean => actionOf(id).fixed === true
