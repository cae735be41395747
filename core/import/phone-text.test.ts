import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPhone } from './phone-text.ts'

test.each(['+49 30 5551234', '0305551234', '(030) 555-1234', '030/998877', '+1 917 100 6821', '114-397-9514', '110'])(
  '%j is kept unchanged',
  (cell) => expect(readPhone(cell)).toEqual({ kind: 'kept', phone: cell }),
)

test.each([
  ['="030555123"', '030555123'],
  ['= "+49 30 555123"', '+49 30 555123'],
  ["'+4930555123", '+4930555123'],
  ['tel:+49-30-555123', '+49-30-555123'],
  ['tel:+4930555123;ext=12', '+4930555123 ext. 12'],
  ['callto://+4930555123', '+4930555123'],
  ['030 555123 ext. 12', '030 555123 ext. 12'],
  ['030 555123 x12', '030 555123 ext. 12'],
  ['030 555123 Durchwahl 12', '030 555123 ext. 12'],
  ['\u202a+49 30 555123\u202c', '+49 30 555123'],
  ['\ufeff030\u200b555123', '030555123'],
  ['030\ufe0f555\u206a123', '030555123'],
  ['030\u00a0555\u00a0123', '030 555 123'],
  ['030 555\u2011123', '030 555-123'],
  ['０３０－５５５１２３', '030-555123'],
  ['٠٣٠٥٥٥١٢٣', '030555123'],
  ['4.93012345678E+11', '493012345678'],
  ['493012345678.0', '493012345678'],
])('%j is the number %s', (cell, phone) => {
  expect(readPhone(cell)).toMatchObject({ phone })
  expect(readPhone(cell).kind === 'doubted').toBe(false)
})

test.each(['4.9E+11', '4,9301E+11', '4.9e11', 'n/a', 'unknown', 'anonymous', '-', '', 'ask the front desk', '000'])(
  'the number is lost in %j',
  (cell) => expect(readPhone(cell)).toMatchObject({ kind: 'lost', why: { message: expect.any(String) } }),
)

test.each(['030 555123 or 0170 1234567', '030 5551234 0170 12345678', 'call 030 555123 after six', '12', '1234567890123456'])(
  '%j is doubted and kept',
  (cell) => expect(readPhone(cell)).toMatchObject({ kind: 'doubted', phone: cell, why: { message: expect.any(String) } }),
)

test('digits are never added, lost or moved, with any characters around the number', () => {
  const number = fc.stringMatching(/^\+?[1-9]\d{6,12}$/)
  const wrap = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => `="${text}"`,
    (text) => `'${text}`,
    (text) => `tel:${text}`,
    (text) => `\u202d${text}\u202c`,
    (text) => `${text}.0`,
    (text) => ` ${text}\u00a0`,
    (text) => text.split('').join('\u200b'),
  )
  fc.assert(
    fc.property(number, wrap, (phone, wrapped) => {
      const read = readPhone(wrapped(phone))
      expect(read).toMatchObject({ phone })
      expect(['kept', 'cleaned']).toContain(read.kind)
    }),
  )
})

test('a number with an exponent is expanded only if it has all digits', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[1-9]\d{7,12}$/), fc.nat({ max: 12 }), (digits, cut) => {
      const shown = `${digits[0]}.${digits.slice(1, digits.length - cut)}E+${digits.length - 1}`
      fc.pre(cut < digits.length - 1)
      const read = readPhone(shown)
      if (cut === 0) expect(read).toEqual({ kind: 'cleaned', phone: digits })
      else expect(read.kind).toBe('lost')
    }),
  )
})
