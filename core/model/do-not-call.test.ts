import { expect, test } from 'vitest'
import { contactTexts, isNewlyPlanned, revealsContact, type PlannedFields } from './do-not-call.ts'

test('the same contact in any spelling has the same texts; a number that is not certain has none', () => {
  const expected = { phone: '+49305551234', email: 'jo@example.com' }
  for (const phone of ['+49 30 5551234', '030 5551234', '(030) 555-1234', 'tel:+49305551234'])
    for (const email of ['jo@example.com', ' Jo@Example.COM '])
      expect(contactTexts({ phone, email }, 'DE'), phone).toEqual(expected)
  expect(contactTexts({ phone: '030 5551234' }, null)).toEqual({ phone: null, email: null })
  expect(contactTexts({ phone: 'call later', email: ' ' }, 'DE')).toEqual({ phone: null, email: null })
  expect(contactTexts({ phone: null, email: undefined }, 'DE')).toEqual({ phone: null, email: null })
})

test('an address that was copied with invisible characters is compared without them; a text that is not an address is not compared', () => {
  for (const email of [
    'jo@example.com\u200B',
    '\u2060jo@exam\u00ADple.com',
    '\uFEFFJo@example.com ',
    'ｊｏ@example.com',
    'mailto:jo@example.com',
  ])
    expect(contactTexts({ email }, 'DE').email, email).toBe('jo@example.com')
  expect(contactTexts({ email: 'info@mu\u0308ller.de' }, 'DE').email).toBe('info@müller.de')
  for (const email of ['n/a', 'keine', 'jo@', '@example.com', 'jo at example.com', 'jo@x.de, bo@x.de', '\u200B'])
    expect(contactTexts({ email }, 'DE').email, email).toBeNull()
})

test('a reason that contains the contact is recognised, also with other separators', () => {
  const texts = { phone: '+49305551234', email: 'jo@example.com' }
  for (const reason of [
    'Never call 030 / 555-12 34',
    'is Jo@Example.com',
    'is jo@\u200Bexample.com',
    '5551234',
    '０３０ ５５５１２３４',
  ])
    expect(revealsContact(reason, texts)).toBe(true)
  for (const reason of ['Asked on 2026-11-02 at 10:30', 'Lawyer wrote, ticket 4711'])
    expect(revealsContact(reason, texts)).toBe(false)
  expect(revealsContact('anything', { phone: null, email: null })).toBe(false)
})

test('an edit schedules a call if it makes an outbound call, or changes the time or the contact', () => {
  const call: PlannedFields = {
    status: 'scheduled',
    callType: 'outbound',
    prospectPhone: '1',
    prospectEmail: null,
    scheduledAt: 1,
  }
  expect(isNewlyPlanned(call, call)).toBe(false)
  expect(isNewlyPlanned(call, { ...call, scheduledAt: 2 })).toBe(true)
  expect(isNewlyPlanned(call, { ...call, prospectEmail: 'a@b.test' })).toBe(true)
  expect(isNewlyPlanned({ ...call, status: 'no_show' }, call)).toBe(true)
  expect(isNewlyPlanned({ ...call, callType: 'inbound' }, call)).toBe(true)
  expect(isNewlyPlanned(call, { ...call, callType: 'inbound', scheduledAt: 2 })).toBe(false)
  expect(isNewlyPlanned(call, { ...call, status: 'cancelled', scheduledAt: 2 })).toBe(false)
})
