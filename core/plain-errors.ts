import type { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a group of settings in braces',
  record: 'a group of settings in braces',
  array: 'a list',
}

const count = (value: number | bigint) => value.toLocaleString('en')

function tooBig({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): string {
  if (origin === 'string') return `This is longer than ${count(maximum)} characters`
  if (origin === 'array') return `At most ${count(maximum)} entries are possible`
  return `The largest possible value is ${count(maximum)}`
}

function tooSmall({ origin, minimum }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'string') return minimum === 1 ? 'This is missing' : `At least ${count(minimum)} characters are needed`
  if (origin === 'array') return `At least ${count(minimum)} entries are needed`
  return `The smallest possible value is ${count(minimum)}`
}

/**
 * Returns a plain message for a broken rule. Pass it as `error` to `safeParse`. A message in the schema takes precedence. Without it, people
 * would read Zod's messages ("Too big: expected string to have <=254 characters").
 */
export const plainError: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_type':
      return issue.input === undefined ? 'This is missing' : `This must be ${KINDS[issue.expected] ?? 'of another kind'}`
    case 'invalid_value':
      return `This must be one of ${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => `“${key}”`).join(', ')} is not a known setting`
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return 'This value is not allowed here'
  }
}
