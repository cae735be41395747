import { availableParallelism } from 'node:os'
import type { Outcome } from './outcome.ts'
import { FORMAT, LINT, runSteps, TYPES, UNIT, UNUSED } from './steps.ts'

/** The steps of `npm run check`, the longest first. */
export function runCheck(): Promise<Outcome[]> {
  return runSteps([UNIT, TYPES, LINT, UNUSED, FORMAT], Math.min(availableParallelism(), 3))
}
