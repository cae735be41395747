import type { CallStatus } from '../model/call.ts'

/**
 * The next attempt after a no-show is the first later call with the same prospect that took place or was planned to: a completed, no-show or
 * rescheduled call whose event time is later than the no-show's and not in the future.
 *
 * `core/model/prospect-identity.ts` defines which calls are with the same prospect. Calls that are connected only through a third call are
 * not counted. The attempt of any person counts. For a person who sees only their own figures, only their own calls count.
 */
export const ATTEMPTS = ['completed', 'no_show', 'rescheduled'] as const satisfies readonly CallStatus[]

/** A no-show with a next attempt, one without, and one without a way to reach the prospect. */
export const NO_SHOW_KINDS = ['answered', 'unanswered', 'no_contact'] as const
export type NoShowKind = (typeof NO_SHOW_KINDS)[number]
