import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { clientIdSchema, userIdSchema, opIdSchema, txIdSchema } from '../id.ts'
import { emailSchema, timestampSchema } from '../model/common.ts'
import { REJECT_CODES } from '../sync/operation.ts'
import { SYNC_TABLE_NAMES } from '../sync/tables.ts'
import { procedure } from './base.ts'
import { passwordSchema, signedInSchema } from './session.ts'

export const SYNC_STATES = ['local', 'offline', 'pending', 'syncing', 'up_to_date', 'attention'] as const

export const syncStatusSchema = z.object({
  /**
   * `local`: this workspace is not connected to a server. `offline`: the last attempt did not reach the server. `pending`: changes wait in
   * the outbox. `syncing`: they are being sent. `attention`: a person must act; see `rejections`, `conflicts` and `problem`.
   */
  state: z.enum(SYNC_STATES),
  /** Changes of data in the outbox, without sign-ins and other events. */
  pending: z.int(),
  /** Operations that the server rejected and that no one has decided about. */
  rejections: z.int(),
  /** Open conflicts: values that lost a merge and that no one has decided about. */
  conflicts: z.int(),
  serverUrl: z.string().nullable(),
  /** Whether the last attempt reached the server. */
  isReached: z.boolean(),
  lastContactAt: timestampSchema.nullable(),
  /** The code of the most severe problem (`PROBLEMS`); null: none. */
  problem: z.string().nullable(),
})
export type SyncStatus = z.infer<typeof syncStatusSchema>

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))
const tableSchema = z.enum(SYNC_TABLE_NAMES as readonly [(typeof SYNC_TABLE_NAMES)[number]])

/** Two concurrent edits of the same fields. Values are keyed by column names of the database. */
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

/** An operation of this device that the server rejected. */
export const rejectionSchema = z.object({
  opId: opIdSchema,
  txId: txIdSchema,
  table: z.string(),
  rowId: z.string(),
  /** `RESTORE`: restores a deleted call. */
  action: z.enum(['INSERT', 'UPDATE', 'DELETE', 'RESTORE']),
  /** The values of the operation, keyed by column names of the database, without secrets. */
  values: valuesSchema,
  code: z.enum(REJECT_CODES),
  field: z.string().nullable(),
  current: z.union([z.string(), z.number(), z.null()]),
  at: timestampSchema,
})

const serverUrl = z.url({ protocol: /^https?$/, error: 'Not an http or https address' }).max(500)
/** Printable ASCII only, because it is sent in a header. */
const publishKey = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^[ -~]+$/, 'A publish key has only plain letters, digits and signs')
const progress = z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() })

export const syncContract = {
  status: procedure.output(syncStatusSchema),
  /** Yields the current status, then every change of it. */
  follow: procedure.output(eventIterator(syncStatusSchema)),
  /**
   * Brings a client from a server to this device and signs the person in. After an interruption, the next call with the same server and
   * person resumes.
   */
  join: procedure
    .input(z.object({ serverUrl, email: emailSchema, password: passwordSchema, clientId: clientIdSchema.optional() }))
    .output(
      eventIterator(z.discriminatedUnion('kind', [progress, z.object({ kind: z.literal('ready'), session: signedInSchema })])),
    ),
  /** Publishes this workspace on a server. After an interruption, the next call resumes. */
  publish: procedure
    .input(z.object({ serverUrl, key: publishKey }))
    .output(eventIterator(z.discriminatedUnion('kind', [progress, z.object({ kind: z.literal('published') })]))),
  /**
   * Gets a new token after the server refused that of the device. The outbox is kept.
   * @throws WRONG_CREDENTIALS; CONFLICT if it is not the account of this device; UNREACHABLE, REFUSED_BY_SERVER.
   */
  signInAgain: procedure.input(z.object({ email: emailSchema, password: passwordSchema })).output(syncStatusSchema),
  /**
   * Stores a new address of the server if the same server answers there and accepts this device.
   * @throws INVALID, CONFLICT, UNREACHABLE, REFUSED_BY_SERVER. The old address is kept.
   */
  moveServer: procedure.input(z.object({ serverUrl })).output(syncStatusSchema),
  /** Pushes and pulls until nothing is left. @throws UNREACHABLE if the server does not answer. */
  now: procedure.output(syncStatusSchema),
  /** Syncs when the window is visible or the network is back. */
  nudge: procedure.output(z.object({})),
  conflicts: procedure.output(z.array(openConflictSchema)),
  /** Writes the losing value as a new edit. */
  useMine: procedure.input(z.object({ id: z.string().max(100) })).output(z.object({})),
  /** Keeps the server's value and dismisses the conflict. */
  keepTheirs: procedure.input(z.object({ id: z.string().max(100) })).output(z.object({})),
  rejections: procedure.output(z.array(rejectionSchema)),
  /** Repeats a rejected operation, together with all operations of its transaction. */
  retry: procedure.input(z.object({ opId: opIdSchema })).output(z.object({})),
  /** Discards a rejected operation and, unless `alone`, all operations of its transaction. `alone`: a person made a corrected edit instead. */
  discard: procedure.input(z.object({ opId: opIdSchema, alone: z.boolean().default(false) })).output(z.object({})),
}
