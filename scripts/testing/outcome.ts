/** What a step of `npm run check` or `npm test` found. */
export type Outcome = {
  readonly passed: number
  /** Names of what failed. */
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
  /** Why it was skipped. */
  readonly reason: string | undefined
}

/** A test that nobody says why it was skipped is a test that somebody switched off: it fails the run. */
export function outcomeOf(results: readonly TestResult[]): Outcome {
  const failed: string[] = []
  const skipped: { name: string; reason: string }[] = []
  let passed = 0
  for (const { name, state, reason } of results) {
    if (state === 'passed') passed++
    else if (state === 'skipped' && reason !== undefined && reason !== '') skipped.push({ name, reason })
    else if (state === 'skipped') failed.push(`${name} (skipped without a reason)`)
    else if (state === 'unfinished') failed.push(`${name} (never ran to its end)`)
    else failed.push(name)
  }
  return { passed, failed, skipped }
}

/** Whether the run as a whole is a success: something ran, and nothing failed. */
export function isSuccess({ passed, failed }: Outcome): boolean {
  return passed > 0 && failed.length === 0
}

/** The end of the output; its last line is for programs. */
export function summaryLines(outcome: Outcome): string[] {
  const { passed, failed, skipped } = outcome
  const reasons = Map.groupBy(skipped, ({ reason }) => reason)
  return [
    '',
    ...(failed.length > 0 ? ['Failed:', ...failed.map((name) => `  ${name}`), ''] : []),
    ...(skipped.length > 0 ? ['Skipped:'] : []),
    ...[...reasons].flatMap(([reason, tests]) => [`  ${reason}`, ...tests.map(({ name }) => `    ${name}`)]),
    ...(skipped.length > 0 ? [''] : []),
    ...(passed + failed.length === 0 ? ['Nothing ran, which is a failure.', ''] : []),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ]
}
