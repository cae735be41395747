import { afterEach, expect, test, vi } from 'vitest'
import { colorSchemeManager, schemeFromCookie } from './color-scheme.ts'

// Test files share globals.
afterEach(() => void vi.unstubAllGlobals())

test('the theme is found among other cookies, and other cookies are ignored', () => {
  expect(schemeFromCookie('a=b; propaganda-color-scheme=dark; propaganda_4242=x')).toBe('dark')
  expect(schemeFromCookie('')).toBeUndefined()
  expect(schemeFromCookie('propaganda-color-scheme=pink')).toBeUndefined()
  expect(schemeFromCookie('x-propaganda-color-scheme=dark')).toBeUndefined()
})

test('a chosen theme is stored for all ports of the host and for no other site', () => {
  const page = { cookie: '' }
  vi.stubGlobal('window', { localStorage: { getItem: () => null, setItem: () => {} } })
  const manager = colorSchemeManager(page)
  expect(manager.get('auto')).toBe('auto')
  manager.set('dark')
  expect(page.cookie).toBe('propaganda-color-scheme=dark; Path=/; Max-Age=31536000; SameSite=Strict')
  expect(manager.get('auto')).toBe('dark')
})
