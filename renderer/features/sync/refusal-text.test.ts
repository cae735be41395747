import { expect, test } from 'vitest'
import { REJECT_CODES } from '../../../core/sync/operation.ts'
import { refusalText } from './refusal-text.ts'

test('every code of the server has its own sentence', () => {
  const texts = REJECT_CODES.map((code) => refusalText({ code, action: 'UPDATE', table: 'calls', field: null }))
  expect(new Set(texts).size).toBe(REJECT_CODES.length)
  for (const text of texts) expect(text).toMatch(/^Changed call: /)
})

test('a call for a person who cannot have calls has its own sentence', () => {
  expect(refusalText({ code: 'INVALID', action: 'UPDATE', table: 'calls', field: 'user_id' })).toBe(
    'Changed call: this person cannot have calls. Choose another agent',
  )
})

test('the field is named by its label', () => {
  expect(refusalText({ code: 'INVALID', action: 'INSERT', table: 'loss_reasons', field: 'is_active' })).toBe(
    'New loss reason: a value is not valid (Active)',
  )
})
