import { i18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { UNSAVABLE_REASONS } from '../../core/errors.ts'
import { unsavableText } from '../../core/storage-text.ts'
import { UNSAVABLE_TEXTS } from './storage-banner.tsx'

test.each(UNSAVABLE_REASONS)('%s: the banner has the words of the application', (reason) => {
  expect(i18n.t(UNSAVABLE_TEXTS[reason])).toBe(unsavableText(reason))
})
