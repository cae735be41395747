import { expect, test } from 'vitest'
import { AppError } from './errors.ts'
import { SyncError } from './sync/errors.ts'
import { TypedError, type ErrorFacts } from './typed-error.ts'

const sent = (facts: ErrorFacts) => JSON.parse(JSON.stringify(facts)) as ErrorFacts

test('an error of either catalogue is the same after it crossed as data', () => {
  const app = AppError.inEnglish('THROTTLED', 'Wait', { retryAt: 5, waitMs: 3 })
  const sync = new SyncError('EPOCH', 'Another server', { epoch: 'e' })
  const cause = new Error('cause')
  const rebuilt = [AppError.fromFacts(sent(app.toFacts()), cause), SyncError.fromFacts(sent(sync.toFacts()))]
  for (const [index, error] of [app, sync].entries()) {
    expect(rebuilt[index]).toBeInstanceOf(error.constructor)
    expect(rebuilt[index]).toBeInstanceOf(TypedError)
    expect(rebuilt[index]?.toFacts()).toEqual(error.toFacts())
    expect(rebuilt[index]?.name).toBe(error.name)
  }
  expect(rebuilt[0]?.cause).toBe(cause)
})
