import { expect, test } from 'vitest'
import { keyName, typesCharacter } from './use-keys.ts'

type Held = Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>>
const pressed = (key: string, held: Held = {}, code = '') =>
  keyName({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('a sign is named by its character, with or without Shift', () => {
  expect(pressed('/')).toBe('/')
  expect(pressed('/', { shiftKey: true })).toBe('/')
  expect(pressed('?', { shiftKey: true })).toBe('?')
  expect(pressed('N', { shiftKey: true })).toBe('n')
})

test('with Ctrl or the command key, Shift counts', () => {
  expect(pressed('z', { ctrlKey: true })).toBe('ctrl+z')
  expect(pressed('z', { metaKey: true })).toBe('ctrl+z')
  expect(pressed('L', { ctrlKey: true, shiftKey: true })).toBe('ctrl+shift+l')
  expect(pressed('Enter', { ctrlKey: true })).toBe('ctrl+Enter')
})

test('keys with names keep them', () => {
  expect(pressed('Escape')).toBe('Escape')
  expect(pressed('Delete', { shiftKey: true })).toBe('shift+Delete')
  expect(pressed('3', { altKey: true })).toBe('alt+3')
})

test('with Alt or Ctrl a key that types a sign is named by its position', () => {
  expect(pressed('¡', { altKey: true }, 'Digit1'), 'a Mac').toBe('alt+1')
  expect(pressed('Dead', { altKey: true }, 'KeyN'), 'a Mac').toBe('alt+n')
  expect(pressed('&', { ctrlKey: true }, 'Digit1'), 'a French keyboard').toBe('ctrl+1')
  expect(pressed('a', { altKey: true }, 'KeyQ'), 'a French keyboard').toBe('alt+a')
  expect(pressed('²', { ctrlKey: true, altKey: true }, 'Digit2'), 'AltGr types').toBe('ctrl+alt+2')
  expect(pressed('&', {}, 'Digit1')).toBe('&')
})

test.each([
  ['¡', '1', 'Option on a Mac'],
  ['[', '5', 'Option on a German Mac'],
  ['Dead', 'n', 'Option and an accent'],
  ['ą', 'a', 'Alt on a Polish keyboard'],
  ['¡', undefined, 'an unknown keyboard'],
])('%s typed with Alt by the key %s is a character (%s)', (key, alone, _where) => {
  expect(typesCharacter({ key, altKey: true, metaKey: false, isAltGraph: false }, alone)).toBe(true)
})

test.each([
  ['1', '1', 'Windows and Linux'],
  ['N', 'n', 'with Shift or Caps Lock'],
  ['&', '&', 'a French keyboard'],
  ['ě', 'ě', 'a Czech keyboard'],
  ['&', undefined, 'an unknown keyboard'],
  ['Enter', undefined, 'no character'],
])('%s pressed with Alt by the key %s types nothing (%s)', (key, alone, _where) => {
  expect(typesCharacter({ key, altKey: true, metaKey: false, isAltGraph: false }, alone)).toBe(false)
})

test('AltGr types a character; the command key and Ctrl do not', () => {
  expect(typesCharacter({ key: '@', altKey: false, metaKey: false, isAltGraph: true }, 'q')).toBe(true)
  expect(typesCharacter({ key: '@', altKey: true, metaKey: false, isAltGraph: true }, '@')).toBe(true)
  expect(typesCharacter({ key: '¡', altKey: true, metaKey: true, isAltGraph: false }, '1')).toBe(false)
  expect(typesCharacter({ key: '1', altKey: false, metaKey: false, isAltGraph: false }, '1')).toBe(false)
})
