import { schemaResolver } from '@mantine/form'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { ruleText } from '../api/rule-text.ts'

/** Returns the validation of a form by a schema. The texts of the rules are in the language of the window. */
export function formRules(schema: z.ZodType): (values: unknown) => Record<string, ReactNode> {
  const check = schemaResolver(schema, { sync: true })
  return (values) =>
    Object.fromEntries(
      Object.entries(check(values)).map(([path, text]) => [path, typeof text === 'string' ? ruleText(text) : text]),
    )
}
