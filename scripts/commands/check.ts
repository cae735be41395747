import { runCheck } from '../testing/check-steps.ts'
import { addOutcomes, isSuccess, summaryLines } from '../testing/outcome.ts'

const outcome = addOutcomes(await runCheck())
console.log(summaryLines(outcome).join('\n'))
process.exitCode = isSuccess(outcome) ? 0 : 1
