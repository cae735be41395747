import type { ClientId, DeviceId, UserId } from '../id.ts'
import { DATA_ACTIONS } from '../model/audit.ts'
import { isViewKey } from '../model/saved-views.ts'
import { isTargetKey } from '../model/targets.ts'
import { may, mayHaveCalls, reach, type Permission, type Role } from '../roles.ts'
import { formatHybridTime, parseHybridTime } from '../hybrid-clock.ts'
import { fieldVersion, type FieldVersions } from './field-versions.ts'
import { merge, type Author, type Conflict, type Values } from './merge.ts'
import { isRestore, type OperationAction, type OperationOrigin, type Rejection } from './operation.ts'
import { personInRowId } from './row-person.ts'
import {
  brokenSettingRow,
  brokenValue,
  columnOf,
  isPersonal,
  isRowId,
  isMergedTable,
  isSyncTable,
  syncTable,
  unitOf,
  type Column,
  type MergedTable,
  type Scalar,
  type SyncTableName,
} from './tables.ts'
import { uniqueKey } from '../text/unique-key.ts'
import { proposalOf, rightsOfAnother, sameNamed } from './same-name.ts'

/** A synced row as the server holds it. */
export type SyncRow = {
  readonly values: Values
  /** The `seq` of the last operation on the row. */
  readonly version: number
  readonly versions: FieldVersions
  /** The author of that operation. */
  readonly changedBy: UserId
}

/**
 * One client's rows at one moment, as far as the operations to judge may need them. Each judgement sees the changes of the previous
 * ones.
 */
export type RowState = {
  readonly clientId: ClientId
  row(table: SyncTableName, id: string): SyncRow | undefined
  /** Returns the last owner of the deleted call `id`; undefined if it was not deleted or was restored. */
  deletedOwner(id: string): UserId | undefined
  /**
   * Returns the deleted call `id` as it was last accepted; undefined if it was not deleted or was restored. `version` is 0 if the
   * versions of its fields were not stored.
   */
  deletedCall(id: string): SyncRow | undefined
  /** Returns the id of a row other than `except` with this value in a unique column; `key` is a result of `uniqueKey`. */
  holder(table: SyncTableName, column: string, key: string, except: string): string | undefined
  /** Returns the row that the alias `id` refers to (S11). */
  alias(table: SyncTableName, id: string): string | undefined
  addAlias(table: MergedTable, id: string, to: string, seq: number): void
  hasOtherActiveAdmin(userId: UserId): boolean
  authorOf(seq: number): Author
  put(table: SyncTableName, id: string, row: SyncRow): void
  /** Removes a call. `owner` is its last owner. */
  remove(id: string, owner: UserId, seq: number): void
}

/** An operation with the server's information about it. */
export type JudgedOperation = {
  readonly seq: number
  readonly author: Author
  readonly table: string
  readonly rowId: string
  readonly action: OperationAction
  readonly values: Values
  readonly bases: Readonly<Record<string, number>>
  readonly origin?: OperationOrigin
  /** Its row id was an alias; `rowId` is the row that it refers to. */
  readonly viaAlias?: true
}

/** The line of the audit trail for a change; `action` is the operation's. */
export type Trail = { readonly old: Values | null; readonly new: Values | null }

export type Accepted = {
  readonly verdict: 'accepted' | 'merged'
  /** For a new row that became an alias: the surviving row's id. */
  readonly survivor?: string
  /** null: nothing changed. An INSERT of an existing row is recorded as an UPDATE. */
  readonly trail: (Trail & { readonly action: OperationAction }) | null
  /** Values that lost: the current value (`old`) and the proposed one (`new`). */
  readonly lost: Trail | null
  readonly conflicts: readonly Conflict[]
  /** The owners of the call before and after; null if there is none. They decide which devices receive the change (S15). */
  readonly ownerBefore: string | null
  readonly ownerAfter: string | null
}
export type Judgement = Accepted | ({ readonly verdict: 'rejected' } & Rejection)

const EDIT_PERMISSION = {
  clients: 'settings.edit',
  users: 'users.edit',
  loss_reasons: 'loss_reasons.edit',
  client_settings: 'settings.edit',
  user_settings: 'views.edit',
  do_not_call: 'do_not_call.lift',
} as const satisfies Record<Exclude<SyncTableName, 'calls'>, Permission>

/** Returns the permission that an edit of the row requires. Targets and shared views are settings that leads may edit. */
export function editPermission(table: Exclude<SyncTableName, 'calls'>, rowId: string, action: OperationAction): Permission {
  if (table === 'do_not_call' && action === 'INSERT') return 'do_not_call.add'
  if (table !== 'client_settings') return EDIT_PERMISSION[table]
  return isTargetKey(rowId) ? 'targets.edit' : isViewKey(rowId) ? 'views.share' : EDIT_PERMISSION[table]
}

/** Returns whether a person may edit the row. Only the person of a setting may edit it. Calls have their own rules. */
export function mayEditRow(
  { role, userId }: { readonly role: Role; readonly userId: UserId },
  table: Exclude<SyncTableName, 'calls'>,
  rowId: string,
  action: OperationAction,
): boolean {
  const permission = editPermission(table, rowId, action)
  return isPersonal(table)
    ? reach(role, permission) !== 'none' && personInRowId(table, rowId) === userId
    : reach(role, permission) === 'all'
}

/**
 * Events of a device that change no row: the table of their line in the trail, the permission that the person needs (null: none), and the
 * greatest length of the values' JSON. Other event actions are refused.
 */
const EVENTS: Readonly<
  Record<string, { readonly tables: readonly SyncTableName[]; readonly needs: Permission | null; readonly length: number }>
> = {
  LOGIN: { tables: ['users'], needs: null, length: 500 },
  LOGIN_FAILED: { tables: ['users'], needs: null, length: 500 },
  LOGOUT: { tables: ['users'], needs: null, length: 500 },
  // The record of an import is the import itself, not a call.
  IMPORT: { tables: ['calls'], needs: 'import.run', length: 4_096 },
  EXPORT: { tables: ['clients', 'calls'], needs: 'export.run', length: 4_096 },
  BACKUP: { tables: ['clients'], needs: 'backup.run', length: 4_096 },
  RESTORE: { tables: ['clients'], needs: 'backup.run', length: 4_096 },
}

/**
 * The most characters of the server's value in a rejection. The value is stored with every refused operation, so many short operations on
 * one long note could otherwise fill the store.
 */
const MAX_SHOWN = 200

function reject(code: Rejection['code'], field: string | null = null, current: Scalar = null): Judgement {
  const isLong = typeof current === 'string' && current.length > MAX_SHOWN
  return { verdict: 'rejected', code, field, current: isLong ? `${current.slice(0, MAX_SHOWN).toWellFormed()}…` : current }
}

/** Returns the value that a rejection may show: never a secret. */
function currentOf(table: SyncTableName, row: SyncRow | undefined, field: string): Scalar {
  return columnOf(table, field)?.audience === 'self' ? null : (row?.values[field] ?? null)
}

function ownerOf(table: SyncTableName, values: Values | undefined): string | null {
  return table === 'calls' && typeof values?.['user_id'] === 'string' ? values['user_id'] : null
}

/**
 * Decides one operation by its author's current role, the current rows and the model's rules (S13), and carries it out in `rows`. A rejected
 * operation changes nothing. The operation's own statements about its author and the replaced values are never trusted.
 */
export function judge(rows: RowState, op: JudgedOperation): Judgement {
  const actor = rows.row('users', op.author.userId)?.values
  if (actor?.['is_active'] !== 1) return reject('FORBIDDEN')
  const role = actor['role'] as Role
  if (isRestore(op)) return judgeRestore(rows, op, role)
  if (!isDataAction(op.action)) return judgeEvent(rows, op, role)
  if (!isSyncTable(op.table) || !isRowId(op.table, op.rowId)) return reject('INVALID')
  const { table } = op
  if (op.action === 'DELETE') return judgeDelete(rows, op, table, role)
  if (table !== 'calls') {
    const ownPassword = table === 'users' && op.rowId === op.author.userId && isOnly(op.values, 'password_hash')
    if (!(op.action === 'UPDATE' && ownPassword) && !mayEditRow({ role, userId: op.author.userId }, table, op.rowId, op.action))
      return reject('FORBIDDEN')
  }
  // After the check of the permission, because the answer reveals the current value.
  const broken = brokenFields(table, op) ?? brokenSignature(table, op)
  if (broken !== undefined) return reject('INVALID', broken, currentOf(table, visibleRow(rows, op, table, role), broken))
  const another = rightsOfAnother(op)
  if (another !== undefined) return reject('CONFLICT', another, op.rowId)
  const row = rows.row(table, op.rowId)
  if (op.action !== 'INSERT' || row !== undefined) return judgeEdit(rows, op, table, role, row)
  const survivor = sameNamed(rows, op, table)
  return survivor === undefined ? judgeNewRow(rows, op, table, role) : judgeSameNamed(rows, op, table, role, survivor)
}

/** Makes the new row an alias of `survivor`, and judges its values as an edit of that row. */
function judgeSameNamed(rows: RowState, op: JudgedOperation, table: SyncTableName, role: Role, survivor: string): Judgement {
  const judgement = judgeEdit(rows, { ...op, rowId: survivor }, table, role, rows.row(table, survivor))
  if (judgement.verdict === 'rejected' || !isMergedTable(table)) return judgement
  rows.addAlias(table, op.rowId, survivor, op.seq)
  return { ...judgement, survivor }
}

function isDataAction(action: OperationAction): boolean {
  return DATA_ACTIONS.some((each) => each === action)
}

/** Whether the accepted operation can give its row another version. A person's own sign-in can too. */
export function changesRow(op: Pick<JudgedOperation, 'table' | 'rowId' | 'action'>, userId: UserId): boolean {
  return isDataAction(op.action) || isRestore(op) || (op.action === 'LOGIN' && op.table === 'users' && op.rowId === userId)
}

function isOnly(values: Values, column: string): boolean {
  const columns = Object.keys(values)
  return columns.length === 1 && columns[0] === column
}

function visibleRow(rows: RowState, op: JudgedOperation, table: SyncTableName, role: Role): SyncRow | undefined {
  const row = rows.row(table, op.rowId)
  if (row === undefined || table !== 'calls') return row
  return may(role, 'calls.read', op.author.userId, ownerOf(table, row.values)) ? row : undefined
}

/** Returns the first column that the operation may not contain, or not with this value. Reads only the operation. */
function brokenFields(table: SyncTableName, op: JudgedOperation): string | undefined {
  const insert = op.action === 'INSERT'
  for (const name in op.values) {
    const column = columnOf(table, name)
    if (column === undefined || !mayWrite(column, insert)) return name
    const value = op.values[name] ?? null
    if (brokenValue(column, value) !== undefined) return name
    if (insert) continue
    const torn = unitOf(table, name).find((other) => !Object.hasOwn(op.values, other))
    if (torn !== undefined) return torn
  }
  const description = syncTable(table)
  if (insert) {
    const missing = description.columns.find(
      (each) => mayWrite(each, true) && !Object.hasOwn(op.values, each.name) && brokenValue(each, null) !== undefined,
    )
    if (missing !== undefined) return missing.name
  } else if (Object.keys(op.values).length === 0) return 'id'
  const brokenAs = brokenSettingRow(table, op.rowId, op.values)
  if (brokenAs !== undefined) return brokenAs
  const [unit] = description.units
  if (unit === undefined || (!insert && !Object.hasOwn(op.values, unit[0] ?? ''))) return undefined
  return description.broken?.(wholeUnit(unit, op.values))?.field
}

/**
 * Returns the column with which a change of a do-not-call entry breaks a rule: the author adds and lifts in their own name. An entry is added in
 * force, so that people who may only add entries cannot lift one.
 */
function brokenSignature(table: SyncTableName, { action, author, values }: JudgedOperation): string | undefined {
  if (table !== 'do_not_call') return undefined
  if (action !== 'INSERT') return values['lifted_by'] === author.userId ? undefined : 'lifted_by'
  if (values['user_id'] !== author.userId) return 'user_id'
  return (values['lifted_at'] ?? null) === null ? undefined : 'lifted_at'
}

/** Returns the first column of a stored row that breaks a rule. Values from the audit trail may come from a device. */
function brokenStored(table: SyncTableName, values: Values): string | undefined {
  const { columns, units, broken } = syncTable(table)
  const column = columns.find((each) => brokenValue(each, values[each.name] ?? null) !== undefined)
  return column?.name ?? broken?.(wholeUnit(units[0] ?? [], values))?.field
}

function wholeUnit(unit: readonly string[], values: Values): Values {
  return Object.fromEntries(unit.map((name) => [name, values[name] ?? null]))
}

/** The operator of the server decides a client's `is_active`, so no operation contains it. */
function mayWrite(column: Column, insert: boolean): boolean {
  return column.writer === 'operation' || (insert && column.writer === 'insert')
}

/** Returns the first column that refers to no row of the client, or has another row's unique value. */
function brokenReference(rows: RowState, table: SyncTableName, id: string, changed: Values): Judgement | undefined {
  const person = personInRowId(table, id)
  if (person !== null && rows.row('users', person) === undefined) return reject('INVALID', 'id')
  for (const name in changed) {
    const value = changed[name]
    if (typeof value !== 'string') continue
    const column = columnOf(table, name)
    if (column?.refersTo !== undefined && rows.row(column.refersTo, value) === undefined)
      return reject('INVALID', name, currentOf(table, rows.row(table, id), name))
    if (column?.unique !== true) continue
    const holder = rows.holder(table, name, uniqueKey(value), id)
    if (holder !== undefined) return reject('CONFLICT', name, holder)
  }
  return undefined
}

/** Refuses a new owner of a call who may not log calls. A call that such a person already has is not affected. */
function unfitOwner(rows: RowState, table: SyncTableName, changed: Values, current: string | null): Judgement | undefined {
  const owner = ownerOf(table, changed)
  if (owner === null) return undefined
  const role = rows.row('users', owner)?.values['role'] as Role
  return mayHaveCalls(role) ? undefined : reject('INVALID', 'user_id', current)
}

/** Returns the values for the trail: no secrets, and for a new or deleted row only values that are not null. */
function shown(table: SyncTableName, values: Values): Record<string, Scalar> {
  const kept: Record<string, Scalar> = {}
  for (const name in values) if (columnOf(table, name)?.audience !== 'self') kept[name] = values[name] ?? null
  return kept
}

function wholeRow(rows: RowState, table: SyncTableName, id: string, values: Values): Values {
  const identity = table === 'clients' ? { id } : { [table === 'client_settings' ? 'key' : 'id']: id, client_id: rows.clientId }
  const present: Record<string, Scalar> = identity
  for (const { name, writer, audience } of syncTable(table).columns) {
    const value = values[name] ?? null
    if (value !== null && writer !== 'server' && audience !== 'self') present[name] = value
  }
  return present
}

function millisOf(op: JudgedOperation): number {
  return parseHybridTime(op.author.clock).millis
}

function judgeNewRow(rows: RowState, op: JudgedOperation, table: SyncTableName, role: Role): Judgement {
  const { userId } = op.author
  // Only a publication creates a client.
  if (table === 'clients') return reject('FORBIDDEN')
  const owner = ownerOf(table, op.values)
  if (table === 'calls') {
    const deletedOwner = rows.deletedOwner(op.rowId)
    if (deletedOwner !== undefined)
      return may(role, 'calls.read', userId, deletedOwner) ? reject('DELETED') : reject('CONFLICT', 'id')
    if (!may(role, 'calls.create', userId, owner) && !mayAssign(role, userId, owner)) return reject('FORBIDDEN', 'user_id')
  }
  const refusal = brokenReference(rows, table, op.rowId, op.values) ?? unfitOwner(rows, table, op.values, null)
  if (refusal !== undefined) return refusal
  const values: Record<string, Scalar> = {}
  for (const { name } of syncTable(table).columns) values[name] = op.values[name] ?? null
  if (columnOf(table, 'updated_at') !== undefined) values['updated_at'] = millisOf(op)
  rows.put(table, op.rowId, { values, version: op.seq, versions: { base: op.seq, overrides: null }, changedBy: userId })
  const trail = { action: 'INSERT' as const, old: null, new: wholeRow(rows, table, op.rowId, values) }
  return { verdict: 'accepted', trail, lost: null, conflicts: [], ownerBefore: null, ownerAfter: owner }
}

/** People who may reassign calls may also create calls for others. */
function mayAssign(role: Role, userId: UserId, owner: UserId | null): boolean {
  return reach(role, 'calls.create') !== 'none' && may(role, 'calls.reassign', userId, owner)
}

/** Returns the values that the operation proposes for an existing row. An INSERT proposes all columns that can still change. */
function proposed(op: JudgedOperation, table: SyncTableName, row: SyncRow): Pick<JudgedOperation, 'values' | 'bases'> {
  if (op.action === 'UPDATE') return op
  const values: Record<string, Scalar> = {}
  for (const { name, writer } of syncTable(table).columns) if (writer === 'operation') values[name] = op.values[name] ?? null
  return proposalOf(op, table, row, values)
}

function judgeEdit(rows: RowState, op: JudgedOperation, table: SyncTableName, role: Role, row: SyncRow | undefined): Judgement {
  const { userId } = op.author
  const owner = ownerOf(table, row?.values)
  if (row === undefined) {
    const deletedOwner = table === 'calls' ? rows.deletedOwner(op.rowId) : undefined
    return reject(deletedOwner !== undefined && may(role, 'calls.read', userId, deletedOwner) ? 'DELETED' : 'NOT_FOUND')
  }
  if (table === 'calls') {
    if (!may(role, 'calls.read', userId, owner)) return op.action === 'INSERT' ? reject('CONFLICT', 'id') : reject('NOT_FOUND')
    if (!may(role, 'calls.edit', userId, owner)) return reject('FORBIDDEN')
  }
  const { seq, author } = op
  const { values, bases } = proposed(op, table, row)
  const edit = { seq, author, values, bases, yields: op.action === 'INSERT' }
  const merged = merge(table, row, edit, (version) => rows.authorOf(version))
  const { changed } = merged
  // A secret that lost is not kept, because a conflict is sent to both authors. Two lifts of an entry of the do-not-call list leave no question.
  const isAsked = ({ columns }: { readonly columns: readonly string[] }) =>
    table !== 'do_not_call' && !columns.some((name) => columnOf(table, name)?.audience === 'self')
  const conflicts = merged.conflicts.filter(isAsked)
  if (Object.hasOwn(changed, 'user_id') && table === 'calls' && !may(role, 'calls.reassign', userId, owner))
    return reject('FORBIDDEN', 'user_id', owner)
  const refusal =
    brokenReference(rows, table, op.rowId, changed) ??
    unfitOwner(rows, table, changed, owner) ??
    takesLastAdmin(rows, op, table, row, changed)
  if (refusal !== undefined) return refusal
  const next: Record<string, Scalar> = { ...row.values, ...changed }
  const old: Record<string, Scalar> = {}
  for (const name in changed) old[name] = row.values[name] ?? null
  const touched = Object.keys(changed).length > 0
  if (touched && columnOf(table, 'updated_at') !== undefined)
    next['updated_at'] = Math.max(Number(row.values['updated_at']), millisOf(op))
  if (touched || merged.versions !== row.versions)
    rows.put(table, op.rowId, { values: next, version: op.seq, versions: merged.versions, changedBy: userId })
  return {
    // The device does not have the result of an INSERT of an existing row.
    verdict: merged.whole && op.action === 'UPDATE' && op.viaAlias !== true ? 'accepted' : 'merged',
    trail: touched ? { action: 'UPDATE', old: shown(table, old), new: shown(table, changed) } : null,
    lost: lostTrail(op, conflicts),
    conflicts,
    ownerBefore: owner,
    ownerAfter: ownerOf(table, next),
  }
}

/** Returns the line of the trail about the operation's own losing values. */
function lostTrail(op: JudgedOperation, conflicts: readonly Conflict[]): Trail | null {
  const own = conflicts.filter(({ loser }) => loser.opId === op.author.opId)
  if (own.length === 0) return null
  const gather = (side: 'winning' | 'losing') => Object.assign({}, ...own.map((conflict) => conflict[side])) as Values
  return { old: gather('winning'), new: gather('losing') }
}

/** No one could manage a client without an active admin. */
function takesLastAdmin(
  rows: RowState,
  op: JudgedOperation,
  table: SyncTableName,
  row: SyncRow,
  changed: Values,
): Judgement | undefined {
  if (table !== 'users' || row.values['role'] !== 'admin' || row.values['is_active'] !== 1) return undefined
  const field = Object.hasOwn(changed, 'role') ? 'role' : Object.hasOwn(changed, 'is_active') ? 'is_active' : undefined
  if (field === undefined || rows.hasOtherActiveAdmin(op.rowId)) return undefined
  return reject('CONFLICT', field, row.values[field] ?? null)
}

function judgeDelete(rows: RowState, op: JudgedOperation, table: SyncTableName, role: Role): Judgement {
  const { userId } = op.author
  if (!syncTable(table).deletable) return reject('FORBIDDEN')
  if (Object.keys(op.values).length > 0) return reject('INVALID')
  const row = rows.row(table, op.rowId)
  const owner = row === undefined ? (rows.deletedOwner(op.rowId) ?? null) : ownerOf(table, row.values)
  if (owner === null || !may(role, 'calls.read', userId, owner)) return reject('NOT_FOUND')
  const isUndo = op.origin === 'import' && reach(role, 'import.run') === 'all'
  if (isUndo && row !== undefined && !isUnedited(rows, op, row)) return reject('CONFLICT')
  if (!isUndo && !may(role, 'calls.delete', userId, owner)) return reject('FORBIDDEN')
  const base = { verdict: 'accepted', lost: null, conflicts: [], ownerAfter: null } as const
  // A second deletion changes nothing.
  if (row === undefined) return { ...base, trail: null, ownerBefore: null }
  rows.remove(op.rowId, owner, op.seq)
  const trail = { action: 'DELETE' as const, old: wholeRow(rows, table, op.rowId, row.values), new: null }
  return { ...base, trail, ownerBefore: owner }
}

/**
 * Whether the call is as the person's own device made it. A DELETE with the origin `import` undoes an import: people who may import may
 * delete what they imported, also calls that they may not delete otherwise, but never a call with an edit of another device.
 */
function isUnedited(rows: RowState, { author }: JudgedOperation, row: SyncRow): boolean {
  const { base, overrides } = row.versions
  if (row.changedBy !== author.userId || rows.authorOf(base).userId !== author.userId) return false
  return Object.values(overrides ?? {}).every((seq) => rows.authorOf(seq).deviceId === author.deviceId)
}

/**
 * Restores a deleted call as it was last accepted (S11). The fields keep their versions, so an edit from before the deletion merges as if
 * the call had never been deleted. The verdict is always `merged`, so that the answer contains the row, which may differ from the
 * restoring device's values.
 */
function judgeRestore(rows: RowState, op: JudgedOperation, role: Role): Judgement {
  const { userId } = op.author
  if (!isRowId('calls', op.rowId) || Object.keys(op.values).length > 0) return reject('INVALID')
  const row = rows.row('calls', op.rowId)
  const deleted = row === undefined ? rows.deletedCall(op.rowId) : undefined
  const owner = ownerOf('calls', (row ?? deleted)?.values)
  if (owner === null || !may(role, 'calls.read', userId, owner)) return reject('NOT_FOUND')
  if (!may(role, 'calls.restore', userId, owner)) return reject('FORBIDDEN')
  const base = { verdict: 'merged', lost: null, conflicts: [], ownerAfter: owner } as const
  // A second restore changes nothing.
  if (deleted === undefined) return { ...base, trail: null, ownerBefore: owner }
  const broken = brokenStored('calls', deleted.values)
  const refusal = broken === undefined ? brokenReference(rows, 'calls', op.rowId, deleted.values) : reject('INVALID', broken)
  if (refusal !== undefined) return refusal
  const updated_at = Math.max(Number(deleted.values['updated_at']), millisOf(op))
  const values = { ...deleted.values, updated_at }
  const versions = deleted.version === 0 ? { base: op.seq, overrides: null } : deleted.versions
  rows.put('calls', op.rowId, { values, version: op.seq, versions, changedBy: userId })
  const trail = { action: 'INSERT' as const, old: null, new: wholeRow(rows, 'calls', op.rowId, values) }
  return { ...base, trail, ownerBefore: null }
}

/** Judges an event. People report only their own sign-ins, and only actions that their role allows. */
function judgeEvent(rows: RowState, op: JudgedOperation, role: Role): Judgement {
  const { userId } = op.author
  if (!isSyncTable(op.table) || op.rowId.length === 0 || op.rowId.length > 100) return reject('INVALID')
  const event = Object.hasOwn(EVENTS, op.action) ? EVENTS[op.action] : undefined
  if (event === undefined || !event.tables.includes(op.table)) return reject('INVALID')
  if (event.needs !== null && reach(role, event.needs) === 'none') return reject('FORBIDDEN')
  if (op.table === 'users' && op.rowId !== userId) return reject('FORBIDDEN')
  if (op.table === 'clients' && op.rowId !== rows.clientId) return reject('FORBIDDEN')
  if (op.table === 'calls' && op.action !== 'IMPORT') {
    const owner = ownerOf('calls', rows.row('calls', op.rowId)?.values) ?? rows.deletedOwner(op.rowId)
    if (owner === undefined || !may(role, 'calls.read', userId, owner)) return reject('NOT_FOUND')
  }
  const secret = Object.keys(op.values).find((name) => columnOf('users', name)?.audience === 'self')
  if (secret !== undefined || JSON.stringify(op.values).length > event.length) return reject('INVALID', secret ?? null)
  if (changesRow(op, userId)) recordLogin(rows, op)
  const values = Object.keys(op.values).length === 0 ? null : op.values
  return {
    verdict: 'accepted',
    trail: { action: op.action, old: null, new: values },
    lost: null,
    conflicts: [],
    ownerBefore: null,
    ownerAfter: null,
  }
}

function recordLogin(rows: RowState, op: JudgedOperation): void {
  const row = rows.row('users', op.author.userId)
  if (row === undefined) return
  const last_login = Math.max(Number(row.values['last_login'] ?? 0), millisOf(op))
  rows.put('users', op.author.userId, {
    ...row,
    values: { ...row.values, last_login },
    version: op.seq,
    changedBy: op.author.userId,
  })
}

/** Returns the versions of `row` on which the operation was not made. The merge needs their authors. */
export function contestedVersions(
  op: Pick<JudgedOperation, 'action' | 'values' | 'bases' | 'origin'>,
  table: SyncTableName,
  row: SyncRow,
): number[] {
  if (op.action === 'DELETE')
    return op.origin === 'import' ? [row.versions.base, ...Object.values(row.versions.overrides ?? {})] : []
  const names = op.action === 'INSERT' ? syncTable(table).columns.map(({ name }) => name) : Object.keys(op.values)
  return names.flatMap((name) => {
    const version = fieldVersion(row.versions, table, name)
    return (op.bases[name] ?? 0) === version ? [] : [version]
  })
}

/** Returns the author of published rows: the publishing device, at the start of the publication. */
export function publicationAuthor(deviceId: DeviceId, deviceSeq: number, userId: UserId, startedAt: number): Author {
  return { opId: '', deviceId, deviceSeq, userId, clock: formatHybridTime(startedAt, 0) }
}
