import { z } from 'zod'
import { idSchema } from '../id.ts'
import { AUDIT_ACTIONS } from '../model/audit.ts'
import { timestampSchema } from '../model/common.ts'
import { roleSchema } from '../roles.ts'
import { columnarSchema } from './columnar.ts'
import { KINDS, longColumn } from './long-columns.ts'
import { REJECT_CODES } from './operation.ts'
import { SYNC_TABLE_NAMES } from './tables.ts'

/**
 * The version of everything in this file and of `SYNC_TABLES`. A change of either needs a new line here; the test beside
 * this file compares a fingerprint.
 *
 * 1  The first: enrol, publish, push, pull, snapshot, events.
 */
export const PROTOCOL_VERSION = 1
/** A server speaks the current version and the one before (S22). */
export const SUPPORTED_PROTOCOLS: readonly number[] = [1]

/**
 * Header of every request under /v1, the version that the device speaks, and of every answer, the version that the server answers in.
 * An answer without it is not the server's: a sign-in page of the network, or a proxy.
 */
export const PROTOCOL_HEADER = 'propaganda-protocol'

/** Bounds that both sides keep. Bytes are of JSON before compression. */
export const LIMITS = {
  /** Of one page of a pull or a snapshot. */
  pageBytes: 1_000_000,
  pageRows: 4_000,
  /** What a device aims at in one push; a larger transaction travels alone. */
  pushBytes: 1_000_000,
  /**
   * What a device sends of one transaction, or of a publication, at once: below `compressedBytes` also where nothing can be compressed.
   * A larger transaction is cut.
   */
  pieceBytes: 4_000_000,
  /** What the server takes in one request. */
  requestBytes: 24_000_000,
  compressedBytes: 8_000_000,
  operations: 10_000,
} as const

const scalarSchema = KINDS.scalar.value
const seqSchema = z.int().min(0)
/** A column, or a key of an event's values. It begins with a letter, so that none is `__proto__`. */
const columnNameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, 'Not a column name')
const tableSchema = z.enum(SYNC_TABLE_NAMES as readonly [(typeof SYNC_TABLE_NAMES)[number]])
const operationActionSchema = z.enum(AUDIT_ACTIONS.filter((action) => action !== 'SYNC_REJECTED'))

/** Where a device is in the change feed. Opaque: the server's own note to itself. */
export const cursorSchema = z.string().min(1).max(200)

const deviceSchema = z.object({
  /** The device's own id; it stays the same for as long as its outbox does. */
  id: idSchema,
  /** What its owner calls it; for the list of devices. */
  name: z.string().max(100),
})

/** Rows of one table with, besides its columns, `id` and these: */
export const ROW_COLUMNS = {
  /** `seq` of the row's last operation. */
  version: '@version',
  /** `seq` that wrote all fields but those in `@fields`. */
  base: '@base',
  /** JSON object of the other fields' versions by column, a unit under its first column; or null. */
  fields: '@fields',
  /** Who made the last operation. */
  by: '@by',
} as const

/** Who may hold what; see scope.ts. */
const scopeSchema = z.object({ calls: z.enum(['own', 'all']), users: z.enum(['names', 'full']) })

/** A row that left: deleted, or no longer the reader's. */
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

/** POST /v1/enrol. A person proves himself once; the device gets a token of its own. */
export const enrolRequestSchema = z.object({
  email: z.string().max(254),
  password: z.string().max(1_000),
  clientId: idSchema.optional(),
  device: deviceSchema,
})
export type EnrolRequest = z.infer<typeof enrolRequestSchema>

export const enrolResponseSchema = z.object({
  /** Bearer token of this person on this device. The server keeps only its hash. */
  token: z.string(),
  epoch: z.string(),
  clientId: idSchema,
  user: z.object({ id: idSchema, name: z.string(), role: roleSchema }),
  /** The server's clock, ms. */
  serverTime: timestampSchema,
})
export type EnrolResponse = z.infer<typeof enrolResponseSchema>

/**
 * POST /v1/push. Operations in the order of `deviceSeq`, those of a transaction side by side and complete. Columnar: the
 * n-th operation is the next row of its shape.
 */
export const pushRequestSchema = z.object({
  /** The device's clock at sending, ms: the server corrects the operations' clocks by the difference. */
  sentAt: timestampSchema,
  /** Where the device is in the feed; null: it has no cursor yet. */
  cursor: cursorSchema.nullable(),
  transactions: z.object({
    id: longColumn(KINDS.id),
    hlc: longColumn(KINDS.hybridTime),
    wallTime: longColumn(KINDS.timestamp),
    schemaVersion: longColumn(KINDS.schemaVersion),
    /** How many operations each has. */
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
      }),
    )
    .max(1_000),
})
export type PushRequest = z.infer<typeof pushRequestSchema>

export const pushResponseSchema = z.object({
  epoch: z.string(),
  head: seqSchema,
  serverTime: timestampSchema,
  /** The place of each operation in the client's order, in the order of the request. */
  seq: longColumn(KINDS.place),
  /** Indexes of operations of which a part lost (S8), or that met a row where they made one. All others that are not rejected are accepted whole. */
  merged: z.array(z.int()),
  rejected: z.array(
    z.object({ index: z.int(), code: z.enum(REJECT_CODES), field: z.string().nullable(), current: scalarSchema }),
  ),
  /**
   * The server's rows as they stand after this push, in the device's scope: of every merged and rejected operation, of those that came
   * before, and where there is a cursor, of every accepted one that met a row which the device did not hold as it was. Before them
   * what they point to.
   */
  rows: z.array(columnarSchema),
  /** Rows of such operations that the device does not (or no longer) have a right to, or that are deleted. */
  removed: z.array(removalSchema),
  conflicts: z.array(conflictSchema),
  /** Where the device is after this push, with what it pushed; null: where it was. */
  cursor: cursorSchema.nullable(),
  /** Nothing is left to pull. */
  complete: z.boolean(),
})
export type PushResponse = z.infer<typeof pushResponseSchema>

/**
 * GET /v1/snapshot (the first page of the state in scope) and GET /v1/pull?cursor= (every later page, and from then on
 * what changed). Rows come as they are now, parents before children.
 */
export const pageSchema = z.object({
  epoch: z.string(),
  scope: scopeSchema,
  /**
   * What the device's scope no longer holds since its cursor was made (S15): delete it before the rows below.
   * `calls_of_others`: all calls whose `user_id` is another's. `user_details`: columns of `users` beyond names.
   */
  forget: z.array(z.enum(['calls_of_others', 'user_details'])),
  rows: z.array(columnarSchema),
  removed: z.array(removalSchema),
  conflicts: z.array(conflictSchema),
  /** Commit it together with the rows (S5). Never equal to the one asked with while `complete` is false. */
  cursor: cursorSchema,
  /** Everything up to `head` is in. Only then is what the device holds a state that the server once had (S4). */
  complete: z.boolean(),
  head: seqSchema,
  /** How far a snapshot or a widened scope has come, by `seq`; null in the tail. */
  progress: z.object({ done: seqSchema, total: seqSchema }).nullable(),
})
export type Page = z.infer<typeof pageSchema>

/**
 * POST /v1/publish, with the publish key as bearer token: a whole workspace, chunk by chunk, visible to nobody until
 * `finish`. `begin` again with the same `publicationId` tells where to go on.
 */
export const publishRequestSchema = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('begin'),
    publicationId: idSchema,
    clientId: idSchema,
    /** The signed-in admin who publishes; gets the token at the end. */
    userId: idSchema,
    device: deviceSchema,
    /** The device's last operation that the published rows contain; later ones are pushed afterwards. */
    deviceSeq: z.int().min(0),
  }),
  z.object({
    step: z.literal('chunk'),
    publicationId: idSchema,
    clientId: idSchema,
    /** From 0, without gaps. */
    index: z.int().min(0),
    /** Whole rows, parents before children, `audit_logs` last, in any number of chunks. */
    rows: z.array(columnarSchema),
  }),
  z.object({
    step: z.literal('finish'),
    publicationId: idSchema,
    clientId: idSchema,
    chunks: z.int().min(1),
    /** Rows by table that the server must have by now, `audit_logs` included. */
    counts: z.record(z.string(), z.int()),
  }),
])
export type PublishRequest = z.infer<typeof publishRequestSchema>

export const publishResponseSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('begin'), nextChunk: z.int() }),
  z.object({
    step: z.literal('chunk'),
    nextChunk: z.int(),
    /** Version of the chunk's first replicated row; the next row has the next number. Audit rows have none. */
    firstVersion: seqSchema,
  }),
  z.object({
    step: z.literal('finish'),
    token: z.string(),
    epoch: z.string(),
    /** The device is up to date: it has what it published. */
    cursor: cursorSchema,
    head: seqSchema,
    serverTime: timestampSchema,
  }),
])
export type PublishResponse = z.infer<typeof publishResponseSchema>

/** GET /v1/events, `text/event-stream`: event `head` with this as data, when something in the device's scope changed. */
export const pokeSchema = z.object({ head: seqSchema })
export type Poke = z.infer<typeof pokeSchema>

/** How often the stream sends at least a comment; a reader that hears nothing for twice as long connects anew (S20). */
export const HEARTBEAT_MS = 15_000
