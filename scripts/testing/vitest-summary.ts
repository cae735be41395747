import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'
import { addOutcomes, outcomeOf, type Outcome } from './outcome.ts'
import { leaveSummary } from './summary-file.ts'

/** Writes the result of a run of Vitest for the command that started it, in addition to the output of other reporters. */
export default class VitestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const outside = unhandled.map(({ message }) => `an error outside of any test: ${message}`)
    leaveSummary(addOutcomes([...modules.map(moduleOutcome), { passed: 0, failed: outside, skipped: [] }]))
  }
}

function moduleOutcome(module: TestModule): Outcome {
  const name = (entity: TestCase | TestSuite) => `${module.relativeModuleId} › ${entity.fullName}`
  const tests = [...module.children.allTests()].map((entity) => {
    const result = entity.result()
    const state = result.state === 'pending' ? 'unfinished' : result.state
    return { name: name(entity), state, reason: result.state === 'skipped' ? result.note : undefined } as const
  })
  // A file that cannot be loaded and a group whose set-up fails have errors without a test.
  const broken = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0).map(name)
  if (module.errors().length > 0) broken.push(module.relativeModuleId)
  return addOutcomes([outcomeOf(tests), { passed: 0, failed: broken, skipped: [] }])
}
