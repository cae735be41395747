import { expect, test } from 'vitest'
import { NO_OPTIONAL_FIELDS, type CallFields } from '../../../core/model/call.ts'
import type { UserId } from '../../../core/id.ts'
import { withPlanned } from './use-call-commands.ts'

const USER = 'u' as UserId

const call = (over: Partial<CallFields>): CallFields => ({
  ...NO_OPTIONAL_FIELDS,
  ...{ userId: USER, prospectName: 'Greta', callType: 'outbound', status: 'completed', outcome: 'won' },
  ...over,
})

test('the note and the contact of a scheduled call stay when the form of a new call settles it', () => {
  const planned = call({ notes: 'Asked about the price', prospectPhone: '+49 30 1', prospectEmail: 'g@acme.test' })
  expect(withPlanned(call({ notes: 'Signed', prospectPhone: '+49 30 2' }), planned)).toMatchObject({
    notes: 'Asked about the price\nSigned',
    prospectPhone: '+49 30 2',
    prospectEmail: 'g@acme.test',
  })
  expect(withPlanned(call({}), planned).notes).toBe('Asked about the price')
  expect(withPlanned(call({}), call({})).notes).toBeNull()
})
