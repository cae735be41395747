import { z } from 'zod'
import { idSchema, clientIdSchema, userIdSchema, callIdSchema, deviceIdSchema } from '../id.ts'
import { AUDIT_ACTIONS, auditActionSchema } from '../model/audit.ts'
import { timestampSchema } from '../model/common.ts'
import { roleSchema } from '../roles.ts'
import { columnarSchema } from './columnar.ts'
import { cursorSchema, type PageEnvelope, type PushAnswerEnvelope, type PushEnvelope } from './envelope.ts'
import { KINDS, longColumn } from './long-columns.ts'
import { REJECT_CODES } from './operation.ts'
import { MERGED_TABLES, SYNC_TABLE_NAMES } from './tables.ts'

/**
 * The version of everything in this file, in `team-protocol.ts` and of `SYNC_TABLES`. A change of either needs a new line here. The test next to this file
 * compares a hash.
 *
 * 1  The first version: enrol, publish, push, pull, snapshot, events, history, audit.
 * 2  The table `user_settings`. A device of version 1 receives everything until its person saves a setting on a newer device. Its pull then
 *    stops before that row with "update needed", and it keeps and sends its own changes. A server of version 1 refuses a device of version 2.
 *    The optional request `team`: a device of version 1 does not make it.
 * 3  The column `follows_call_id` of `calls`. A page leaves it out while all of its rows have null, so a device of version 2 receives
 *    everything until a page has a call that continues another one. Its pull then stops before that page with "update needed", and it keeps and
 *    sends its own changes. It can publish a workspace without the column.
 *    The table `do_not_call`. A device of version 2 stops before the first entry of the list in the same way.
 *    A server of version 3 refuses a device of version 1, and a server of version 2 refuses a device of version 3.
 */
export const PROTOCOL_VERSION = 3
/** A server speaks the current version and the one before (S22). */
export const SUPPORTED_PROTOCOLS: readonly number[] = [2, 3]

/**
 * The header with the protocol version, on every request and every answer under /v1. An answer without it is not the server's: it comes
 * from a sign-in page of the network or from a proxy.
 */
export const PROTOCOL_HEADER = 'propaganda-protocol'

/** Bounds that both sides respect. Bytes are of JSON before compression. */
export const LIMITS = {
  /** Of one page of a pull or a snapshot. */
  pageBytes: 1_000_000,
  pageRows: 4_000,
  /** The target size of one push. A larger transaction is sent alone. */
  pushBytes: 1_000_000,
  /**
   * The most bytes of one transaction, or of a publication's chunk, in one request. It is below `compressedBytes` even if nothing can be
   * compressed. A larger transaction is cut.
   */
  pieceBytes: 4_000_000,
  /** The most that the server accepts in one request. */
  requestBytes: 24_000_000,
  compressedBytes: 8_000_000,
  operations: 10_000,
} as const

const scalarSchema = KINDS.scalar.value
const seqSchema = z.int().min(0)
/** A column, or a key of an event's values. It begins with a letter, which excludes `__proto__`. */
const columnNameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, 'Not a column name')
const tableSchema = z.enum(SYNC_TABLE_NAMES as readonly [(typeof SYNC_TABLE_NAMES)[number]])
const operationActionSchema = z.enum(AUDIT_ACTIONS.filter((action) => action !== 'SYNC_REJECTED'))

const deviceSchema = z.object({
  /** The device's own id; it stays the same for as long as its outbox does. */
  id: deviceIdSchema,
  /** The name in the list of devices. */
  name: z.string().max(100),
})

/** Columns of a row page in addition to `id` and the table's own: */
export const ROW_COLUMNS = {
  /** `seq` of the row's last operation. */
  version: '@version',
  /** `seq` that wrote all fields except those in `@fields`. */
  base: '@base',
  /** JSON object of the other fields' versions by column, a unit under its first column; or null. */
  fields: '@fields',
  /** The author of the last operation. */
  by: '@by',
} as const

/** The data that a device may hold; see scope.ts. */
const scopeSchema = z.object({ calls: z.enum(['own', 'all']), users: z.enum(['names', 'full']) })

/** A row that left the reader's scope, or was deleted. */
const removalSchema = z.object({ table: tableSchema, id: z.string(), seq: seqSchema, reason: z.enum(['deleted', 'moved']) })
export type Removal = z.infer<typeof removalSchema>

/** A value that lost a merge (S10). Open for as long as the fields' version in the row is `version`. */
const conflictSchema = z.object({
  seq: seqSchema,
  table: tableSchema,
  rowId: z.string(),
  columns: z.array(z.string()),
  winning: z.record(z.string(), scalarSchema),
  losing: z.record(z.string(), scalarSchema),
  winningOpId: z.string(),
  losingOpId: z.string(),
  winningUserId: z.string(),
  losingUserId: z.string(),
  version: seqSchema,
  createdAt: timestampSchema,
})
export type ConflictRecord = z.infer<typeof conflictSchema>

/**
 * The alias of a new person or loss reason whose name another row of the client already has (S11). The row `id` does not exist: the
 * server reads `id` as `to` in every operation of every device, and the device replaces it.
 */
const aliasSchema = z.object({ table: z.enum(MERGED_TABLES), id: idSchema, to: idSchema })
export type Alias = z.infer<typeof aliasSchema>

/** POST /v1/enrol. Exchanges credentials for a device token. */
export const enrolRequestSchema = z.object({
  email: z.string().max(254),
  password: z.string().max(1_000),
  clientId: clientIdSchema.optional(),
  device: deviceSchema,
})
export type EnrolRequest = z.infer<typeof enrolRequestSchema>

export const enrolResponseSchema = z.object({
  /** Bearer token of this person on this device. The server keeps only its hash. */
  token: z.string(),
  epoch: z.string(),
  clientId: clientIdSchema,
  user: z.object({ id: userIdSchema, name: z.string(), role: roleSchema }),
  /** The server's clock, ms. */
  serverTime: timestampSchema,
})
export type EnrolResponse = z.infer<typeof enrolResponseSchema>

/**
 * POST /v1/push; the envelope is `pushEnvelopeSchema`. Operations are in the order of `deviceSeq`; those of a transaction are adjacent and
 * complete. Columnar: the n-th operation is the next row of its shape.
 */
export const pushBodySchema = z.object({
  transactions: z.object({
    id: longColumn(KINDS.id),
    hlc: longColumn(KINDS.hybridTime),
    wallTime: longColumn(KINDS.timestamp),
    schemaVersion: longColumn(KINDS.schemaVersion),
    /** The number of operations of each. */
    size: longColumn(KINDS.count),
  }),
  operations: z.object({
    id: longColumn(KINDS.id),
    deviceSeq: longColumn(KINDS.count),
    rowId: longColumn(KINDS.rowId),
    /** Index into `shapes`. */
    shape: longColumn(KINDS.place),
  }),
  shapes: z
    .array(
      z.object({
        table: z.string().max(50),
        action: operationActionSchema,
        columns: z.array(columnNameSchema).max(50),
        /** `values[column][row]` */
        values: z.array(longColumn(KINDS.scalar)),
        /** Likewise, for an UPDATE: the version that the edit was made on. Empty for other actions. */
        bases: z.array(longColumn(KINDS.place)),
        /** Absent: made by a person. `import`: rows of a file, each a transaction of its own. */
        origin: z.literal('import').optional(),
      }),
    )
    .max(1_000),
})
export type PushBody = z.infer<typeof pushBodySchema>
export type PushRequest = PushEnvelope & PushBody

/** The answer; its envelope is `pushAnswerEnvelopeSchema`. */
export const pushAnswerBodySchema = z.object({
  head: seqSchema,
  serverTime: timestampSchema,
  /** The place of each operation in the client's order, in the order of the request. */
  seq: longColumn(KINDS.place),
  /**
   * Indexes of operations of which a part lost (S8), of INSERTs whose row exists, and of restores. All other operations that are not
   * rejected are accepted whole.
   */
  merged: z.array(z.int()),
  rejected: z.array(
    z.object({ index: z.int(), code: z.enum(REJECT_CODES), field: z.string().nullable(), current: scalarSchema }),
  ),
  /**
   * The server's rows after this push, in the device's scope: of every merged, rejected and repeated operation and, if the device has a
   * cursor, of every accepted operation whose row the device did not hold in the current state. Rows that they refer to come first.
   */
  rows: z.array(columnarSchema),
  /** Rows of such operations that the device may not receive (any longer), or that are deleted. */
  removed: z.array(removalSchema),
  conflicts: z.array(conflictSchema),
  /** Ids in this push that are aliases of another row (S11). `rows` has that row. */
  aliases: z.array(aliasSchema),
  /** Whether the cursor covers the pushed operations; if not, the feed brings their rows again. */
  isCovered: z.boolean(),
})
export type PushResponse = PushAnswerEnvelope & z.infer<typeof pushAnswerBodySchema>

/**
 * GET /v1/snapshot (the first page of the state in scope) and GET /v1/pull?cursor= (every later page, then the
 * changes). The envelope is `pageEnvelopeSchema`. Rows have their current values, parents before children.
 */
export const pageBodySchema = z.object({
  scope: scopeSchema,
  /**
   * The data that has left the device's scope since its cursor was made (S15). The device deletes it before it writes the rows below.
   * `calls_of_others`: all calls of other people. `user_details`: columns of `users` except names.
   */
  forget: z.array(z.enum(['calls_of_others', 'user_details'])),
  rows: z.array(columnarSchema),
  removed: z.array(removalSchema),
  conflicts: z.array(conflictSchema),
  head: seqSchema,
})
export type PageBody = z.infer<typeof pageBodySchema>
export type Page = Omit<PageEnvelope, 'isEmpty'> & PageBody

/** The most rows in one question about the past. */
export const MOST_PAST_IDS = 500

/** POST /v1/past. The history of rows for an import, beyond the device's own audit trail. Only for roles that may import. */
export const pastRequestSchema = z.object({
  /** Calls. */
  ids: z.array(callIdSchema).max(MOST_PAST_IDS),
  /** Whether to return the names that people and loss reasons have had. */
  names: z.boolean(),
})
export type PastRequest = z.infer<typeof pastRequestSchema>

/** The answer; its envelope is `pastEnvelopeSchema`, because it is bounded like a page. */
export const pastResponseSchema = z.object({
  /** Calls that were deleted and not restored. */
  deleted: z.array(callIdSchema),
  /** By call, for calls that exist and have been edited: every value that each edited column has had. */
  held: z.record(callIdSchema, z.record(z.string(), z.array(scalarSchema))),
  /** Every name that a person or loss reason has had; empty if not requested. */
  names: z.array(z.object({ table: z.enum(MERGED_TABLES), id: idSchema, name: z.string() })),
})
export type PastResponse = z.infer<typeof pastResponseSchema>
/** 32 random bytes, base64url: of a token, or of a publication. */
const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'Not 32 bytes in base64url')

/**
 * POST /v1/publish, with the publish key as bearer token: a whole workspace, chunk by chunk, invisible before
 * `finish`. A repeated `begin` with the same `publicationId` and `secret` returns the next chunk.
 */
export const publishRequestSchema = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('begin'),
    publicationId: idSchema,
    clientId: clientIdSchema,
    /** The signed-in admin who publishes; gets the token at the end. */
    userId: userIdSchema,
    device: deviceSchema,
    /** The device's last operation that the published rows contain; later ones are pushed afterwards. */
    deviceSeq: z.int().min(0),
    /** Proves the publisher's identity: `finish` returns a token only for this secret. The server stores its hash. */
    secret: secretSchema,
  }),
  z.object({
    step: z.literal('chunk'),
    publicationId: idSchema,
    clientId: clientIdSchema,
    /** From 0, without gaps. */
    index: z.int().min(0),
    /** Whole rows, parents before children, `audit_logs` last, in any number of chunks. */
    rows: z.array(columnarSchema),
  }),
  z.object({
    step: z.literal('finish'),
    publicationId: idSchema,
    clientId: clientIdSchema,
    chunks: z.int().min(1),
    /** The number of rows by table that the server must have received, including `audit_logs`. */
    counts: z.record(z.string(), z.int()),
    /** As in `begin`. */
    secret: secretSchema,
  }),
])
export type PublishRequest = z.infer<typeof publishRequestSchema>

export const publishResponseSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('begin'), nextChunk: z.int() }),
  z.object({
    step: z.literal('chunk'),
    nextChunk: z.int(),
    /** Version of the chunk's first synced row; the next row has the next number. Audit rows have none. */
    firstVersion: seqSchema,
  }),
  z.object({
    step: z.literal('finish'),
    token: z.string(),
    epoch: z.string(),
    /** The cursor at which the device is up to date, because it holds the published rows. */
    cursor: cursorSchema,
    head: seqSchema,
    serverTime: timestampSchema,
  }),
])
export type PublishResponse = z.infer<typeof publishResponseSchema>

/** The position in the audit trail. Opaque. It gives no rights: the lines of a page depend only on the reader's role. */
export const auditCursorSchema = z.string().min(1).max(100)

/**
 * GET /v1/audit, the query string. All filters apply together. `actions` are separated by commas; `from` and `to` are ms, half-open.
 */
export const auditQuerySchema = z.object({
  cursor: auditCursorSchema.optional(),
  record: z.string().min(1).max(100).optional(),
  table: z.string().min(1).max(50).optional(),
  user: userIdSchema.optional(),
  actions: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(auditActionSchema))
    .optional(),
  from: z.coerce.number().pipe(timestampSchema).optional(),
  to: z.coerce.number().pipe(timestampSchema).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
})
export type AuditQuery = z.output<typeof auditQuerySchema>

/** The answer: lines newest first, in the order in which the server wrote them, and not in the order of their times. */
export const auditPageSchema = z.object({
  rows: columnarSchema,
  /** null: there are no older lines. A page may have fewer lines than requested, or none, although more follow. */
  next: auditCursorSchema.nullable(),
})
export type AuditPage = z.infer<typeof auditPageSchema>

/** GET /v1/events, `text/event-stream`: event `head` with this as data, when something in the device's scope changed. */
export const pokeSchema = z.object({ head: seqSchema })
export type Poke = z.infer<typeof pokeSchema>

/** The stream sends a comment at least this often, ms. A reader that receives nothing for twice as long connects again (S20). */
export const HEARTBEAT_MS = 15_000
