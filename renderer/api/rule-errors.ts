import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { z } from 'zod'
// oxlint-disable-next-line import/no-unassigned-import -- it sets English texts for all schemas when it is loaded, so it must be loaded before they are replaced
import '../../core/contract/base.ts'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const KINDS: Readonly<Record<string, MessageDescriptor>> = {
  string: msg`This must be text`,
  number: msg`This must be a number`,
  int: msg`This must be a whole number`,
  boolean: msg`This must be true or false`,
  object: msg`This must be a group of settings in braces`,
  record: msg`This must be a group of settings in braces`,
  array: msg`This must be a list`,
}

const countText = (value: number | bigint) => i18n.number(Number(value))

function tooBig({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): string {
  const most = countText(maximum)
  if (origin === 'string') return t`This is longer than ${most} characters`
  return origin === 'array' ? t`At most ${most} entries are possible` : t`The largest possible value is ${most}`
}

function tooSmall({ origin, minimum }: Extract<Issue, { code: 'too_small' }>): string {
  const least = countText(minimum)
  if (origin === 'string') return minimum === 1 ? t`This is missing` : t`At least ${least} characters are needed`
  return origin === 'array' ? t`At least ${least} entries are needed` : t`The smallest possible value is ${least}`
}

/** Returns the message of a broken rule that has no text of its own. The English is that of `core/plain-errors.ts`. */
export const ruleError: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_type': {
      if (issue.input === undefined) return t`This is missing`
      const kind = KINDS[issue.expected]
      return kind === undefined ? t`This must be of another kind` : i18n.t(kind)
    }
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      return t`This must be one of ${values}`
    }
    case 'unrecognized_keys': {
      const names = issue.keys.map((key) => t`“${key}”`).join(', ')
      return t`${names} is not a known setting`
    }
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return t`This value is not allowed here`
  }
}

/** Shows broken rules that have no text of their own in the language of the window. */
export function translateRules(): void {
  z.config({ customError: ruleError })
}
