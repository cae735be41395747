import { expect, test } from 'vitest'
import { SETTING_KEYS } from '../../../core/model/settings.ts'
import { SETTINGS_PLACES } from './settings-places.ts'

test('every setting of a client is found by its name', () => {
  const isFound = (key: string) => SETTINGS_PLACES.some(({ selector }) => new RegExp(`data-path="${key}["\\.]`).test(selector))
  expect(SETTING_KEYS.filter((key) => !isFound(key))).toEqual([])
})
