import { AppError, explainedError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { ThreadErrors } from '../../platform/threads/failure.ts'

/** The errors of the application's threads. A fault is a bug, and keeps its message and its stack. */
export const THREAD_ERRORS: ThreadErrors = {
  fromFacts: (facts) => AppError.fromFacts(facts),
  fromFault: ({ message, stack }) => Object.assign(new Error(message), { stack }),
  lost: (name, cause) =>
    explainedError(
      'STORAGE',
      sentence('storage.thread-stopped', { thread: name }),
      sentence('storage.thread-kept'),
      { reason: 'io' },
      cause,
    ),
  closing: () => explainedError('STORAGE', sentence('storage.closing'), sentence('storage.closing-kept'), { reason: 'io' }),
}
