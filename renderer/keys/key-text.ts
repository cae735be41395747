const NAMES: Readonly<Record<string, string>> = {
  ctrl: 'Ctrl',
  alt: 'Alt',
  shift: 'Shift',
  ' ': 'Space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  Escape: 'Esc',
  Delete: 'Del',
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
  return [...parts, rest].map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
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
