import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { fieldOfColumn } from '../../../core/model/call-fields.ts'
import { isSyncTable, type SyncTableName } from '../../../core/sync/tables.ts'
import { callFieldLabel } from '../../format/labels.ts'

type Labels = Readonly<Record<string, MessageDescriptor>>

const TABLES: Readonly<Record<SyncTableName, MessageDescriptor>> = {
  clients: msg`Client`,
  users: msg`User`,
  loss_reasons: msg`Loss reason`,
  calls: msg`Call`,
  do_not_call: msg`Do-not-call entry`,
  client_settings: msg`Setting`,
  user_settings: msg`Personal setting`,
}

/** Labels of columns outside calls. */
const FIELDS: Labels = {
  name: msg`Name`,
  description: msg`Description`,
  email: msg`E-mail`,
  phone: msg`Phone`,
  address: msg`Address`,
  role: msg`Role`,
  is_active: msg`Active`,
  time_zone: msg`Time zone`,
  week_start: msg`Week start`,
  default_country: msg`Default country`,
  idle_lock_minutes: msg`Lock after (minutes)`,
  follows_call_id: msg`Continues call`,
  no_next_step_days: msg`No next step after (days)`,
  calling_hours: msg`Calling hours`,
  reason: msg`Reason`,
  lifted_at: msg`Lifted`,
  lifted_by: msg`Lifted by`,
  created_at: msg`Created`,
  last_login: msg`Last sign-in`,
  file_name: msg`File`,
  external_id: msg`External id`,
  code: msg`Reason`,
  rows: msg`Rows read`,
  source: msg`Source`,
  created: msg({ message: 'New', context: 'calls of an import' }),
  updated: msg({ message: 'Changed', context: 'calls of an import' }),
  unchanged: msg({ message: 'Unchanged', context: 'calls of an import' }),
  refused: msg({ message: 'Refused', context: 'calls of an import' }),
  calls: msg`Calls`,
  content: msg({ message: 'Content', context: 'of an export' }),
  format: msg`Format`,
  style: msg({ message: 'Text style', context: 'of an export' }),
  row_count: msg({ message: 'Rows', context: 'of an export' }),
  filter: msg({ message: 'Filter', context: 'of an export' }),
  sort: msg({ message: 'Sorted by', context: 'of an export' }),
  keys: msg({ message: 'Own keys', context: 'of the keyboard' }),
  note_templates: msg`Note templates`,
  removed: msg`Calls removed`,
  restored: msg`Calls restored`,
  kept: msg`Calls kept because they were edited since`,
}

/** Why a session ended or a sign-in failed. */
const REASONS: Labels = {
  password: msg`Wrong password`,
  no_password: msg`No password was set`,
  deactivated: msg`The account is deactivated`,
  sign_out: msg`Signed out by the person`,
  lock_screen: msg`Signed out at the lock screen`,
  expired: msg`The session ended`,
}

/** Why the server rejected a change. */
const REFUSALS: Labels = {
  FORBIDDEN: msg`The role does not allow it`,
  NOT_FOUND: msg`The record does not exist`,
  DELETED: msg`The record was deleted`,
  INVALID: msg`A value is not valid`,
  CONFLICT: msg`It conflicts with another record`,
  TRANSACTION: msg`It belongs to a change that was refused`,
}

function labelIn(labels: Labels, key: string): string | undefined {
  const label = labels[key]
  return label && i18n.t(label)
}

/** The types of records, in the order of the filter. */
export const RECORD_TYPES = Object.keys(TABLES) as readonly SyncTableName[]

export const recordLabel = (table: SyncTableName): string => i18n.t(TABLES[table])

/** Returns the name of a type of records; undefined for the table of another version. */
export const knownRecordLabel = (table: string): string | undefined => (isSyncTable(table) ? recordLabel(table) : undefined)

/** Returns the name of a column. One of another version is named after its column. */
export function fieldLabel(column: string): string {
  const field = fieldOfColumn(column)
  if (field !== undefined) return callFieldLabel(field)
  const words = column.replaceAll('_', ' ')
  return labelIn(FIELDS, column) ?? words.charAt(0).toUpperCase() + words.slice(1)
}

export const reasonText = (reason: string): string => labelIn(REASONS, reason) ?? reason.replaceAll('_', ' ')

export const refusalText = (code: string): string => labelIn(REFUSALS, code) ?? code.toLowerCase().replaceAll('_', ' ')
