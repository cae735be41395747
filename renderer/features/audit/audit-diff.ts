import { t } from '@lingui/core/macro'
import { callingHoursSchema } from '../../../core/model/calling-hours.ts'
import { DEFAULT_VIEW_KEY, isViewKey, readStoredView } from '../../../core/model/saved-views.ts'
import { parseTargetKey } from '../../../core/model/targets.ts'
import { parsedJson } from '../../../core/parsed-json.ts'
import type { AuditEntry } from '../../../core/model/audit.ts'
import { fieldOfColumn } from '../../../core/model/call-fields.ts'
import { ROLES } from '../../../core/roles.ts'
import { callFieldText } from '../../format/call-field-text.ts'
import { callingHoursText } from '../../format/calling-times.ts'
import { targetLabel } from '../../format/figure-labels.ts'
import { actionLabel, roleLabel, weekdayNames } from '../../format/labels.ts'
import { formatCount, NONE } from '../../format/numbers.ts'
import { formatTarget, monthName } from '../../format/targets.ts'
import { formatInstant } from '../../format/times.ts'
import { fieldLabel, knownRecordLabel, reasonText, refusalText } from './audit-labels.ts'

type Value = string | number | null | undefined

/** The names and the zone with which values of the trail are written for a person. */
export type DiffContext = {
  readonly zone: string
  person: (id: string) => string
  lossReason: (id: string) => string
}

/** One changed field. `from` is null for a new record, `to` for a deleted one. */
export type DiffLine = { readonly field: string; readonly from: string | null; readonly to: string | null }

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

function oneOf<K extends string>(value: Value, all: readonly K[], label: (key: K) => string): string {
  const known = all.find((key) => key === value)
  return known === undefined ? String(value) : label(known)
}

/** Returns the name of a column, or of a setting by its key. */
function fieldText(column: string, { person }: DiffContext): string {
  if (isViewKey(column)) return t`Saved view`
  if (column === DEFAULT_VIEW_KEY) return t`Saved view that opens first`
  const target = parseTargetKey(column)
  if (target === undefined) return fieldLabel(column)
  const metric = targetLabel(target.metric)
  const month = monthName(target.month)
  if (target.userId === null) return t`Target of the team in ${month}: ${metric}`
  const name = person(target.userId)
  return t`Target of ${name} in ${month}: ${metric}`
}

function valueText(column: string, value: Value, context: DiffContext): string {
  if (value === null || value === undefined || value === '') return NONE
  if (isViewKey(column)) return viewName(String(value))
  const target = parseTargetKey(column)
  if (target !== undefined && typeof value === 'number') return formatTarget(target.metric, value)
  const field = fieldOfColumn(column)
  if (field !== undefined)
    return callFieldText(field, value, { ...context, time: (millis) => formatInstant(millis, context.zone) })
  if (TIMES.has(column) && typeof value === 'number') return formatInstant(value, context.zone)
  switch (column) {
    case 'lifted_by':
      return context.person(String(value))
    case 'role':
      return oneOf(value, ROLES, roleLabel)
    case 'is_active':
      return value === 1 ? t`Yes` : t`No`
    case 'code':
      return refusalText(String(value))
    case 'field':
      return fieldLabel(String(value))
    case 'reason':
      return reasonText(String(value))
    case 'calling_hours': {
      const hours = callingHoursSchema.safeParse(parsedJson(String(value)))
      return hours.success ? callingHoursText(hours.data) : String(value)
    }
    case 'week_start':
      return weekdayNames()[Number(value) - 1] ?? String(value)
    default:
      return typeof value === 'number' ? formatCount(value) : value
  }
}

/** Returns the name of a saved view, which is stored as JSON. */
function viewName(json: string): string {
  const view = readStoredView(json)
  return typeof view === 'string' ? json : view.name
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
    field: fieldText(column, context),
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
  if (values?.['publication'] === 1) return t`Workspace published`
  const isCancelled = values?.['cancelled'] === 1
  if (values?.['undone'] === 1) return isCancelled ? t`Undo of an import cancelled` : t`Import undone`
  return isCancelled ? t`Import cancelled` : actionLabel('IMPORT')
}

function signInTitle(values: AuditEntry['newValues']): string {
  if (values?.['unlock'] === 1) return t`Unlocked`
  return values?.['enrol'] === 1 || values?.['publication'] === 1 ? t`Device connected` : actionLabel('LOGIN')
}

/** Returns the title of a line: the action and the record type. */
export function entryTitle(entry: AuditEntry): string {
  if (entry.tableName === 'users' && isSecretChange(entry)) return t`Password changed`
  if (entry.action === 'LOGIN') return signInTitle(entry.newValues)
  if (entry.action === 'LOGIN_FAILED' && entry.newValues?.['enrol'] === 1) return t`Device not connected`
  if (entry.action === 'IMPORT') return importTitle(entry.newValues)
  return dataTitle(entry) ?? actionLabel(entry.action)
}

/** Returns the title of a change of a record; undefined for another line. */
function dataTitle({ tableName, action }: AuditEntry): string | undefined {
  const record = knownRecordLabel(tableName)
  if (record === undefined) return undefined
  if (action === 'INSERT') return t`${record} created`
  if (action === 'UPDATE') return t`${record} changed`
  return action === 'DELETE' ? t`${record} deleted` : undefined
}
