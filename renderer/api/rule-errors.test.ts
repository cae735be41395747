import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { plainError } from '../../core/plain-errors.ts'
import { ruleError, translateRules } from './rule-errors.ts'

// Test files share the texts of schemas.
afterEach(() => void z.config({ customError: plainError }))

const BROKEN: readonly (readonly [z.ZodType, unknown])[] = [
  [z.string().max(2_000), 'x'.repeat(2_001)],
  [z.string().min(1), ''],
  [z.string().min(8), 'x'],
  [z.array(z.int()).max(1), [1, 2]],
  [z.array(z.int()).min(2), []],
  [z.int().max(1_000_000), 1_000_001],
  [z.int().min(-5), -6],
  [z.object({ name: z.string() }), {}],
  ...[z.string(), z.number(), z.int(), z.boolean(), z.object({}), z.record(z.string(), z.int()), z.array(z.int()), z.date()].map(
    (schema) => [schema, null] as const,
  ),
  [z.int(), 1.5],
  [z.enum(['a', 'b']), 'c'],
  [z.strictObject({}), { one: 1, two: 2 }],
  [z.string().regex(/x/), 'y'],
  [z.union([z.int(), z.boolean()]), 'x'],
  [z.number().multipleOf(2), 3],
  [z.string().refine(() => false), 'x'],
]

test('a broken rule without a text of its own has the words of the application', () => {
  for (const [schema, value] of BROKEN) {
    const shown = schema.safeParse(value, { error: ruleError }).error?.issues.map(({ message }) => message)
    expect(shown).toEqual(schema.safeParse(value, { error: plainError }).error?.issues.map(({ message }) => message))
    expect(shown).toHaveLength(1)
  }
})

test('the text of a rule takes precedence', () => {
  translateRules()
  const schema = z.string().min(3, 'Three letters')
  expect(schema.safeParse('x').error?.issues[0]?.message).toBe('Three letters')
  expect(schema.safeParse(1).error?.issues[0]?.message).toBe('This must be text')
})
