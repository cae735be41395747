import { z } from 'zod'
import { figures, METRICS, type CallCounts, type Figure } from './metrics.ts'

/**
 * The change of a figure from the compared period. Counts and seconds: a share of the former value (0.1 = 10 % more). Rates: points of the
 * rate (0.1 = 10 percentage points more). `new`: the former value is 0. Null: one of the two has no value.
 */
export const changeSchema = z
  .union([z.object({ kind: z.enum(['relative', 'points']), value: z.number() }), z.object({ kind: z.literal('new') })])
  .nullable()
export type Change = z.infer<typeof changeSchema>

export function changeOf(current: Figure, former: Figure): Change {
  if (current.value === null || former.value === null) return null
  if (METRICS[current.key].unit === 'ratio') return { kind: 'points', value: current.value - former.value }
  if (former.value === 0) return current.value === 0 ? { kind: 'relative', value: 0 } : { kind: 'new' }
  return { kind: 'relative', value: (current.value - former.value) / former.value }
}

/** A figure with that of the compared period; null: none. */
export type FigureWithChange = Figure & { readonly former: Figure | null; readonly change: Change }

/** Returns all figures of a period with their changes. @param former the counts of the compared period; null: none. */
export function comparedFigures(counts: CallCounts, former: CallCounts | null): FigureWithChange[] {
  const before = former === null ? null : figures(former)
  return figures(counts).map((figure, index) => {
    const past = before?.[index] ?? null
    return { ...figure, former: past, change: past === null ? null : changeOf(figure, past) }
  })
}
