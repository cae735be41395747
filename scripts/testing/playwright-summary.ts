import type { FullConfig, Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter'
import { addOutcomes, outcomeOf } from './outcome.ts'
import { leaveSummary } from './summary-file.ts'

/** Writes the result of a run of Playwright for the command that started it, in addition to the output of other reporters. */
export default class PlaywrightSummary implements Reporter {
  #suite: Suite | undefined
  readonly #outside: string[] = []

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite
  }

  onError(error: TestError): void {
    this.#outside.push(`an error outside of any test: ${error.message ?? String(error.value)}`)
  }

  onEnd(): void {
    const tests = this.#suite?.allTests() ?? []
    leaveSummary(addOutcomes([outcomeOf(tests.map(resultOf)), { passed: 0, failed: this.#outside, skipped: [] }]))
  }
}

function resultOf(test: TestCase) {
  const [, project = '', ...titles] = test.titlePath()
  const name = `${project} › ${titles.join(' › ')}`
  const states = { expected: 'passed', unexpected: 'failed', flaky: 'failed' } as const
  const outcome = test.outcome()
  if (outcome !== 'skipped') return { name, state: states[outcome], reason: undefined }
  const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description
  // After a worker has died, its other tests have no result and are reported as skipped.
  const state = test.results.length === 0 ? ('unfinished' as const) : ('skipped' as const)
  return { name, state, reason }
}
