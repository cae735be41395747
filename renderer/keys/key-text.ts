import { i18n, type MessageDescriptor } from '@lingui/core'

// The end-to-end tests import this file as it is, so its texts are descriptors and no macros.

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['ArrowUp', '↑'],
  ['ArrowDown', '↓'],
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
])

/** Keys that have another name on keyboards of other languages. */
const NAMES: Readonly<Record<string, MessageDescriptor>> = {
  ctrl: /*i18n*/ { id: 'key.ctrl', message: 'Ctrl' },
  alt: /*i18n*/ { id: 'key.alt', message: 'Alt' },
  shift: /*i18n*/ { id: 'key.shift', message: 'Shift' },
  ' ': /*i18n*/ { id: 'key.space', message: 'Space' },
  PageUp: /*i18n*/ { id: 'key.page_up', message: 'Page Up' },
  PageDown: /*i18n*/ { id: 'key.page_down', message: 'Page Down' },
  Escape: /*i18n*/ { id: 'key.escape', message: 'Esc' },
  Delete: /*i18n*/ { id: 'key.delete', message: 'Del' },
  Home: /*i18n*/ { id: 'key.home', message: 'Home' },
  End: /*i18n*/ { id: 'key.end', message: 'End' },
  Enter: /*i18n*/ { id: 'key.enter', message: 'Enter' },
  Tab: /*i18n*/ { id: 'key.tab', message: 'Tab' },
  Backspace: /*i18n*/ { id: 'key.backspace', message: 'Backspace' },
  Insert: /*i18n*/ { id: 'key.insert', message: 'Insert' },
  PrintScreen: /*i18n*/ { id: 'key.print_screen', message: 'PrintScreen' },
  Click: /*i18n*/ { id: 'key.click', message: 'Click' },
}

function nameOf(part: string): string {
  // A stored key may have any name.
  const name = Object.hasOwn(NAMES, part) ? NAMES[part] : undefined
  if (name !== undefined) return i18n.t(name)
  return SIGNS.get(part) ?? (part.length === 1 ? part.toUpperCase() : part)
}

const HELD = /^(ctrl|alt|shift)\+(?=.)/

/** Returns the parts of one key with the held ones first: `ctrl+shift+l` has three. The key of a combination may be `+` itself. */
function partsOf(key: string): string[] {
  const parts: string[] = []
  let rest = key
  for (let held = HELD.exec(rest); held !== null; held = HELD.exec(rest)) {
    parts.push(held[1] ?? '')
    rest = rest.slice(held[0].length)
  }
  return [...parts, rest].map(nameOf)
}

/** Returns the keys as a person reads them, by the key presses: `g c` has two, `ctrl+k` one with two parts. */
export function keyPresses(key: string): string[][] {
  return (key.length > 2 ? key.split(/(?<=.) (?=.)/) : [key]).map(partsOf)
}

/** Returns the text of a key in a sentence, such as `Ctrl+K` or `G C`. */
export function keyText(key: string): string {
  return keyPresses(key)
    .map((parts) => parts.join('+'))
    .join(' ')
}

const isPlain = (name: string) => !/^(?:ctrl|alt)\+/.test(name)

/** Returns the recorded keys after one more key. Two plain keys one after the other are a pair, such as `g c`; a third one starts again. */
export function recorded(before: string | null, name: string): string {
  return before !== null && isPlain(before) && isPlain(name) && !before.includes(' ') ? `${before} ${name}` : name
}
