import { expect, test } from 'vitest'
import { readReminderSettings } from './reminder-settings.ts'

test.each([
  [null, { isOn: true, leadMinutes: 5 }],
  ['x', { isOn: true, leadMinutes: 5 }],
  [{ isOn: false }, { isOn: false, leadMinutes: 5 }],
  [
    { leadMinutes: 30, sound: 'bell' },
    { isOn: true, leadMinutes: 30 },
  ],
  [
    { isOn: 'no', leadMinutes: -1 },
    { isOn: true, leadMinutes: 5 },
  ],
])('%j is read as %j', (stored, settings) => {
  expect(readReminderSettings(stored)).toEqual(settings)
})
