/** The tables of sync. They are neither audited nor synced. */
import { eq, sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ClientId, DeviceId, OpId, TxId, UserId } from '../core/id.ts'
import type { OperationAction, RejectCode } from '../core/sync/operation.ts'
import { DIRECTIONS } from '../core/sync/problems.ts'
import type { MergedTable, SyncTableName } from '../core/sync/tables.ts'
import { clients, createdAt, oneOf } from './schema.ts'

/** This device's state of sync. One row. */
export const syncDevice = sqliteTable(
  'sync_device',
  {
    singleton: integer('singleton').primaryKey(),
    deviceId: text('device_id').$type<DeviceId>().notNull(),
    /** The last reading of the hybrid logical clock; the next transaction's is later. */
    lastHlc: text('last_hlc'),
    serverUrl: text('server_url'),
    /** The server's epoch: another one means a restored or replaced server (S6). */
    epoch: text('epoch'),
    /** The person whose token this device uses; null: not connected to a server. */
    userId: text('user_id').$type<UserId>(),
    /** The cursor; the rows contain everything that it covers (S5). Null: nothing was pulled yet. */
    cursor: text('cursor'),
    /** Whether the rows are a state that the server once had; false in the middle of a snapshot (S4). */
    isWhole: integer('is_whole', { mode: 'boolean' }).notNull().default(false),
    /** Whether rows left this person's scope and their text may still be in free parts of the file (S15). */
    isScrubPending: integer('scrub_pending', { mode: 'boolean' }).notNull().default(false),
    /** Server clock − device clock, ms (S8). */
    clockOffset: integer('clock_offset').notNull().default(0),
    /** The last head of the server's hash chain that this device saw (S24). */
    headSeq: integer('head_seq').notNull().default(0),
    headHash: text('head_hash'),
    /** When the server last answered, ms; null: never. */
    lastContactAt: integer('last_contact_at'),
    /** The problem of both directions (a code of `PROBLEMS`), or null. See `sync_refusals` for one direction. */
    problem: text('problem'),
    /** The process whose engine runs, and its last heartbeat, ms: one engine per workspace, for any number of windows and commands. */
    engineOwner: text('engine_owner'),
    engineHeartbeatAt: integer('engine_heartbeat_at'),
  },
  (t) => [check('sync_device_singleton', sql`${t.singleton} = 1`)],
)

/** The only row of `sync_device`. */
export const isThisDevice = eq(syncDevice.singleton, 1)

/** The problem of one direction of sync, until that direction succeeds. At most one row per direction. */
export const syncRefusals = sqliteTable(
  'sync_refusals',
  {
    direction: text('direction', { enum: DIRECTIONS }).primaryKey(),
    /** A code of `PROBLEMS`. */
    code: text('code').notNull(),
  },
  (t) => [check('sync_refusals_direction', oneOf(t.direction, DIRECTIONS))],
)

export const OUTBOX_STATES = ['pending', 'sent', 'accepted', 'merged', 'rejected'] as const
const ORIGINS = ['import', 'bulk'] as const

/**
 * The operations of this device for the server (docs/sync.md). `device_seq` never reuses a number, even after the last row was deleted
 * (AUTOINCREMENT), and has no gaps, because a rolled-back transaction releases its numbers.
 */
export const syncOutbox = sqliteTable(
  'sync_outbox',
  {
    deviceSeq: integer('device_seq').primaryKey({ autoIncrement: true }),
    /** The id of the audit row of the same change. */
    opId: text('op_id').$type<OpId>().notNull(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    txId: text('tx_id').$type<TxId>().notNull(),
    schemaVersion: integer('schema_version').notNull(),
    tableName: text('table_name').notNull(),
    rowId: text('row_id').notNull(),
    action: text('action').$type<OperationAction>().notNull(),
    /** The server's version of the row that the change was made on; 0: the server has not seen it. */
    baseVersion: integer('base_version').notNull(),
    /** `{column: {"new": value, "base": version of the field}}`; an INSERT has no bases, a DELETE no fields. */
    fields: text('fields').notNull(),
    hlc: text('hlc').notNull(),
    wallTime: integer('wall_time').notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    state: text('state', { enum: OUTBOX_STATES }).notNull().default('pending'),
    /** Given by the server with its verdict. */
    serverSeq: integer('server_seq'),
    rejectCode: text('reject_code').$type<RejectCode>(),
    rejectField: text('reject_field'),
    /** The server's value at the rejected field, JSON. */
    rejectCurrent: text('reject_current'),
    /** When a person settled the rejection ("Needs attention"), ms; null: still open. */
    settledAt: integer('settled_at'),
    /** `import`: a row of a file. `bulk`: a call of a bulk action. Each is sent as its own transaction. Null: any other. */
    origin: text('origin', { enum: ORIGINS }),
  },
  (t) => [
    index('sync_outbox_pending')
      .on(t.deviceSeq)
      .where(sql`state IN ('pending', 'sent')`),
    index('sync_outbox_attention')
      .on(t.userId)
      .where(sql`state = 'rejected' AND settled_at IS NULL`),
    check('sync_outbox_state', oneOf(t.state, OUTBOX_STATES)),
  ],
)

/** Versions of synced rows, by field. Written with answers and pulled pages, so rows that were never synced have none. */
export const syncRows = sqliteTable(
  'sync_rows',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    tableName: text('table_name').$type<SyncTableName>().notNull(),
    rowId: text('row_id').notNull(),
    /** The server's `seq` of the operation that made the present state of the row; 0: edits of others may be missing. */
    version: integer('version').notNull(),
    /** The `seq` that wrote all fields except those in `fields`, because most rows were written once. */
    base: integer('base').notNull(),
    /** `{column: seq}` of the other fields, a unit under its first column (S9); null: none. */
    fields: text('fields'),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.tableName, t.rowId] }),
    check('sync_rows_fields', sql`${t.fields} IS NULL OR json_valid(${t.fields})`),
  ],
)

/** Aliases: people and loss reasons of this device that exist on the server under another id (S11). Waiting operations may name them. */
export const syncAliases = sqliteTable(
  'sync_aliases',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    tableName: text('table_name').$type<MergedTable>().notNull(),
    /** The id that this device created. */
    rowId: text('row_id').notNull(),
    /** The surviving row. */
    toId: text('to_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.rowId] })],
)

/** Values that lost a merge, kept until a person has decided (S10). */
export const syncConflicts = sqliteTable(
  'sync_conflicts',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    tableName: text('table_name').notNull(),
    rowId: text('row_id').notNull(),
    /** The field, or the unit of fields that merges as one (S9), comma-separated. */
    field: text('field').notNull(),
    /** JSON objects by column. */
    winning: text('winning').notNull(),
    losing: text('losing').notNull(),
    winningOpId: text('winning_op_id').$type<OpId>().notNull(),
    losingOpId: text('losing_op_id').$type<OpId>().notNull(),
    winningUserId: text('winning_user_id').$type<UserId>().notNull(),
    losingUserId: text('losing_user_id').$type<UserId>().notNull(),
    serverSeq: integer('server_seq').notNull(),
    /** The conflict is open while the fields have this version. */
    version: integer('version').notNull(),
    createdAt: createdAt(),
    settledAt: integer('settled_at'),
  },
  (t) => [
    foreignKey({ name: 'sync_conflicts_client', columns: [t.clientId], foreignColumns: [clients.id] }),
    index('sync_conflicts_by_row').on(t.clientId, t.tableName, t.rowId),
    check('sync_conflicts_winning', sql`json_valid(${t.winning})`),
    check('sync_conflicts_losing', sql`json_valid(${t.losing})`),
  ],
)
