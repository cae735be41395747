import type { z } from 'zod'
import { must } from '../../core/assert.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import { parsedJson } from '../../core/parsed-json.ts'
import { auditEntries } from '../../core/sync/audit-entries.ts'
import type { PageEnvelope, PushAnswerEnvelope } from '../../core/sync/envelope.ts'
import { problemSentence } from '../../core/sync/problem-text.ts'
import { LIMITS, auditPageSchema, pageBodySchema, pastResponseSchema, pushAnswerBodySchema } from '../../core/sync/protocol.ts'
import { encodePush } from '../../core/sync/push-batch.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { PageApplier } from '../../db/sync/apply-page.ts'
import { applyPushResponse } from '../../db/sync/apply-push.ts'
import { UnknownColumnError } from '../../db/sync/apply-rows.ts'
import { beginBulkLoad, finishBulkLoad } from '../../db/sync/bulk-load.ts'
import { getDeviceState, markScrubPending, noteSuccess } from '../../db/sync/device-state.ts'
import { nextOperations } from '../../db/sync/outbox.ts'
import { scrubFile } from '../../db/sync/scrub.ts'
import { scrubTextStep } from '../../db/text-index.ts'
import { command, query, type InternalContext } from '../declaration/operation.ts'
import { SYNC_TOPIC, SYNCED_TOPICS } from './topics.ts'

export type PreparedPush = {
  /** JSON of `pushBodySchema`. */
  readonly body: Uint8Array
  /** The first and last `deviceSeq`. */
  readonly first: number
  readonly last: number
  /** The device's position in the feed. */
  readonly cursor: string | null
}

/** @throws AppError REFUSED_BY_SERVER with the reason NOT_THE_SERVER if the body does not follow the schema. */
export function readAnswer<S extends z.ZodType>(schema: S, body: Uint8Array): z.infer<S> {
  const found = schema.safeParse(parsedJson(new TextDecoder().decode(body)))
  if (found.success) return found.data
  throw new AppError('REFUSED_BY_SERVER', problemSentence('NOT_THE_SERVER'), { reason: 'NOT_THE_SERVER' })
}

/** Stops before any part of an answer is written, if it contains a column that this release does not store (S22). */
function withKnownColumns<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof UnknownColumnError)) throw error
    throw new AppError('REFUSED_BY_SERVER', problemSentence('UPDATE_NEEDED'), { reason: 'UPDATE_NEEDED' }, error)
  }
}

/** @throws AppError REFUSED_BY_SERVER if the server was restored or replaced (S6). */
export function requireEpoch(db: ReadableDb, epoch: string): void {
  const known = getDeviceState(db).epoch
  if (known === null || known === epoch) return
  throw new AppError('REFUSED_BY_SERVER', problemSentence('EPOCH'), { reason: 'EPOCH' })
}

function writePart({ db, now, thread }: InternalContext<WritableDb>): {
  readonly isLast: boolean
  readonly isScrubPending: boolean
} {
  const { applier, after } = must(thread.incomingPage, 'A page is being written')
  // Two processes can sync one home for some seconds if one of them seemed dead. Older rows must not overwrite newer ones.
  if (getDeviceState(db).cursor !== after) throw new AppError('CONFLICT', sentence('server.synced-elsewhere'), {})
  const isLast = applier.write(db)
  if (isLast) {
    thread.incomingPage = undefined
    noteSuccess(db, 'pull', now)
  }
  return { isLast, isScrubPending: isLast && getDeviceState(db).isScrubPending }
}

/** What the engine sends and receives. The bodies of the server's answers are parsed here, outside the main thread. */
export const engineTransferOperations = {
  /** Runs in the thread of reports, because packing a thousand operations would delay a list. */
  'engine.prepare': query({
    access: 'internal',
    thread: 'report',
    run: ({ db, actor }, input: { after: number }): PreparedPush | null => {
      const operations = nextOperations(db, actor.userId, input.after, LIMITS.pushBytes, LIMITS.operations)
      const [first] = operations
      const last = operations.at(-1)
      if (first === undefined || last === undefined) return null
      return {
        body: new TextEncoder().encode(JSON.stringify(encodePush(operations))),
        first: first.deviceSeq,
        last: last.deviceSeq,
        cursor: getDeviceState(db).cursor,
      }
    },
  }),
  'engine.pushed': command({
    access: 'internal',
    changes: SYNCED_TOPICS,
    source: 'server',
    run: ({ db, actor, now }, input: { first: number; last: number; envelope: PushAnswerEnvelope; body: Uint8Array }) => {
      const response = { ...input.envelope, ...readAnswer(pushAnswerBodySchema, input.body) }
      requireEpoch(db, response.epoch)
      const outcome = withKnownColumns(() => applyPushResponse(db, actor.userId, input.first, input.last, response))
      noteSuccess(db, 'push', now)
      return outcome
    },
  }),
  /** Writes the first part of a page; `engine.more` writes the others. */
  'engine.page': command({
    access: 'internal',
    changes: SYNCED_TOPICS,
    source: 'server',
    run: (context, input: { envelope: PageEnvelope; body: Uint8Array; after: string | null }) => {
      const page = { ...input.envelope, ...readAnswer(pageBodySchema, input.body) }
      requireEpoch(context.db, page.epoch)
      const applier = withKnownColumns(() => new PageApplier(page, context.actor.userId))
      context.thread.incomingPage = { applier, after: input.after }
      return writePart(context)
    },
  }),
  'engine.more': command({ access: 'internal', changes: SYNCED_TOPICS, source: 'server', run: (context) => writePart(context) }),
  /** Stores the contact of an empty page whose cursor did not move. */
  'engine.unchanged': command({
    access: 'internal',
    changes: [SYNC_TOPIC],
    source: 'server',
    run: ({ db, now }, { epoch }: { epoch: string }) => {
      requireEpoch(db, epoch)
      noteSuccess(db, 'pull', now)
      return null
    },
  }),
  /** Removes deleted text from the search index, in steps; returns whether this was the last (S15). */
  'engine.scrubText': command({
    access: 'internal',
    changes: [],
    source: 'server',
    isUpkeep: true,
    run: ({ db }, input: { isFirst: boolean }) => scrubTextStep(db, input.isFirst),
  }),
  /** Overwrites deleted rows in the file and the write-ahead log; returns false if another connection blocks it. */
  'engine.scrub': command({
    access: 'internal',
    changes: [],
    source: 'server',
    isUpkeep: true,
    run: ({ db }) => scrubFile(db),
  }),
  'engine.scrubbed': command({
    access: 'internal',
    changes: [],
    source: 'server',
    run: ({ db }) => {
      markScrubPending(db, false)
      return null
    },
  }),
  /** For a workspace that is being joined and that no one has open. */
  'engine.beginBulkLoad': command({
    access: 'internal',
    changes: [],
    source: 'server',
    run: ({ db }) => {
      beginBulkLoad(db)
      return null
    },
  }),
  'engine.finishBulkLoad': command({
    access: 'internal',
    changes: [],
    source: 'server',
    run: ({ db }) => {
      finishBulkLoad(db)
      return null
    },
  }),
  /** Reads a page of the server's audit trail. */
  'engine.readAudit': query({
    access: 'internal',
    thread: 'list',
    run: ({ actor }, { body }: { body: Uint8Array }) => {
      const { rows, next } = readAnswer(auditPageSchema, body)
      return { rows: auditEntries(actor.clientId, rows), next }
    },
  }),
  /** Checks the server's answers about the past of an import before the import relies on them. */
  'engine.checkPast': query({
    access: 'internal',
    thread: 'report',
    run: (_context, { answers }: { answers: readonly Uint8Array[] }) => {
      for (const answer of answers) readAnswer(pastResponseSchema, answer)
      return null
    },
  }),
}
