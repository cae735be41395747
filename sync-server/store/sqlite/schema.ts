import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { CallId, ClientId, DeviceId, Id, OpId, TxId, UserId } from '../../../core/id.ts'
import type { HybridTime } from '../../../core/hybrid-clock.ts'
import { AUDIT_ACTIONS } from '../../../core/model/audit.ts'
import { ROLES } from '../../../core/roles.ts'
import type { FieldVersions } from '../../../core/sync/field-versions.ts'
import type { Values } from '../../../core/sync/merge.ts'
import { VERDICTS, type Rejection } from '../../../core/sync/operation.ts'
import { MERGED_TABLES, type SyncTableName } from '../../../core/sync/tables.ts'
import type { CallCounts } from '../../../core/metrics/metrics.ts'
import { CELL_TYPES } from '../../../core/team/team-cells.ts'
import type { TeamState } from '../store.ts'
import { bytes, columnNames, idBytes } from './columns.ts'

/*
 * The tables for typed queries, as the migrations leave them. `migrations.ts` has their keys, indexes and rules; a test compares the columns.
 */

const clientId = () => text('client_id').$type<ClientId>().notNull()

export const server = sqliteTable('server', {
  singleton: integer('singleton').primaryKey(),
  epoch: text('epoch').notNull(),
  /** Written by the migration that adds the column. */
  cursorKey: bytes('cursor_key'),
})

export const writeProbe = sqliteTable('write_probe', {
  singleton: integer('singleton').primaryKey(),
  written: integer('written').notNull(),
  padding: blob('padding').notNull(),
})

/*
 * The columns of synced tables that typed queries name. `synced-tables.ts` writes and reads whole rows, from the description of the tables.
 */

export const clients = sqliteTable('clients', {
  id: text('id').$type<ClientId>().notNull(),
  name: text('name').notNull(),
})

export const users = sqliteTable('users', {
  id: text('id').$type<UserId>().notNull(),
  clientId: clientId(),
  name: text('name').notNull(),
  role: text('role', { enum: ROLES }).notNull(),
  isActive: integer('is_active', { mode: 'boolean' }).notNull(),
  emailKey: text('email_key').notNull(),
  lastLogin: integer('last_login'),
  passwordHash: text('password_hash'),
  version: integer('version').notNull(),
  changedBy: text('changed_by').$type<UserId>().notNull(),
})

export const calls = sqliteTable('calls', {
  id: text('id').$type<CallId>().notNull(),
  clientId: clientId(),
  userId: text('user_id').$type<UserId>().notNull(),
})

/** The client's order, and its publication. `seq` is the last number given out (S1). Before `publishedAt` is set, no one can read any data. */
export const clientState = sqliteTable('client_state', {
  clientId: clientId(),
  seq: integer('seq').notNull(),
  floor: integer('floor').notNull(),
  publishedAt: integer('published_at'),
  publicationId: text('publication_id').$type<Id>().notNull(),
  publicationUser: text('publication_user').$type<UserId>().notNull(),
  publicationDevice: text('publication_device').$type<DeviceId>().notNull(),
  publicationDeviceName: text('publication_device_name').notNull(),
  publicationDeviceSeq: integer('publication_device_seq').notNull(),
  publicationStartedAt: integer('publication_started_at').notNull(),
  publicationNextChunk: integer('publication_next_chunk').notNull(),
  publicationLastSeq: integer('publication_last_seq').notNull(),
  publicationSecret: bytes('publication_secret'),
  unsealedUntil: integer('unsealed_until').notNull(),
})

export const publicationChunks = sqliteTable('publication_chunks', {
  clientId: clientId(),
  chunk: integer('chunk').notNull(),
  digest: bytes('digest').notNull(),
  firstSeq: integer('first_seq').notNull(),
})

export const chain = sqliteTable('chain', {
  clientId: clientId(),
  seq: integer('seq').notNull(),
  value: bytes('value').notNull(),
})

export const devices = sqliteTable('devices', {
  deviceKey: integer('device_key').primaryKey(),
  clientId: clientId(),
  deviceId: text('device_id').$type<DeviceId>().notNull(),
  name: text('name').notNull(),
  lastClock: text('last_clock').$type<HybridTime>(),
  revokedAt: integer('revoked_at'),
})

export const tokens = sqliteTable('tokens', {
  hash: bytes('hash').notNull(),
  clientId: clientId(),
  userId: text('user_id').$type<UserId>().notNull(),
  deviceKey: integer('device_key').notNull(),
  createdAt: integer('created_at').notNull(),
})

export const operations = sqliteTable('operations', {
  clientId: clientId(),
  seq: integer('seq').notNull(),
  opId: idBytes('op_id').$type<OpId>().notNull(),
  txId: idBytes('tx_id').$type<TxId>().notNull(),
  deviceKey: integer('device_key').notNull(),
  deviceSeq: integer('device_seq').notNull(),
  userId: text('user_id').$type<UserId>().notNull(),
  schemaVersion: integer('schema_version').notNull(),
  table: text('table_name').notNull(),
  rowId: text('row_id').notNull(),
  action: text('action').notNull(),
  hlc: text('hlc').$type<HybridTime>().notNull(),
  wallTime: integer('wall_time').notNull(),
  clock: text('clock').$type<HybridTime>().notNull(),
  receivedAt: integer('received_at').notNull(),
  ownerBefore: text('owner_before').$type<UserId>(),
  ownerAfter: text('owner_after').$type<UserId>(),
  digest: bytes('digest').notNull(),
  verdict: text('verdict', { enum: VERDICTS }).notNull(),
  rejection: text('rejection', { mode: 'json' }).$type<Rejection>(),
})

export const aliases = sqliteTable('aliases', {
  clientId: clientId(),
  id: text('id').notNull(),
  table: text('table_name', { enum: MERGED_TABLES }).notNull(),
  to: text('to_id').notNull(),
  seq: integer('seq').notNull(),
})

export const departures = sqliteTable('departures', {
  clientId: clientId(),
  seq: integer('seq').notNull(),
  rowId: text('row_id').$type<CallId>().notNull(),
  userId: text('user_id').$type<UserId>().notNull(),
  reason: text('reason', { enum: ['deleted', 'moved'] }).notNull(),
})

export const deletedCalls = sqliteTable('deleted_calls', {
  clientId: clientId(),
  rowId: text('row_id').$type<CallId>().notNull(),
  seq: integer('seq').notNull(),
  values: text('row_values', { mode: 'json' }).$type<Values>().notNull(),
  version: integer('version').notNull(),
  base: integer('base').notNull(),
  fields: text('fields', { mode: 'json' }).$type<FieldVersions['overrides']>(),
  changedBy: text('changed_by').$type<UserId>().notNull(),
})

export const conflicts = sqliteTable('conflicts', {
  clientId: clientId(),
  seq: integer('seq').notNull(),
  columns: columnNames('columns').notNull(),
  table: text('table_name').$type<SyncTableName>().notNull(),
  rowId: text('row_id').notNull(),
  winning: text('winning', { mode: 'json' }).$type<Values>().notNull(),
  losing: text('losing', { mode: 'json' }).$type<Values>().notNull(),
  winningOpId: text('winning_op').$type<OpId>().notNull(),
  losingOpId: text('losing_op').$type<OpId>().notNull(),
  winningUserId: text('winning_user').$type<UserId>().notNull(),
  losingUserId: text('losing_user').$type<UserId>().notNull(),
  version: integer('version').notNull(),
  createdAt: integer('created_at').notNull(),
})

export const auditLogs = sqliteTable('audit_logs', {
  clientId: clientId(),
  line: integer('line').notNull(),
  id: text('id').$type<OpId>().notNull(),
  userId: text('user_id').$type<UserId>(),
  table: text('table_name').notNull(),
  recordId: text('record_id').notNull(),
  action: text('action', { enum: AUDIT_ACTIONS }).notNull(),
  oldValues: text('old_values'),
  newValues: text('new_values'),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  createdAt: integer('created_at').notNull(),
  owner: text('owner').$type<UserId>(),
})

export const teamState = sqliteTable('team_state', {
  clientId: clientId(),
  zone: text('zone').notNull(),
  startsAt: integer('starts_at').notNull(),
  publishedUntil: integer('published_until').notNull(),
  version: integer('version').notNull(),
  examined: text('examined', { mode: 'json' }).$type<NonNullable<TeamState['examined']>>(),
})

export const teamChangedDays = sqliteTable('team_changed_days', {
  clientId: clientId(),
  day: integer('day').notNull(),
})

export const teamCells = sqliteTable('team_cells', {
  clientId: clientId(),
  day: integer('day').notNull(),
  callType: text('call_type', { enum: CELL_TYPES }).notNull(),
  version: integer('version').notNull(),
  publications: integer('publications').notNull(),
  people: integer('people').notNull(),
  dayPeople: integer('day_people').notNull(),
  counts: text('counts', { mode: 'json' }).$type<CallCounts>().notNull(),
  /** By person. */
  parts: text('parts', { mode: 'json' }).$type<Readonly<Record<string, CallCounts>>>().notNull(),
})
