import { expect, test } from 'vitest'
import { z } from 'zod'
import { importMapSchema } from './contract/imports.ts'
import { newCallSchema } from './model/call.ts'
import { plainError } from './plain-errors.ts'

/** Words of Zod and of programming languages. */
const FOREIGN = /expected|received|invalid|unrecognized|too (big|small)|string|undefined|null|<=|>=|NaN/i

const CALL = {
  userId: '00000000-0000-7000-8000-000000000000',
  prospectName: 'Jo',
  callType: 'inbound',
  status: 'completed',
  outcome: 'won',
  completedAt: 1,
}

test.each([
  ['a name that is too long', { prospectName: 'x'.repeat(201) }, 'This is longer than 200 characters'],
  ['notes that are too long', { notes: 'x'.repeat(10_001) }, 'This is longer than 10,000 characters'],
  ['a duration that is too long', { callDuration: 86_401 }, 'A call lasts at most 24 hours'],
  ['a duration of part of a second', { callDuration: 1.5 }, 'This must be a whole number'],
  ['a time before 1970', { completedAt: -1 }, 'The smallest possible value is 0'],
  ['an unknown type', { callType: 'sideways' }, 'This must be one of inbound, outbound'],
  ['a missing name', { prospectName: undefined }, 'This is missing'],
  ['an empty name', { prospectName: ' ' }, "The prospect's name is required"],
  ['a name of invisible characters', { prospectName: '\u200b \u3164\u00ad' }, "The prospect's name is required"],
])('%s has a plain message', (_, wrong, message) => {
  const parsed = newCallSchema.safeParse({ ...CALL, ...wrong }, { error: plainError })
  expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message])
})

test.each([
  {},
  { fields: [] },
  { fields: { prospectName: { column: 1 } } },
  { fields: { prospectName: { columns: Array.from({ length: 21 }, () => 'A') } } },
  { fields: { unknown: {} } },
  { fields: {}, createAgents: 'yes' },
  { fields: {}, delimiter: ';;' },
  { fields: {}, timeZone: 'Moon' },
  { fields: {}, surprise: 1 },
  { fields: {}, source: '' },
  [],
  'map',
])('a mistake in a mapping has a plain message: %j', (map) => {
  const parsed = importMapSchema.strict().safeParse(map, { error: plainError })
  expect(parsed.success).toBe(false)
  for (const { message } of parsed.error?.issues ?? []) expect(message).not.toMatch(FOREIGN)
})

test('every kind of broken rule has a plain message', () => {
  const schema = z.object({
    a: z.email(),
    b: z.array(z.int()).min(1).max(2),
    c: z.record(z.enum(['x']), z.int()),
    d: z.string().min(2),
  })
  const parsed = schema.safeParse({ a: 'x', b: [], c: { y: 1 }, d: 'x' }, { error: plainError })
  for (const { message } of parsed.error?.issues ?? []) expect(message).not.toMatch(FOREIGN)
  expect(parsed.error?.issues).toHaveLength(5)
})
