import { expect, test } from 'vitest'
import { keyPresses, keyText, recorded } from './key-text.ts'

test.each([
  ['n', [['N']], 'N'],
  ['ctrl+shift+l', [['Ctrl', 'Shift', 'L']], 'Ctrl+Shift+L'],
  ['g c', [['G'], ['C']], 'G C'],
  ['Delete', [['Del']], 'Del'],
  ['shift+ArrowUp', [['Shift', '↑']], 'Shift+↑'],
  [' ', [['Space']], 'Space'],
  ['ctrl+ ', [['Ctrl', 'Space']], 'Ctrl+Space'],
  ['+', [['+']], '+'],
  ['ctrl++', [['Ctrl', '+']], 'Ctrl++'],
  ['F2', [['F2']], 'F2'],
  ['ы', [['Ы']], 'Ы'],
  ['ctrl+constructor', [['Ctrl', 'constructor']], 'Ctrl+constructor'],
])('%j is read by a person', (key, presses, text) => {
  expect(keyPresses(key)).toEqual(presses)
  expect(keyText(key)).toBe(text)
})

test.each([
  [null, 'g', 'g'],
  ['g', 'c', 'g c'],
  ['g c', 'x', 'x'],
  ['ctrl+k', 'x', 'x'],
  ['g', 'alt+x', 'alt+x'],
  ['ы', 'ф', 'ы ф'],
])('after %j the key %s is recorded as %s', (before, name, expected) => {
  expect(recorded(before, name)).toBe(expected)
})
