import { i18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { COLUMN_COUNTS } from '../../../core/import/column-counts.ts'
import { COUNT_TEXTS } from './column-usage.tsx'

test.each(COLUMN_COUNTS)('%s: the count of a column has the words of the command line', (key, label) => {
  expect(i18n.t(COUNT_TEXTS[key]('2,000'))).toBe(`2,000 ${label}`)
})
