import { callingHoursSchema } from '../../../core/model/calling-hours.ts'
import { parsedJson } from '../../../core/parsed-json.ts'
import type { SyncTableName } from '../../../core/sync/tables.ts'
import type { AuditEntry } from '../../../core/model/audit.ts'
import { CALL_FIELD_LABELS, fieldOfColumn } from '../../../core/model/call-fields.ts'
import { ROLES } from '../../../core/roles.ts'
import { callFieldText } from '../../format/call-field-text.ts'
import { callingHoursText } from '../../format/calling-times.ts'
import { ACTION_LABELS, ROLE_LABELS, WEEKDAYS } from '../../format/labels.ts'
import { NONE } from '../../format/numbers.ts'
import { formatInstant } from '../../format/times.ts'

type Value = string | number | null | undefined

/** The names and the zone with which values of the trail are written for a person. */
export type DiffContext = {
  readonly zone: string
  person: (id: string) => string
  lossReason: (id: string) => string
}

/** One changed field. `from` is null for a new record, `to` for a deleted one. */
export type DiffLine = { readonly field: string; readonly from: string | null; readonly to: string | null }

export const TABLE_LABELS: Record<string, string> = {
  clients: 'Client',
  users: 'User',
  loss_reasons: 'Loss reason',
  calls: 'Call',
  do_not_call: 'Do-not-call entry',
  client_settings: 'Setting',
  user_settings: 'Personal setting',
} satisfies Record<SyncTableName, string>

/** Labels of columns outside calls. */
const FIELD_LABELS: Record<string, string> = {
  name: 'Name',
  description: 'Description',
  email: 'E-mail',
  phone: 'Phone',
  address: 'Address',
  role: 'Role',
  is_active: 'Active',
  time_zone: 'Time zone',
  week_start: 'Week start',
  default_country: 'Default country',
  idle_lock_minutes: 'Lock after (minutes)',
  follows_call_id: 'Continues call',
  no_next_step_days: 'No next step after (days)',
  calling_hours: 'Calling hours',
  reason: 'Reason',
  lifted_at: 'Lifted',
  lifted_by: 'Lifted by',
  created_at: 'Created',
  last_login: 'Last sign-in',
  file_name: 'File',
  external_id: 'External id',
  code: 'Reason',
  rows: 'Rows read',
  removed: 'Calls removed',
  restored: 'Calls restored',
  kept: 'Calls kept because they were edited since',
}

/** Why a session ended or a sign-in failed. */
const REASONS: Readonly<Record<string, string>> = {
  password: 'Wrong password',
  no_password: 'No password was set',
  deactivated: 'The account is deactivated',
  sign_out: 'Signed out by the person',
  lock_screen: 'Signed out at the lock screen',
  expired: 'The session ended',
}

/** Why the server rejected a change. */
const REFUSALS: Readonly<Record<string, string>> = {
  FORBIDDEN: 'The role does not allow it',
  NOT_FOUND: 'The record does not exist',
  DELETED: 'The record was deleted',
  INVALID: 'A value is not valid',
  CONFLICT: 'It conflicts with another record',
  TRANSACTION: 'It belongs to a change that was refused',
}

/** Columns that are not shown: keys, and values that the title of the line or another field shows. */
const SILENT = new Set([
  'id',
  'client_id',
  'created_at',
  'updated_at',
  'key',
  'unlock',
  'enrol',
  'publication',
  'cancelled',
  'undone',
  'op_id',
  'contact_hash',
])

const TIMES = new Set(['last_login', 'created_at', 'lifted_at'])

function oneOf<K extends string>(value: Value, all: readonly K[], labels: Record<K, string>): string {
  const known = all.find((key) => key === value)
  return known === undefined ? String(value) : labels[known]
}

export function fieldLabel(column: string): string {
  const field = fieldOfColumn(column)
  if (field !== undefined) return CALL_FIELD_LABELS[field]
  const known = FIELD_LABELS[column]
  if (known !== undefined) return known
  const words = column.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function valueText(column: string, value: Value, context: DiffContext): string {
  if (value === null || value === undefined || value === '') return NONE
  const field = fieldOfColumn(column)
  if (field !== undefined)
    return callFieldText(field, value, { ...context, time: (millis) => formatInstant(millis, context.zone) })
  if (TIMES.has(column) && typeof value === 'number') return formatInstant(value, context.zone)
  switch (column) {
    case 'lifted_by':
      return context.person(String(value))
    case 'role':
      return oneOf(value, ROLES, ROLE_LABELS)
    case 'is_active':
      return value === 1 ? 'Yes' : 'No'
    case 'code':
      return REFUSALS[value] ?? String(value).toLowerCase().replaceAll('_', ' ')
    case 'field':
      return fieldLabel(String(value))
    case 'reason':
      return REASONS[value] ?? String(value).replaceAll('_', ' ')
    case 'calling_hours': {
      const hours = callingHoursSchema.safeParse(parsedJson(String(value)))
      return hours.success ? callingHoursText(hours.data) : String(value)
    }
    case 'week_start':
      return WEEKDAYS[Number(value) - 1] ?? String(value)
    default:
      return String(value)
  }
}

/** Returns the value of a setting under the name of its key. A setting is stored as one row per key, with its value as JSON. */
function settingValues(values: AuditEntry['oldValues'], key: string): Record<string, Value> | null {
  if (values === null || !('value' in values)) return values
  const json = values['value']
  let value: unknown = json
  try {
    if (typeof json === 'string') value = JSON.parse(json)
  } catch {
    value = json
  }
  return { [key]: typeof value === 'string' || typeof value === 'number' || value === null ? value : JSON.stringify(value) }
}

/** Returns the changed fields of a line of the trail, with the values as text. */
export function diffLines(entry: AuditEntry, context: DiffContext): DiffLine[] {
  const isSetting = entry.tableName === 'client_settings' || entry.tableName === 'user_settings'
  const key = String(entry.newValues?.['key'] ?? entry.oldValues?.['key'] ?? entry.recordId)
  const before = isSetting ? settingValues(entry.oldValues, key) : entry.oldValues
  const after = isSetting ? settingValues(entry.newValues, key) : entry.newValues
  const columns = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (column) => !SILENT.has(column),
  )
  return columns.map((column) => ({
    field: fieldLabel(column),
    from: before === null ? null : textOf(entry, column, before[column], context),
    to: after === null ? null : textOf(entry, column, after[column], context),
  }))
}

/** The reason of a do-not-call entry is a text that a person typed. The reason of another line is a code. */
function textOf({ tableName }: AuditEntry, column: string, value: Value, context: DiffContext): string {
  if (tableName === 'do_not_call' && column === 'reason' && value !== null && value !== undefined) return String(value)
  return valueText(column, value, context)
}

/** Returns the values of a record as text, without columns that mean nothing to a person. */
export function valueLines(
  values: Readonly<Record<string, Value>>,
  context: DiffContext,
): { readonly field: string; readonly value: string }[] {
  return Object.entries(values)
    .filter(([column]) => !SILENT.has(column))
    .map(([column, value]) => ({ field: fieldLabel(column), value: valueText(column, value, context) }))
}

/** Returns whether a change has no visible field: it then changed a secret, which the trail never stores. */
export function isSecretChange({ action, oldValues, newValues }: AuditEntry): boolean {
  const empty = (values: AuditEntry['oldValues']) => values === null || Object.keys(values).length === 0
  return action === 'UPDATE' && empty(oldValues) && empty(newValues)
}

function importTitle(values: AuditEntry['newValues']): string {
  if (values?.['publication'] === 1) return 'Workspace published'
  const isCancelled = values?.['cancelled'] === 1
  if (values?.['undone'] === 1) return isCancelled ? 'Undo of an import cancelled' : 'Import undone'
  return isCancelled ? 'Import cancelled' : ACTION_LABELS.IMPORT
}

function signInTitle(values: AuditEntry['newValues']): string {
  if (values?.['unlock'] === 1) return 'Unlocked'
  return values?.['enrol'] === 1 || values?.['publication'] === 1 ? 'Device connected' : ACTION_LABELS.LOGIN
}

/** Returns the title of a line: the action and the record type. */
export function entryTitle(entry: AuditEntry): string {
  if (entry.tableName === 'users' && isSecretChange(entry)) return 'Password changed'
  if (entry.action === 'LOGIN') return signInTitle(entry.newValues)
  if (entry.action === 'LOGIN_FAILED' && entry.newValues?.['enrol'] === 1) return 'Device not connected'
  if (entry.action === 'IMPORT') return importTitle(entry.newValues)
  const table = TABLE_LABELS[entry.tableName]
  const action = ACTION_LABELS[entry.action]
  const isData = entry.action === 'INSERT' || entry.action === 'UPDATE' || entry.action === 'DELETE'
  return isData && table !== undefined ? `${table} ${action.toLowerCase()}` : action
}
