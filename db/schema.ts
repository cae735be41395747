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
import type { CallId, ClientId, DoNotCallId, LossReasonId, OpId, UserId } from '../core/id.ts'
import type { DERIVED_COLUMNS } from '../core/model/call-derivation.ts'
import type { Call, CALL_ROW_COLUMNS } from '../core/model/call.ts'
import { AUDIT_ACTIONS } from '../core/model/audit.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../core/model/call-fields.ts'
import { ROLES } from '../core/roles.ts'
import { RARE_AUDIT } from './rare-audit.ts'

/**
 * One client's database, table by table: the source of the migrations, of the triggers, and of the types of the queries (`prepared.ts`).
 * Drizzle cannot express STRICT, WITHOUT ROWID and deferred keys, which are in `physical.ts`. The triggers are in `triggers.ts`, the text
 * indexes and the triggers of the totals in `derived.ts`. This file has the data; `sync-schema.ts` has the tables of sync, `local-schema.ts` those
 * that only this device uses. Every row and every foreign key contains the client, so that no row can refer to
 * another tenant, even after a bug.
 */

/**
 * Requires one of the values, as literals, because a CHECK accepts no parameters. It does not use IN, for which SQLite makes a temporary
 * table at every run of the statement; that makes an audited row a fifth slower.
 */
export function oneOf(column: AnySQLiteColumn, values: readonly string[]): SQL {
  return sql.join(
    values.map((value) => sql`${column} = ${sql.raw(`'${value}'`)}`),
    sql` OR `,
  )
}

/** Compares and sorts without regard to (ASCII) case. */
function noCase(column: AnySQLiteColumn): SQL {
  return sql`${column} COLLATE NOCASE`
}

export function isBoolean(column: AnySQLiteColumn): SQL {
  return sql`${column} IN (0, 1)`
}

/** Requires null, or 1 to `max` characters. An empty text is stored as null. */
export function filled(column: AnySQLiteColumn, max: number): SQL {
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

export const createdAt = () => integer('created_at').notNull()
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
    /** No foreign key, because the device of an agent may not hold the other call, and because either call may be deleted alone. */
    followsCallId: text('follows_call_id').$type<CallId>(),
    nameTerms: text('name_terms'),
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
    // The agenda of everyone and of a person. Few calls are scheduled, so a write of another call costs nothing.
    index('calls_scheduled')
      .on(t.clientId, t.scheduledAt, t.rowid, t.userId)
      .where(sql`status = 'scheduled'`),
    index('calls_scheduled_by_user')
      .on(t.clientId, t.userId, t.scheduledAt, t.rowid)
      .where(sql`status = 'scheduled'`),
    // The index does not contain the client, which is the same for all calls of a file. Calls are created in the order of this index, so a
    // write costs little.
    index('calls_by_creation').on(t.createdAt, t.eventAt),
    // Only the calls that continue another one; the client is that of the file.
    index('calls_by_followed')
      .on(t.followsCallId)
      .where(sql`follows_call_id IS NOT NULL`),
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

/** Settings of a person. On a device that is connected to a server only that person's. */
export const userSettings = sqliteTable(
  'user_settings',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    /** The person and the key; see `userSettingId`. */
    id: text('id').notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    key: text('key').notNull(),
    /** JSON. */
    value: text('value').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.id] }),
    foreignKey({ name: 'user_settings_user', columns: [t.clientId, t.userId], foreignColumns: [users.clientId, users.id] }),
    check('user_settings_id', sql`${t.id} = ${t.userId} || ':' || ${t.key}`),
    check('user_settings_key', filled(t.key, 60)),
    check('user_settings_value', sql`json_valid(${t.value})`),
  ],
)

/**
 * The contacts of prospects who do not want to be called, as hashes (`contact-hash.ts`). A lifted entry stays. A contact may have several entries,
 * for example if two people add it offline.
 */
export const doNotCall = sqliteTable(
  'do_not_call',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    id: text('id').$type<DoNotCallId>().notNull(),
    contactHash: text('contact_hash').notNull(),
    reason: text('reason'),
    userId: text('user_id').$type<UserId>().notNull(),
    createdAt: createdAt(),
    liftedAt: integer('lifted_at'),
    liftedBy: text('lifted_by').$type<UserId>(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.id] }),
    foreignKey({ name: 'do_not_call_user', columns: [t.clientId, t.userId], foreignColumns: [users.clientId, users.id] }),
    foreignKey({ name: 'do_not_call_lifted_by', columns: [t.clientId, t.liftedBy], foreignColumns: [users.clientId, users.id] }),
    index('do_not_call_by_contact').on(t.contactHash),
    check('do_not_call_id', sql`length(${t.id}) = 36`),
    check('do_not_call_contact_hash', sql`length(${t.contactHash}) = 43`),
    check('do_not_call_reason', filled(t.reason, 500)),
    check('do_not_call_created_at', sql`${t.createdAt} >= 0`),
    check('do_not_call_lifted', sql`(${t.liftedAt} IS NULL) = (${t.liftedBy} IS NULL)`),
    check('do_not_call_lifted_at', sql`${t.liftedAt} >= 0`),
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
