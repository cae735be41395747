import { NO_CALLS, type CallCounts } from './metrics.ts'

const COUNTS = Object.keys(NO_CALLS) as readonly (keyof CallCounts)[]

/** Adds counts to others. */
export function addCounts(a: CallCounts, b: CallCounts): CallCounts {
  const sum = { ...a }
  for (const key of COUNTS) sum[key] = a[key] + b[key]
  return sum
}

export function sameCounts(a: CallCounts, b: CallCounts): boolean {
  return COUNTS.every((key) => a[key] === b[key])
}
