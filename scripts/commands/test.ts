import { runCheck } from '../testing/check-steps.ts'
import { HOW_TO_GET_CHROMIUM, obtainChromium } from '../testing/obtain-chromium.ts'
import { addOutcomes, isSuccess, summaryLines, type Outcome } from '../testing/outcome.ts'
import { END_TO_END, INTEGRATION, runLive } from '../testing/steps.ts'

async function endToEnd(): Promise<Outcome> {
  const browser = await obtainChromium((line) => console.log(line))
  if (browser === undefined) {
    console.log(HOW_TO_GET_CHROMIUM)
    return { passed: 0, failed: ['end-to-end tests (no browser)'], skipped: [] }
  }
  return runLive({ ...END_TO_END, env: { CHROMIUM_PATH: browser } })
}

const outcomes = await runCheck()
// One after the other, because both start whole applications and have time limits.
outcomes.push(await runLive(INTEGRATION))
outcomes.push(await endToEnd())

const outcome = addOutcomes(outcomes)
console.log(summaryLines(outcome).join('\n'))
process.exitCode = isSuccess(outcome) ? 0 : 1
