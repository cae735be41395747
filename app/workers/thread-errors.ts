import { AppError, explainedError } from '../../core/errors.ts'
import type { ThreadErrors } from '../../platform/threads/failure.ts'

/** The errors of the application's threads. A fault is a bug, and keeps its message and its stack. */
export const THREAD_ERRORS: ThreadErrors = {
  fromFacts: (facts) => AppError.fromFacts(facts),
  fromFault: ({ message, stack }) => Object.assign(new Error(message), { stack }),
  lost: (name, cause) =>
    explainedError(
      'STORAGE',
      `The ${name} thread stopped.`,
      'What was saved before is kept; try again.',
      { reason: 'io' },
      cause,
    ),
  closing: () => explainedError('STORAGE', 'The application is closing.', 'What was saved before is kept.', { reason: 'io' }),
}
