import { writeFileSync } from 'node:fs'
import type { Outcome } from './outcome.ts'

/** The file into which a test runner writes its outcome for the command that started it. */
export const SUMMARY_VARIABLE = 'SUMMARY_FILE'

export function leaveSummary(outcome: Outcome): void {
  const path = process.env[SUMMARY_VARIABLE]
  if (path !== undefined) writeFileSync(path, JSON.stringify(outcome))
}
