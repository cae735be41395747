import { expect, test } from 'vitest'
import { regionalTag, systemLanguage } from './language.ts'

test('the language of the window is the first one of the system that it has', () => {
  expect(systemLanguage(['fr-CH', 'de-CH', 'en-GB'])).toBe('de')
  expect(systemLanguage(['fr'])).toBe('en')
})

test('the region of a language is that of the system, if the system has the language', () => {
  expect(regionalTag('de', ['en-GB', 'de-CH', 'de-DE'])).toBe('de-CH')
  expect(regionalTag('en', ['fr-CH', 'DE-ch'])).toBe('en')
})
