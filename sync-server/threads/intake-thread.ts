import { getPriority, setPriority } from 'node:os'
import { workerData } from 'node:worker_threads'
import { isSyncError } from '../../core/sync/errors.ts'
import { publishRequestSchema, pushBodySchema } from '../../core/sync/protocol.ts'
import { BULK_BODY, readBody, type Encoding } from '../service/body.ts'
import { serve } from '../../platform/threads/serve.ts'

/** Whether the other threads of the process get the processors first. */
export type IntakeThreadData = { readonly hasLowPriority: boolean }

/** A packed body, to be unpacked and checked. */
export type IntakeRequest = {
  readonly kind: 'push' | 'publish'
  readonly body: Uint8Array
  readonly encoding: Encoding
  /** short: the answer is null for a body that is longer than `SHORT_BODY` when it is unpacked. */
  readonly only: 'short' | null
}

/** The JSON of a body that follows the protocol. It is in bytes, which move to the next thread without a copy. */
export type IntakeAnswer = Uint8Array | null

const SCHEMAS = { push: pushBodySchema, publish: publishRequestSchema }
/** Hundreds of calls; checked in a few milliseconds. */
const SHORT_BODY = { ...BULK_BODY, bytes: 262_144 }
/** A niceness: a higher number is a lower priority. */
const LOW_PRIORITY = 10

/**
 * Lowers the priority of this thread. Does nothing outside Linux, where it would be the priority of the whole process. An unprivileged
 * process may not raise its priority, and a sandbox may forbid any change. The thread then keeps the priority of the process.
 */
function lowerPriority(): void {
  if (process.platform !== 'linux') return
  try {
    if (getPriority() < LOW_PRIORITY) setPriority(LOW_PRIORITY)
  } catch {
    // Long bodies may then delay other requests more.
  }
}

const { hasLowPriority } = workerData as IntakeThreadData
if (hasLowPriority) lowerPriority()

/**
 * Unpacks and checks bodies, so that a slow or refused body costs the writer nothing. The result is JSON of bounded size and depth that
 * follows its schema.
 */
serve((request) => {
  const { kind, body, encoding, only } = request as IntakeRequest
  const read = (bounds: typeof BULK_BODY) => readBody<(typeof SCHEMAS)[typeof kind]>(SCHEMAS[kind], body, encoding, bounds).json
  if (only === null) return read(BULK_BODY) satisfies IntakeAnswer
  try {
    return read(SHORT_BODY) satisfies IntakeAnswer
  } catch (error) {
    if (isSyncError(error, 'TOO_LARGE') && error.data.limit === SHORT_BODY.bytes) return null satisfies IntakeAnswer
    throw error
  }
})
