import { z } from 'zod'
import { figurePartsSchema, proofRuleSchema, provenKeySchema } from '../metrics/proof.ts'
import { timeRangeSchema } from '../time/time-range.ts'
import { procedure } from './base.ts'
import { callPageSchema, cursorSchema } from './calls.ts'
import { reportFilterSchema } from './reports.ts'

const proofRequestSchema = reportFilterSchema.extend({ key: provenKeySchema })

const proofSchema = z.object({
  /** The period until now. */
  range: timeRangeSchema,
  parts: figurePartsSchema,
  /**
   * The number of calls by rule, in the order of the rules, without rules that apply to no call. `other_time` is missing, because its
   * calls are counted one by one; see `otherTime`.
   */
  rules: z.array(z.object({ rule: proofRuleSchema, count: z.int() })),
})

/**
 * The proof of a figure: the calls that took place or were created in the period, each with the rule that counts it or leaves it out.
 * A person who sees only their own figures gets only their own calls.
 */
export const proofContract = {
  rules: procedure.input(proofRequestSchema).output(proofSchema),
  /** The number of calls that were created in the period and took place outside it. Reads all calls. */
  otherTime: procedure.input(proofRequestSchema).output(z.object({ count: z.int() })),
  /** The calls of one rule, latest first. */
  calls: procedure
    .input(
      proofRequestSchema.extend({
        rule: proofRuleSchema,
        after: cursorSchema.nullable().default(null),
        /** Rows to skip after `after`, for a jump of the scroll bar. */
        skip: z.int().min(0).max(10_000_000).default(0),
        limit: z.int().min(1).max(500).default(100),
      }),
    )
    .output(callPageSchema),
}
