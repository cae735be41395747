import { expect, test } from 'vitest'
import { keyPresses, keyText } from './key-text.ts'

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
])('%j is read by a person', (key, presses, text) => {
  expect(keyPresses(key)).toEqual(presses)
  expect(keyText(key)).toBe(text)
})
