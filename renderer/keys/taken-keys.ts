import { i18n } from '@lingui/core'
import { GROUPS, type GroupId } from './actions.ts'
import { keyText } from './key-text.ts'

/** The window of a browser, or the application's own. */
export type WindowKind = 'browser' | 'desktop'

export const windowKind = ({ protocol }: Pick<Location, 'protocol'>): WindowKind => (protocol === 'app:' ? 'desktop' : 'browser')

/** Keys with which a browser opens, closes and changes tabs and windows. A page does not get them. */
const OF_BROWSER: ReadonlySet<string> = new Set(
  ['n', 't', 'w', 'shift+n', 'shift+t', 'shift+w', 'Tab', 'shift+Tab', 'PageUp', 'PageDown', 'F4', 'q', 'shift+q'].map(
    (key) => `ctrl+${key}`,
  ),
)

/** Some browsers change tabs with these keys and others give them to the page. */
const OF_SOME_BROWSERS = /^ctrl\+[0-9]$/

/** Keys of Windows, macOS and Linux desktops. On a Mac, `ctrl` also means ⌘. */
const OF_SYSTEM: ReadonlySet<string> = new Set([
  'alt+F4',
  'alt+Tab',
  'alt+shift+Tab',
  'alt+Escape',
  'alt+ ',
  'ctrl+ ',
  'ctrl+Escape',
  'ctrl+shift+Escape',
  'ctrl+alt+Delete',
  'ctrl+h',
  'ctrl+m',
  'PrintScreen',
])

/** Keys with which people edit text, and move in the window and in lists. */
const OF_WIDGETS: ReadonlySet<string> = new Set([
  ...['Escape', 'Enter', 'Tab', 'Backspace', ' ', 'Home', 'End', 'PageUp', 'PageDown'],
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
])
const OF_TEXT: ReadonlySet<string> = new Set(
  ['a', 'c', 'v', 'x', 'shift+v', 'Backspace', 'Delete', 'Home', 'End'].map((key) => `ctrl+${key}`),
)
const ARROW = /^(?:ctrl\+|alt\+|shift\+)+Arrow/

/** Returns whether the browser or the system handles a key before the window; undefined: neither. */
export function takenBy(key: string, kind: WindowKind): 'browser' | 'system' | undefined {
  if (OF_SYSTEM.has(key)) return 'system'
  return kind === 'browser' && OF_BROWSER.has(key) ? 'browser' : undefined
}

/** Returns whether the key may do something else in a tab of some browsers. The window shows it only if an action has no other key. */
export const isDoubtful = (key: string, kind: WindowKind): boolean => kind === 'browser' && OF_SOME_BROWSERS.test(key)

const isHeld = (key: string) => /^(?:ctrl|alt)\+/.test(key) || /^(?:shift\+)?F\d+$/.test(key)

/** Returns why an action of a group cannot have a key; undefined if it can. */
export function whyNotUsable(key: string, group: GroupId, kind: WindowKind): string | undefined {
  const name = keyText(key)
  const taken = takenBy(key, kind)
  if (taken === 'system')
    return i18n.t(/*i18n*/ { id: 'keys.of_system', message: 'The system uses {name}. Press another key.', values: { name } })
  if (taken === 'browser')
    return i18n.t(
      /*i18n*/ {
        id: 'keys.of_browser',
        message: 'The browser uses {name}. It works only in the application’s own window. Press another key.',
        values: { name },
      },
    )
  const [first = '', second] = key.split(/(?<=.) (?=.)/)
  if ([first, second].some((part) => part !== undefined && OF_WIDGETS.has(part.replace(/^shift\+/, ''))))
    return i18n.t(
      /*i18n*/ {
        id: 'keys.of_widgets',
        message: '{name} is used to move in the window, in lists and in fields. Press another key.',
        values: { name },
      },
    )
  if (OF_TEXT.has(key) || ARROW.test(key))
    return i18n.t(/*i18n*/ { id: 'keys.of_text', message: '{name} is used to edit text. Press another key.', values: { name } })
  const { scope } = GROUPS[group]
  if (scope === 'form' && !isHeld(key))
    return i18n.t(
      /*i18n*/ { id: 'keys.types_text', message: '{name} types text in the form. Hold Ctrl or Alt.', values: { name } },
    )
  if (scope === 'list' && second !== undefined)
    return i18n.t(
      /*i18n*/ { id: 'keys.one_in_list', message: 'Actions in the list need a single key, with or without Ctrl or Alt.' },
    )
  return undefined
}
