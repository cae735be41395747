import type { z } from 'zod'
import { RULES } from './messages/rules.ts'
import { catalogueOf, type Sentence, type Text, type Translatable } from './messages/text.ts'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const KINDS = {
  string: 'rule.string',
  number: 'rule.number',
  int: 'rule.int',
  boolean: 'rule.boolean',
  object: 'rule.object',
  record: 'rule.object',
  array: 'rule.array',
} as const

const { clause: rule, sentenceOf } = catalogueOf(RULES)
const byMessage: ReadonlyMap<string, Text> = new Map(RULES.map(({ id, message }) => [message, { id, values: {} }]))

function tooBig({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): Text {
  const most = Number(maximum)
  if (origin === 'string') return rule('rule.too-long', { most })
  return origin === 'array' ? rule('rule.too-many', { most }) : rule('rule.too-big', { most })
}

function tooSmall({ origin, minimum }: Extract<Issue, { code: 'too_small' }>): Text {
  const least = Number(minimum)
  if (origin === 'string') return minimum === 1 ? rule('rule.missing') : rule('rule.too-short', { least })
  return origin === 'array' ? rule('rule.too-few', { least }) : rule('rule.too-small', { least })
}

/** Returns the message of a broken rule that has none of its own. */
function plainRule(issue: Issue): Text {
  switch (issue.code) {
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_type':
      if (issue.input === undefined) return rule('rule.missing')
      return rule(Object.hasOwn(KINDS, issue.expected) ? KINDS[issue.expected as keyof typeof KINDS] : 'rule.kind')
    case 'invalid_value':
      return rule('rule.one-of', { values: issue.values.map(String).join(', ') })
    case 'unrecognized_keys':
      return rule('rule.unknown-settings', { names: issue.keys.map((key) => `“${key}”`).join(', ') })
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return rule('rule.not-allowed')
  }
}

/** Returns the message of a broken rule that has none of its own, as data. */
export function plainSentence(issue: Issue): Translatable {
  return sentenceOf(plainRule(issue))
}

/**
 * Returns a plain message for a broken rule. Pass it as `error` to `safeParse`. A message in the schema takes precedence. Without it, people
 * would read Zod's messages ("Too big: expected string to have <=254 characters").
 */
export const plainError: z.core.$ZodErrorMap = (issue) => plainSentence(issue).message

/** Returns the message of a rule of a schema as data; without `text` if no language has it. */
export function ruleSentence(message: string): Sentence {
  return { message, text: byMessage.get(message) }
}

/** Returns the message of an issue that Zod found, as data. */
export function issueSentence(issue: z.core.$ZodIssue): Sentence {
  const known = ruleSentence(issue.message)
  // The input of an issue is not kept, so that a missing value is known by its message only.
  const text = known.text ?? plainRule({ ...issue, input: null } as Issue)
  return sentenceOf(text).message === issue.message ? { message: issue.message, text } : known
}
