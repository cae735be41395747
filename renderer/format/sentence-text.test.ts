import { i18n } from '@lingui/core'
import { afterEach, expect, test } from 'vitest'
import { sentence } from '../../core/messages/sentence.ts'
import { sentencesText, sentenceText } from './sentence-text.ts'

// Test files share the language.
afterEach(() => i18n.loadAndActivate({ locale: 'en', messages: {} }))

test('a message is in English until the window has it in another language', () => {
  const full = sentence('views.full', { most: 1_000 })
  expect(sentenceText(full)).toBe(full.message)
  i18n.loadAndActivate({ locale: 'de', messages: { 'views.full': ['Es gibt bereits ', ['most', 'number'], ' Ansichten.'] } })
  expect(sentenceText(full)).toBe('Es gibt bereits 1.000 Ansichten.')
  expect(sentencesText([full, { message: 'In English.' }])).toBe('Es gibt bereits 1.000 Ansichten. In English.')
})
