import { expect, test } from 'vitest'
import { keyName } from './use-keys.ts'

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('a sign is named as it is typed, whatever Shift its keyboard needs for it', () => {
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
