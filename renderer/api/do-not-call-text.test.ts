import { expect, test } from 'vitest'
import { doNotCallText } from './do-not-call-text.ts'

const DATA = { entryId: 'e', userId: 'u', addedBy: 'Ben', createdAt: 0, day: '2026-01-05', reason: 'Asked in writing' }

test('the question names who added the contact, when and why', () => {
  const end = 'Nothing was saved. Confirm to schedule the call anyway.'
  expect(doNotCallText(DATA)).toBe(
    `This prospect is on the do-not-call list. Ben added the contact on 2026-01-05. Reason: Asked in writing. ${end}`,
  )
  expect(doNotCallText({ ...DATA, addedBy: null, reason: null })).toBe(
    `This prospect is on the do-not-call list. A colleague added the contact on 2026-01-05. ${end}`,
  )
  expect(doNotCallText({})).toBeUndefined()
})
