/** The result of a step of `npm run check` or `npm test`. */
export type Outcome = {
  readonly passed: number
  /** The names of the failed tests or steps. */
  readonly failed: readonly string[]
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

export const NOTHING: Outcome = { passed: 0, failed: [], skipped: [] }

export function addOutcomes(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.flatMap(({ failed }) => failed),
    skipped: outcomes.flatMap(({ skipped }) => skipped),
  }
}

type TestResult = {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped' | 'unfinished'
  /** The reason of the skip. */
  readonly reason: string | undefined
}

/** A test that is skipped without a reason fails the run, because it may have been disabled by mistake. */
export function outcomeOf(results: readonly TestResult[]): Outcome {
  const failed: string[] = []
  const skipped: { name: string; reason: string }[] = []
  let passed = 0
  for (const { name, state, reason } of results) {
    if (state === 'passed') passed++
    else if (state === 'skipped' && reason !== undefined && reason !== '') skipped.push({ name, reason })
    else if (state === 'skipped') failed.push(`${name} (skipped without a reason)`)
    else if (state === 'unfinished') failed.push(`${name} (did not finish)`)
    else failed.push(name)
  }
  return { passed, failed, skipped }
}

/** Whether the whole run is a success: at least one test ran, and none failed. */
export function isSuccess({ passed, failed }: Outcome): boolean {
  return passed > 0 && failed.length === 0
}

/** Returns the end of the output. Programs read its last line. */
export function summaryLines(outcome: Outcome): string[] {
  const { passed, failed, skipped } = outcome
  const reasons = Map.groupBy(skipped, ({ reason }) => reason)
  return [
    '',
    ...(failed.length > 0 ? ['Failed:', ...failed.map((name) => `  ${name}`), ''] : []),
    ...(skipped.length > 0 ? ['Skipped:'] : []),
    ...[...reasons].flatMap(([reason, tests]) => [`  ${reason}`, ...tests.map(({ name }) => `    ${name}`)]),
    ...(skipped.length > 0 ? [''] : []),
    ...(passed + failed.length === 0 ? ['No test ran, which is a failure.', ''] : []),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ]
}
