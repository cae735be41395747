import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { clientIdSchema, userIdSchema, opIdSchema, txIdSchema } from '../id.ts'
import { emailSchema, timestampSchema } from '../model/common.ts'
import { REJECT_CODES } from '../sync/operation.ts'
import { SYNC_TABLE_NAMES } from '../sync/tables.ts'
import { procedure } from './base.ts'

export const SYNC_STATES = ['local', 'offline', 'pending', 'syncing', 'up_to_date', 'attention'] as const

export const syncStatusSchema = z.object({
  /**
   * `local`: this workspace is not connected to a server. `offline`: the server was not reached at the last try. `pending`: changes
   * wait. `syncing`: they are on their way. `attention`: something waits for a person, see `rejections`, `conflicts`, `problem`.
   */
  state: z.enum(SYNC_STATES),
  /** Changes of data that wait in the outbox. Sign-ins and other events wait there too and are not counted. */
  pending: z.int(),
  /** Operations that the server refused and no one has settled. */
  rejections: z.int(),
  /** Open conflicts: values that lost a merge and that no one has decided about. */
  conflicts: z.int(),
  serverUrl: z.string().nullable(),
  /** Whether the server answered at the last try; what only it can decide waits until it does. */
  isReached: z.boolean(),
  lastContactAt: timestampSchema.nullable(),
  /** The code of the most severe problem (`PROBLEMS`); null: none. */
  problem: z.string().nullable(),
})
export type SyncStatus = z.infer<typeof syncStatusSchema>

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))
const tableSchema = z.enum(SYNC_TABLE_NAMES as readonly [(typeof SYNC_TABLE_NAMES)[number]])

/** Two concurrent edits of the same fields. Values are keyed by the database's column names. */
export const openConflictSchema = z.object({
  id: z.string(),
  table: tableSchema,
  rowId: z.string(),
  winning: valuesSchema,
  losing: valuesSchema,
  winningUserId: userIdSchema,
  losingUserId: userIdSchema,
  createdAt: timestampSchema,
})

/** Something that a person did on this device and the server refused. */
export const rejectionSchema = z.object({
  opId: opIdSchema,
  txId: txIdSchema,
  table: z.string(),
  rowId: z.string(),
  /** `RESTORE`: restores a deleted call. */
  action: z.enum(['INSERT', 'UPDATE', 'DELETE', 'RESTORE']),
  /** What was typed, under the database's column names; no secrets. */
  values: valuesSchema,
  code: z.enum(REJECT_CODES),
  field: z.string().nullable(),
  current: z.union([z.string(), z.number(), z.null()]),
  at: timestampSchema,
})

const serverUrl = z.url({ protocol: /^https?$/, error: 'Not an http or https address' }).max(500)
/** It travels in a header. */
const publishKey = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^[ -~]+$/, 'A publish key has plain letters, digits and signs only')
const progress = z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() })

/** @param signedIn the session as `session.get` answers it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it carries the session's type into the contract
export function syncContract<S extends z.ZodType>(signedIn: S) {
  return {
    status: procedure.output(syncStatusSchema),
    /** The server's status from now on, first as it is. */
    follow: procedure.output(eventIterator(syncStatusSchema)),
    /**
     * Brings a client of a server onto this device and signs the person in. Broken off, the next call with the same server and
     * person goes on where it was.
     */
    join: procedure
      .input(z.object({ serverUrl, email: emailSchema, password: z.string().max(1_000), clientId: clientIdSchema.optional() }))
      .output(eventIterator(z.discriminatedUnion('kind', [progress, z.object({ kind: z.literal('ready'), session: signedIn })]))),
    /** Publishes this workspace on a server. After an interruption the next call resumes. */
    publish: procedure
      .input(z.object({ serverUrl, key: publishKey }))
      .output(eventIterator(z.discriminatedUnion('kind', [progress, z.object({ kind: z.literal('published') })]))),
    /**
     * After the server refused the device's token: signs in again and continues with a new token. The outbox is kept.
     * @throws WRONG_CREDENTIALS; CONFLICT where the account is not the one that syncs here; UNREACHABLE, REFUSED_BY_SERVER.
     */
    signInAgain: procedure.input(z.object({ email: emailSchema, password: z.string().max(1_000) })).output(syncStatusSchema),
    /**
     * Stores a new address of the server if the same server answers there and accepts this device.
     * @throws INVALID, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER; the old address stays.
     */
    moveServer: procedure.input(z.object({ serverUrl })).output(syncStatusSchema),
    /** Sends and fetches until nothing is left to do. @throws UNREACHABLE where the server does not answer. */
    now: procedure.output(syncStatusSchema),
    /** The network is back, or someone looks at the window: try now. */
    nudge: procedure.output(z.object({})),
    conflicts: procedure.output(z.array(openConflictSchema)),
    /** Makes the losing value a new edit on top. */
    useMine: procedure.input(z.object({ id: z.string().max(100) })).output(z.object({})),
    /** Keeps the server's value and dismisses the conflict. */
    keepTheirs: procedure.input(z.object({ id: z.string().max(100) })).output(z.object({})),
    rejections: procedure.output(z.array(rejectionSchema)),
    /** Does it again, with everything that was done in the same step. */
    retry: procedure.input(z.object({ opId: opIdSchema })).output(z.object({})),
    /** @param alone Without what was done in the same step: this one was made again, corrected, by the ordinary way. */
    discard: procedure.input(z.object({ opId: opIdSchema, alone: z.boolean().default(false) })).output(z.object({})),
  }
}
