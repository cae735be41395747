import { AppError } from '../../core/errors.ts'
import type { ThreadErrors } from '../../platform/threads/failure.ts'

/** The errors of the application's threads. A fault is a bug, and keeps its message and its stack. */
export const THREAD_ERRORS: ThreadErrors = {
  fromFacts: (facts) => AppError.fromFacts(facts),
  fromFault: ({ message, stack }) => Object.assign(new Error(message), { stack }),
  lost: (name, cause) =>
    new AppError('STORAGE', `The ${name} thread stopped; what was saved before is kept. Try again.`, { reason: 'io' }, cause),
  closing: () => new AppError('STORAGE', 'The application is closing', { reason: 'io' }),
}
