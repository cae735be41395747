/** Tables that only this device uses: data derived from others, the write context, drafts, records of imports. */
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { CallId, ClientId, Id, TxId, UserId } from '../core/id.ts'
import { CELL_TYPES } from '../core/team/team-cells.ts'
import { filled, isBoolean, users } from './schema.ts'

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

/** Counts of everyone's calls by local day. */
export const localEveryoneTotals = sqliteTable(
  'local_everyone_totals',
  {
    clientId: text('client_id').notNull(),
    day: integer('day').notNull(),
    callType: text('call_type').notNull(),
    ...callCounts(),
    ...talkCounts(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.callType] })],
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
  // By reason first, because reports add them up in that order.
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.lossReasonId, t.userId, t.callType] })],
)

/** Counts of everyone's lost calls by local day and loss reason; '' is no reason. */
export const localEveryoneLosses = sqliteTable(
  'local_everyone_losses',
  {
    clientId: text('client_id').notNull(),
    day: integer('day').notNull(),
    callType: text('call_type').notNull(),
    lossReasonId: text('loss_reason_id').notNull(),
    lost: integer('lost').notNull(),
  },
  // By reason first, because reports add them up in that order.
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.lossReasonId, t.callType] })],
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
  // By reason first, because reports add them up in that order.
  (t) => [primaryKey({ columns: [t.clientId, t.month, t.lossReasonId, t.userId, t.callType] })],
)

/** The columns of `HourCounts`. */
const hourCounts = () => ({
  calls: integer('calls').notNull(),
  completed: integer('completed').notNull(),
  noShow: integer('no_show').notNull(),
  rescheduled: integer('rescheduled').notNull(),
  won: integer('won').notNull(),
})

/** Counts of calls by local month and hour of the week (0…167, from Monday 00:00). */
export const localHourTotals = sqliteTable(
  'local_hour_totals',
  {
    clientId: text('client_id').notNull(),
    month: integer('month').notNull(),
    hour: integer('hour').notNull(),
    ...countedFor(),
    ...hourCounts(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.month, t.hour, t.userId, t.callType] })],
)

/** Counts of everyone's calls by local day and hour of the week. */
export const localEveryoneHours = sqliteTable(
  'local_everyone_hours',
  {
    clientId: text('client_id').notNull(),
    day: integer('day').notNull(),
    hour: integer('hour').notNull(),
    callType: text('call_type').notNull(),
    ...hourCounts(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.day, t.hour, t.callType] })],
)

/** The no-shows with their next attempts; see `no-shows.ts`. */
export const localNoShows = sqliteTable(
  'local_no_shows',
  {
    clientId: text('client_id').notNull(),
    eventAt: integer('event_at').notNull(),
    /** The rowid of the call. */
    place: integer('place').notNull(),
    userId: text('user_id').notNull(),
    callType: text('call_type').notNull(),
    /** Whether the call has a phone number or an e-mail address by which an attempt can be found. */
    hasContact: integer('has_contact').notNull(),
    /** The event time of the next attempt, which may be in the future; `NO_ATTEMPT`: there is none. */
    nextAt: integer('next_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.clientId, t.eventAt, t.place] })],
)

/**
 * The published totals of the team (`core/team/team-cells.ts`), on the device of a person who sees only their own calls: sums of at least three
 * people's calls by local day and type, without names. '' is all types.
 */
export const localTeamCells = sqliteTable(
  'local_team_cells',
  {
    clientId: text('client_id').$type<ClientId>().notNull(),
    day: integer('day').notNull(),
    callType: text('call_type', { enum: CELL_TYPES }).notNull(),
    /** The number of people in the cell, and in all cells of the day. */
    people: integer('people').notNull(),
    dayPeople: integer('day_people').notNull(),
    ...callCounts(),
    ...talkCounts(),
  },
  (t) => [
    primaryKey({ columns: [t.clientId, t.day, t.callType] }),
    check('local_team_cells_people', sql`${t.people} >= 3 AND ${t.dayPeople} >= ${t.people}`),
  ],
)

/** The state of this device's totals of the team. */
export const localTeamState = sqliteTable('local_team_state', {
  clientId: text('client_id').$type<ClientId>().primaryKey(),
  /** The version of the last cell. */
  since: integer('since').notNull(),
  /** The first unfinished day when the server last answered. */
  today: integer('today').notNull(),
  /** The time of the server's last complete answer, ms UTC. */
  asOf: integer('as_of').notNull(),
})

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
