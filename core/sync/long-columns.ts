import { z } from 'zod'
import { HYBRID_TIME } from '../hybrid-clock.ts'
import { idSchema, isId } from '../id.ts'
import { timestampSchema } from '../model/common.ts'
import type { Scalar } from './tables.ts'

/** Values of one kind, thousands of them; `has` is the quick form of `value`. */
type Kind<T> = { readonly value: z.ZodType<T>; readonly has: (value: unknown) => boolean }

const MAX_TIMESTAMP = timestampSchema.maxValue ?? Number.MAX_SAFE_INTEGER
const isWhole = (value: unknown, min: number, max: number) =>
  Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max
const whole = (min: number, max = Number.MAX_SAFE_INTEGER): Kind<number> => ({
  value: z.int().min(min).max(max),
  has: (value) => isWhole(value, min, max),
})

/**
 * The values of the long columns of pushes and pages. Calling a schema for every value takes as long as the rest of reading a request, so
 * each kind also has a plain test. The test next to this file compares the two.
 */
export const KINDS = {
  scalar: {
    value: z.union([z.string(), z.number(), z.null()]),
    has: (value) => typeof value === 'string' || value === null || Number.isFinite(value),
  } satisfies Kind<Scalar>,
  id: { value: idSchema, has: (value) => typeof value === 'string' && isId(value) } satisfies Kind<string>,
  rowId: {
    value: z.string().min(1).max(100),
    has: (value) => typeof value === 'string' && value.length > 0 && value.length <= 100,
  } satisfies Kind<string>,
  hybridTime: {
    value: z.string().regex(HYBRID_TIME, 'Not a hybrid time'),
    has: (value) => typeof value === 'string' && HYBRID_TIME.test(value),
  } satisfies Kind<string>,
  timestamp: { value: timestampSchema, has: (value) => isWhole(value, 0, MAX_TIMESTAMP) } satisfies Kind<number>,
  schemaVersion: whole(1, 100_000),
  count: whole(1),
  place: whole(0),
}

/** Returns the schema of an array of values of one kind. The array is not copied. */
export function longColumn<T>({ value, has }: Kind<T>) {
  const isColumn = (values: unknown): values is T[] => Array.isArray(values) && values.every(has)
  return z.custom<T[]>(isColumn, 'A value of another kind').meta({
    type: 'array',
    // Read only by descriptions of the protocol. Every thread loads this file, and the descriptions would take most of that time.
    get items() {
      return z.toJSONSchema(value, { io: 'input' })
    },
  })
}
