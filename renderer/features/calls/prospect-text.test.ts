import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldOfText, placedText } from './prospect-text.ts'

test.each([
  ['jo@acme.test', 'prospectEmail'],
  [' jo@acme ', 'prospectEmail'],
  ['030 5551234', 'prospectPhone'],
  ['+49 (30) 555-1234', 'prospectPhone'],
  ['٠٣٠ ٥٥٥١٢٣٤', 'prospectPhone'],
  ['4711', 'prospectPhone'],
  // Windows and messengers copy a number between direction marks.
  ['\u202A+49 30 5551234\u202C', 'prospectPhone'],
  ['jo@acme.test\u200B', 'prospectEmail'],
  ['tel:+49305551234', 'prospectPhone'],
  ['mailto:jo@acme.test', 'prospectEmail'],
  ['＋４９ ３０ ５５５１２３４', 'prospectPhone'],
  ['+1 212 555 1234 ext. 12', 'prospectPhone'],
  ['030 5551234 x12', 'prospectPhone'],
  ['030 5551234 #12', 'prospectPhone'],
  ['Room 12 x4', 'prospectName'],
  ['tel:', 'prospectName'],
  ['12', 'prospectName'],
  ['Jo Smith', 'prospectName'],
  ['Studio 54', 'prospectName'],
  ['1&1', 'prospectName'],
  ['Jo @ Acme', 'prospectName'],
  ['+', 'prospectName'],
  ['', 'prospectName'],
])('“%s” belongs to %s', (text, field) => {
  expect(fieldOfText(text)).toBe(field)
})

test('a text is moved to its field, and no text of another field is replaced', () => {
  const texts = fc.oneof(fc.constantFrom('', 'Jo', '030 5551234', 'jo@acme.test'), fc.string({ maxLength: 12 }))
  fc.assert(
    fc.property(fc.record({ prospectName: texts, prospectPhone: texts, prospectEmail: texts }), (values) => {
      const placed = placedText(values)
      const after = placed?.values ?? values
      expect([after.prospectName, after.prospectPhone, after.prospectEmail].join('').length).toBeGreaterThanOrEqual(
        [values.prospectName.trim(), values.prospectPhone.trim(), values.prospectEmail.trim()].join('').length,
      )
      expect(values.prospectPhone.trim() === '' || after.prospectPhone === values.prospectPhone).toBe(true)
      expect(values.prospectEmail.trim() === '' || after.prospectEmail === values.prospectEmail).toBe(true)
      expect(placed === null || placed.values.prospectName === '').toBe(true)
    }),
    { seed: 26 },
  )
})

test('a moved text loses invisible characters and the beginning of a link', () => {
  const none = { prospectPhone: '', prospectEmail: '' }
  const moved = (prospectName: string) => placedText({ ...none, prospectName })?.values
  expect(moved('\u202A+49 30 5551234\u202C')).toEqual({ ...none, prospectName: '', prospectPhone: '+49 30 5551234' })
  expect(moved(' tel:+49305551234 x12')).toEqual({ ...none, prospectName: '', prospectPhone: '+49305551234 x12' })
  expect(moved('MAILTO:Jo@acme.test\u200B')).toEqual({ ...none, prospectName: '', prospectEmail: 'Jo@acme.test' })
})
