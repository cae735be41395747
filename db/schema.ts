import { sql, type SQL } from 'drizzle-orm'
import {
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
  type AnySQLiteColumn,
} from 'drizzle-orm/sqlite-core'
import type { ColumnBuilderBase } from 'drizzle-orm'
import type { CallId, ClientId, DeviceId, Id, LossReasonId, OpId, TxId, UserId } from '../core/id.ts'
import type { DERIVED_COLUMNS } from '../core/model/call-derivation.ts'
import type { Call, CALL_ROW_COLUMNS } from '../core/model/call.ts'
import { AUDIT_ACTIONS } from '../core/model/audit.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../core/model/call-fields.ts'
import { ROLES } from '../core/roles.ts'
import type { OperationAction, RejectCode } from '../core/sync/operation.ts'
import { DIRECTIONS } from '../core/sync/problems.ts'
import type { MergedTable, SyncTableName } from '../core/sync/tables.ts'
import { RARE_AUDIT } from './rare-audit.ts'

/**
 * One client's database, table by table: the source of the migrations, of the triggers, and of the types of the queries (`prepared.ts`).
 * Drizzle cannot express STRICT, WITHOUT ROWID and deferred keys, which are in `physical.ts`. The triggers are in `triggers.ts`, the text
 * indexes and the triggers of the totals in `derived.ts`. Every row and every foreign key contains the client, so that no row can refer to
 * another tenant, even after a bug.
 */

/**
 * Requires one of the values, as literals, because a CHECK accepts no parameters. It does not use IN, for which SQLite makes a temporary
 * table at every run of the statement; that makes an audited row a fifth slower.
 */
function oneOf(column: AnySQLiteColumn, values: readonly string[]): SQL {
  return sql.join(
    values.map((value) => sql`${column} = ${sql.raw(`'${value}'`)}`),
    sql` OR `,
  )
}

/** Compares and sorts without regard to (ASCII) case. */
function noCase(column: AnySQLiteColumn): SQL {
  return sql`${column} COLLATE NOCASE`
}

function isBoolean(column: AnySQLiteColumn): SQL {
  return sql`${column} IN (0, 1)`
}

/** Requires null, or 1 to `max` characters. An empty text is stored as null. */
function filled(column: AnySQLiteColumn, max: number): SQL {
  return sql`length(${column}) BETWEEN 1 AND ${sql.raw(String(max))}`
}

/**
 * The required columns of a table: one for each field of the model, under its name in SQL, with its type. A field of the model without a
 * column does not compile.
 */
type ColumnsOf<Model, Names extends Readonly<Record<string, string>>> = {
  readonly [Field in keyof Names]: ColumnBuilderBase & {
    readonly _: Field extends keyof Model
      ? {
          readonly name: Names[Field]
          readonly data: Exclude<Model[Field], null>
          readonly notNull: null extends Model[Field] ? boolean : true
        }
      : { readonly name: Names[Field] }
  }
}

type Columns<Key extends string> = Readonly<Record<Key, AnySQLiteColumn>>

/** Columns that a filter tests, in addition to the time and the owner of a call. */
function tested(t: Columns<'callType' | 'status' | 'outcome' | 'lossReasonId'>) {
  return [t.callType, t.status, t.outcome, t.lossReasonId] as const
}

const createdAt = () => integer('created_at').notNull()
/** Set by the database; see `triggers.ts`. */
const updatedAt = () => integer('updated_at').notNull()

export const clients = sqliteTable(
  'clients',
  {
    id: text('id').$type<ClientId>().primaryKey(),
    name: text('name').notNull(),
    email: text('email'),
    phone: text('phone'),
    address: text('address'),
    isActive: integer('is_active', { mode: 'boolean' }).notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    check('clients_id', sql`length(${t.id}) = 36`),
    check('clients_name', filled(t.name, 200)),
    check('clients_email', filled(t.email, 254)),
    check('clients_phone', filled(t.phone, 50)),
    check('clients_address', filled(t.address, 500)),
    check('clients_is_active', isBoolean(t.isActive)),
    check('clients_created_at', sql`${t.createdAt} >= 0`),
    check('clients_updated_at', sql`${t.updatedAt} >= 0`),
  ],
)

export const users = sqliteTable(
  'users',
  {
    id: text('id').$type<UserId>().primaryKey(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    email: text('email').notNull(),
    /** A bcrypt hash, which is a secret; null for people created by an import, who cannot sign in until an admin sets a password. */
    passwordHash: text('password_hash'),
    name: text('name').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    isActive: integer('is_active', { mode: 'boolean' }).notNull(),
    lastLogin: integer('last_login'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    foreignKey({ name: 'users_client', columns: [t.clientId], foreignColumns: [clients.id] }),
    /** The parent key of every (client_id, user_id). */
    uniqueIndex('users_client_id').on(t.clientId, t.id),
    uniqueIndex('users_email').on(t.clientId, noCase(t.email)),
    check('users_id', sql`length(${t.id}) = 36`),
    check('users_email', filled(t.email, 254)),
    check('users_password_hash', sql`length(${t.passwordHash}) = 60`),
    check('users_name', filled(t.name, 200)),
    check('users_role', oneOf(t.role, ROLES)),
    check('users_is_active', isBoolean(t.isActive)),
    check('users_last_login', sql`${t.lastLogin} >= 0`),
    check('users_created_at', sql`${t.createdAt} >= 0`),
    check('users_updated_at', sql`${t.updatedAt} >= 0`),
  ],
)

export const lossReasons = sqliteTable(
  'loss_reasons',
  {
    id: text('id').$type<LossReasonId>().primaryKey(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    name: text('name').notNull(),
    description: text('description'),
    isActive: integer('is_active', { mode: 'boolean' }).notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    foreignKey({ name: 'loss_reasons_client', columns: [t.clientId], foreignColumns: [clients.id] }),
    uniqueIndex('loss_reasons_client_id').on(t.clientId, t.id),
    uniqueIndex('loss_reasons_name').on(t.clientId, noCase(t.name)),
    check('loss_reasons_id', sql`length(${t.id}) = 36`),
    check('loss_reasons_name', filled(t.name, 100)),
    check('loss_reasons_description', filled(t.description, 500)),
    check('loss_reasons_is_active', isBoolean(t.isActive)),
    check('loss_reasons_created_at', sql`${t.createdAt} >= 0`),
    check('loss_reasons_updated_at', sql`${t.updatedAt} >= 0`),
  ],
)

export const calls = sqliteTable(
  'calls',
  {
    /** The text index refers to it, and it decides the order of equal sort keys. Declared, because VACUUM renumbers an undeclared one. */
    rowid: integer('rowid').primaryKey(),
    id: text('id').$type<CallId>().notNull(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    prospectName: text('prospect_name').notNull(),
    prospectEmail: text('prospect_email'),
    prospectPhone: text('prospect_phone'),
    callType: text('call_type', { enum: CALL_TYPES }).notNull(),
    status: text('status', { enum: CALL_STATUSES }).notNull(),
    outcome: text('outcome', { enum: CALL_OUTCOMES }),
    lossReasonId: text('loss_reason_id').$type<LossReasonId>(),
    notes: text('notes'),
    callDuration: integer('call_duration'),
    scheduledAt: integer('scheduled_at'),
    completedAt: integer('completed_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** The event time: the completion of a completed call, else the scheduled time, else the creation. */
    eventAt: integer('event_at')
      .notNull()
      .generatedAlwaysAs(sql`coalesce(completed_at, scheduled_at, created_at)`, { mode: 'virtual' }),
    /** Derived from the row by `core/model/call-derivation.ts` and written with it. Empty: not yet derived. */
    nameKey: text('name_key').notNull().default(''),
    phoneE164: text('phone_e164'),
    searchTerms: text('search_terms'),
  } satisfies ColumnsOf<Call, { readonly rowid: 'rowid' } & typeof CALL_ROW_COLUMNS & typeof DERIVED_COLUMNS>,
  (t) => [
    foreignKey({ name: 'calls_client', columns: [t.clientId], foreignColumns: [clients.id] }),
    foreignKey({ name: 'calls_user', columns: [t.clientId, t.userId], foreignColumns: [users.clientId, users.id] }),
    foreignKey({
      name: 'calls_loss_reason',
      columns: [t.clientId, t.lossReasonId],
      foreignColumns: [lossReasons.clientId, lossReasons.id],
    }),
    uniqueIndex('calls_id').on(t.id),
    // Each index begins with the columns of an order and continues with all columns of a filter, so that no row is fetched only to be skipped.
    index('calls_by_time').on(t.clientId, t.eventAt, t.rowid, ...tested(t), t.userId, t.callDuration),
    index('calls_by_user').on(t.clientId, t.userId, t.eventAt, t.rowid, ...tested(t), t.callDuration),
    index('calls_by_name').on(t.clientId, t.nameKey, t.rowid, t.eventAt, ...tested(t), t.userId),
    index('calls_by_duration').on(t.clientId, t.callDuration, t.rowid, t.eventAt, ...tested(t), t.userId),
    index('calls_by_loss_reason')
      .on(t.clientId, t.lossReasonId, t.eventAt, t.rowid)
      .where(sql`outcome = 'lost'`),
    index('calls_undecided')
      .on(t.clientId, t.eventAt, t.userId, t.callType)
      .where(sql`outcome = 'undecided'`),
    check('calls_rowid', sql`${t.rowid} BETWEEN 1 AND 1 << 52`),
    check('calls_id', sql`length(${t.id}) = 36`),
    check('calls_prospect_name', filled(t.prospectName, 200)),
    check('calls_prospect_email', filled(t.prospectEmail, 254)),
    check('calls_prospect_phone', filled(t.prospectPhone, 50)),
    check('calls_call_type', oneOf(t.callType, CALL_TYPES)),
    check('calls_status', oneOf(t.status, CALL_STATUSES)),
    check('calls_outcome', oneOf(t.outcome, CALL_OUTCOMES)),
    check('calls_completed_at', sql`(${t.status} = 'completed') = (${t.completedAt} IS NOT NULL)`),
    check('calls_completed_outcome', sql`(${t.status} = 'completed') = (${t.outcome} IS NOT NULL)`),
    check('calls_loss_reason_of_lost', sql`${t.lossReasonId} IS NULL OR ${t.outcome} IS 'lost'`),
    check('calls_notes', filled(t.notes, 10_000)),
    check('calls_call_duration', sql`${t.callDuration} BETWEEN 0 AND 86400`),
    check('calls_scheduled_at', sql`${t.scheduledAt} >= 0`),
    check('calls_completed_at_positive', sql`${t.completedAt} >= 0`),
    check('calls_created_at', sql`${t.createdAt} >= 0`),
    check('calls_updated_at', sql`${t.updatedAt} >= 0`),
  ],
)

export const clientSettings = sqliteTable(
  'client_settings',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    key: text('key').notNull(),
    /** JSON. */
    value: text('value').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.key] }),
    foreignKey({ name: 'client_settings_client', columns: [t.clientId], foreignColumns: [clients.id] }),
    check('client_settings_key', filled(t.key, 100)),
    check('client_settings_value', sql`json_valid(${t.value})`),
  ],
)

/** Append-only. Only the triggers write rows of the data actions, and they write only the changes. */
export const auditLogs = sqliteTable(
  'audit_logs',
  {
    rowid: integer('rowid').primaryKey(),
    id: text('id').$type<OpId>().notNull(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    userId: text('user_id').$type<UserId>(),
    tableName: text('table_name').notNull(),
    recordId: text('record_id').notNull(),
    action: text('action', { enum: AUDIT_ACTIONS }).notNull(),
    oldValues: text('old_values'),
    newValues: text('new_values'),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: createdAt(),
  },
  (t) => [
    foreignKey({ name: 'audit_logs_client', columns: [t.clientId], foreignColumns: [clients.id] }),
    foreignKey({ name: 'audit_logs_user', columns: [t.clientId, t.userId], foreignColumns: [users.clientId, users.id] }),
    uniqueIndex('audit_logs_id').on(t.id),
    // Rows with equal times are in the order of the rowid, with which every index ends: the order of writing.
    index('audit_logs_by_time').on(t.createdAt),
    index('audit_logs_by_user').on(t.userId, t.createdAt),
    index('audit_logs_by_record').on(t.recordId),
    index('audit_logs_rare').on(t.createdAt).where(sql.raw(RARE_AUDIT)),
    // The owners of the deleted calls.
    index('audit_logs_deleted_calls')
      .on(sql`old_values ->> '$.user_id'`, t.recordId)
      .where(sql`table_name = 'calls' AND action = 'DELETE'`),
    check('audit_logs_rowid', sql`${t.rowid} BETWEEN 1 AND 1 << 52`),
    check('audit_logs_action', oneOf(t.action, AUDIT_ACTIONS)),
    check('audit_logs_old_values', sql`${t.oldValues} IS NULL OR json_valid(${t.oldValues})`),
    check('audit_logs_new_values', sql`${t.newValues} IS NULL OR json_valid(${t.newValues})`),
  ],
)

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

/**
 * The actor and the transaction of a write: one row while a write transaction runs, else none. The triggers copy it into the audit
 * and outbox rows and refuse every change without it.
 */
export const localWriteContext = sqliteTable(
  'local_write_context',
  {
    singleton: integer('singleton').primaryKey(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    txId: text('tx_id').$type<TxId>().notNull(),
    hlc: text('hlc').notNull(),
    now: integer('now').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** 0: the change came from the server and is not sent back. */
    sync: integer('sync').notNull(),
    /** 0: the change came from the server, whose trail has its lines, so it writes no line here. */
    trail: integer('trail').notNull().default(1),
    /** 1: the writer updates the text index for many rows at once. */
    defersText: integer('defers_text').notNull().default(0),
    schemaVersion: integer('schema_version').notNull(),
    /** The first 15 characters of the ids made in this transaction: the clock's milliseconds and the version of a UUIDv7. */
    idPrefix: text('id_prefix')
      .notNull()
      .generatedAlwaysAs(sql`substr(hlc, 1, 8) || '-' || substr(hlc, 9, 4) || '-7'`, { mode: 'stored' }),
    /** The deleted call that the transaction restores: its row is inserted again, and its operation is a RESTORE. */
    restores: text('restores').$type<CallId>(),
  },
  (t) => [
    check('local_write_context_singleton', sql`${t.singleton} = 1`),
    check('local_write_context_hlc', sql`length(${t.hlc}) = 16`),
    check('local_write_context_now', sql`${t.now} >= 0`),
    check('local_write_context_sync', isBoolean(t.sync)),
    check('local_write_context_defers_text', isBoolean(t.defersText)),
    check('local_write_context_trail', sql`${t.trail} = 1 OR (${t.trail} = 0 AND ${t.sync} = 0)`),
  ],
)

/** The number of calls by UTC day (event time ÷ a day) and kind, updated by the triggers of `derived.ts`. No outcome or reason is ''. */
export const localCallTotals = sqliteTable(
  'local_call_totals',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    day: integer('day').notNull(),
    callType: text('call_type').notNull(),
    status: text('status').notNull(),
    outcome: text('outcome').notNull(),
    lossReasonId: text('loss_reason_id').notNull(),
    calls: integer('calls').notNull(),
    /** The number of calls with a duration, and the sum of the durations, seconds. */
    timedCalls: integer('timed_calls').notNull(),
    timedSeconds: integer('timed_seconds').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.callType, t.status, t.outcome, t.lossReasonId] })],
)

/** The zone of the totals of reports. At most one row; no row: the totals were not built. */
export const localReportZone = sqliteTable(
  'local_report_zone',
  {
    singleton: integer('singleton').primaryKey(),
    /** IANA name. */
    zone: text('zone').notNull(),
  },
  (t) => [check('local_report_zone_singleton', sql`${t.singleton} = 1`)],
)

/** The offsets of that zone (`core/time/zone-offsets.ts`), ms, each from `starts_at` until `ends_at`, half-open. */
export const localZoneOffsets = sqliteTable('local_zone_offsets', {
  startsAt: integer('starts_at').primaryKey(),
  endsAt: integer('ends_at').notNull(),
  offset: integer('offset').notNull(),
  dayOffset: integer('day_offset').notNull(),
})

/** The columns of `CallCounts` without the talk time. */
const callCounts = () => ({
  completed: integer('completed').notNull(),
  noShow: integer('no_show').notNull(),
  rescheduled: integer('rescheduled').notNull(),
  cancelled: integer('cancelled').notNull(),
  scheduled: integer('scheduled').notNull(),
  won: integer('won').notNull(),
  lost: integer('lost').notNull(),
  undecided: integer('undecided').notNull(),
})
const talkCounts = () => ({ talkSeconds: integer('talk_seconds').notNull(), talkCalls: integer('talk_calls').notNull() })
const countedFor = () => ({ userId: text('user_id').notNull(), callType: text('call_type').notNull() })

/** Counts of calls by local day, counted from 1970-01-01; see `report-totals.ts`, also for the tables below. */
export const localDayTotals = sqliteTable(
  'local_day_totals',
  { clientId: text('client_id').notNull(), day: integer('day').notNull(), ...countedFor(), ...callCounts(), ...talkCounts() },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.userId, t.callType] })],
)

/** Counts of calls by local month: 12 × year + month, January = 0. */
export const localMonthTotals = sqliteTable(
  'local_month_totals',
  { clientId: text('client_id').notNull(), month: integer('month').notNull(), ...countedFor(), ...callCounts(), ...talkCounts() },
  (t) => [primaryKey({ columns: [t.clientId, t.month, t.userId, t.callType] })],
)

/** Counts of lost calls by local day and loss reason; '' is no reason. */
export const localDayLosses = sqliteTable(
  'local_day_losses',
  {
    clientId: text('client_id').notNull(),
    day: integer('day').notNull(),
    ...countedFor(),
    lossReasonId: text('loss_reason_id').notNull(),
    lost: integer('lost').notNull(),
  },
  // By reason first, in whose order reports add them up.
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.lossReasonId, t.userId, t.callType] })],
)

/** Counts of lost calls by local month and loss reason; '' is no reason. */
export const localMonthLosses = sqliteTable(
  'local_month_losses',
  {
    clientId: text('client_id').notNull(),
    month: integer('month').notNull(),
    ...countedFor(),
    lossReasonId: text('loss_reason_id').notNull(),
    lost: integer('lost').notNull(),
  },
  // By reason first, in whose order reports add them up.
  (t) => [primaryKey({ columns: [t.clientId, t.month, t.lossReasonId, t.userId, t.callType] })],
)

/** Counts of calls by local month and hour of the week (0…167, from Monday 00:00). */
export const localHourTotals = sqliteTable(
  'local_hour_totals',
  {
    clientId: text('client_id').notNull(),
    month: integer('month').notNull(),
    hour: integer('hour').notNull(),
    ...countedFor(),
    calls: integer('calls').notNull(),
    completed: integer('completed').notNull(),
    noShow: integer('no_show').notNull(),
    rescheduled: integer('rescheduled').notNull(),
    won: integer('won').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.month, t.hour, t.userId, t.callType] })],
)

/** The rules by which the derived columns of the calls were derived. At most one row; no row: they were not derived. */
export const localCallDerivation = sqliteTable(
  'local_call_derivation',
  {
    singleton: integer('singleton').primaryKey(),
    /** `DERIVATION_RULE`. */
    rule: integer('rule').notNull(),
    /** JSON: the default country of each client that has one. */
    countries: text('countries').notNull(),
    /** Calls up to this rowid are derived by this rule and these countries; null: all calls. */
    doneTo: integer('done_to'),
  },
  (t) => [check('local_call_derivation_singleton', sql`${t.singleton} = 1`)],
)

/** Consecutive wrong passwords, by the typed address. */
export const localSignInAddresses = sqliteTable(
  'local_sign_in_addresses',
  {
    /** A hash, because a typed address may belong to anyone. */
    address: text('address').primaryKey(),
    failures: integer('failures').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (t) => [check('local_sign_in_addresses_failures', sql`${t.failures} >= 0`)],
)

/** Calls whose owner the server changed: the local lines up to `last_line` belong to former owners (S14). */
export const localHandovers = sqliteTable('local_handovers', {
  callId: text('call_id').$type<CallId>().primaryKey(),
  clientId: text('client_id').$type<ClientId>().notNull(),
  /** A rowid of `audit_logs`. */
  lastLine: integer('last_line').notNull(),
})

/**
 * The server's version of a call's owner, stored for calls that were deleted or that an answer removed, and for calls whose owner a pending
 * operation sets. If the server sends a newer version, the call changed hands meanwhile.
 */
export const localLeftCalls = sqliteTable('local_left_calls', {
  callId: text('call_id').$type<CallId>().primaryKey(),
  clientId: text('client_id').$type<ClientId>().notNull(),
  ownerVersion: integer('owner_version').notNull(),
})

/**
 * The lines of the audit trail that one transaction of an import, or of its undo, wrote: a range of rowids, because one transaction writes
 * at a time.
 */
export const localImportLines = sqliteTable(
  'local_import_lines',
  {
    firstLine: integer('start_line').primaryKey(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    lastLine: integer('last_line').notNull(),
    importId: text('import_id').$type<Id>().notNull(),
    isUndo: integer('is_undo', { mode: 'boolean' }).notNull(),
    /** Numbers of the transaction's operations in `sync_outbox`. */
    firstOp: integer('start_op').notNull(),
    lastOp: integer('last_op').notNull(),
  },
  (t) => [
    index('local_import_lines_by_import').on(t.importId),
    check('local_import_lines_is_undo', isBoolean(t.isUndo)),
    check('local_import_lines_order', sql`${t.lastLine} >= ${t.firstLine}`),
  ],
)

/** Mappings of columns that people saved, for files with the same header. */
export const localImportMaps = sqliteTable(
  'local_import_maps',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    name: text('name').notNull(),
    /** The headers, sorted, as JSON. */
    header: text('header').notNull(),
    /** JSON. */
    map: text('map').notNull(),
    savedAt: integer('saved_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.name] }),
    check('local_import_maps_name', filled(t.name, 100)),
    check('local_import_maps_header', sql`json_valid(${t.header})`),
    check('local_import_maps_map', sql`json_valid(${t.map})`),
  ],
)

export const localDrafts = sqliteTable(
  'local_drafts',
  {
    userId: text('user_id').$type<UserId>().notNull(),
    clientId: text('client_id').$type<ClientId>().notNull(),
    form: text('form').notNull(),
    /** JSON. */
    value: text('value').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.form] }),
    foreignKey({ name: 'local_drafts_user', columns: [t.clientId, t.userId], foreignColumns: [users.clientId, users.id] }),
    check('local_drafts_value', sql`json_valid(${t.value})`),
  ],
)
