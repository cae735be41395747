import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import { afterEach, expect, test } from 'vitest'
import { deviceStorage } from '../device/storage.ts'
import { activateLanguage, chooseLanguage, chosenLanguage, regionalTag, systemLanguage } from './language.ts'

// Test files share the language.
afterEach(() => {
  i18n.loadAndActivate({ locale: 'en', messages: {} })
})

function storageOf(values = new Map<string, string>()) {
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
}

test('a chosen language is read from the cookie, or from the storage where there are no cookies', () => {
  const [page, storage] = [{ cookie: '' }, storageOf()]
  expect(chosenLanguage(page, storage)).toBeNull()
  chooseLanguage('de', page, storage)
  expect(page.cookie).toBe('propaganda-language=de; Path=/; Max-Age=31536000; SameSite=Strict')
  expect(chosenLanguage(page, undefined)).toBe('de')
  expect(chosenLanguage({ cookie: '' }, storage)).toBe('de')
})

test('the language of the system removes the choice from both', () => {
  const [page, storage] = [{ cookie: '' }, storageOf()]
  chooseLanguage('de', page, storage)
  chooseLanguage(null, page, storage)
  expect(page.cookie).toBe('propaganda-language=; Path=/; Max-Age=0; SameSite=Strict')
  expect(chosenLanguage({ cookie: '' }, storage)).toBeNull()
})

test('a stored language that the window does not have is ignored', () => {
  expect(chosenLanguage({ cookie: 'propaganda-language=fr' }, undefined)).toBeNull()
  expect(chosenLanguage({ cookie: 'propaganda-language=toString' }, undefined)).toBeNull()
})

test('the choice works without a storage, and a refused storage is none', () => {
  const page = { cookie: '' }
  chooseLanguage('de', page, undefined)
  expect(chosenLanguage(page, undefined)).toBe('de')
  const refused = {
    get localStorage(): Storage {
      throw new DOMException('denied', 'SecurityError')
    },
  }
  expect(deviceStorage(refused)).toBeUndefined()
})

test('the first language of the system that the window has is used, also of another country; else English', () => {
  expect(systemLanguage(['de-AT', 'en'])).toBe('de')
  expect(systemLanguage(['fr-FR', 'DE', 'en'])).toBe('de')
  expect(systemLanguage(['en-GB', 'de'])).toBe('en')
  expect(systemLanguage(['fr', 'ja'])).toBe('en')
  expect(systemLanguage([])).toBe('en')
})

test('the region of a language is that of the system, if the system has the language', () => {
  expect(regionalTag('de', ['en-GB', 'de-CH', 'de-DE'])).toBe('de-CH')
  expect(regionalTag('en', ['fr-CH', 'de-CH'])).toBe('en')
})

test('numbers in texts have the format of the system’s region', async () => {
  await activateLanguage('de', ['de-CH'])
  expect(i18n._('test', { n: 1_000 }, { message: '{n, plural, one {# Tag} other {# Tage}}' })).toMatch(/^1[’']000 Tage$/)
})

test('a chosen language has its texts', async () => {
  await activateLanguage('de')
  expect([i18n.locale, t`Sign in`]).toEqual(['de', 'Anmelden'])
  await activateLanguage('en')
  expect([i18n.locale, t`Sign in`]).toEqual(['en', 'Sign in'])
})
