import { i18n, type MessageDescriptor } from '@lingui/core'
import { msg, t } from '@lingui/core/macro'
import { Info } from 'luxon'
import type { AuditAction } from '../../core/model/audit.ts'
import type { Call, CallOutcome, CallStatus, CallType } from '../../core/model/call.ts'
import type { CallField } from '../../core/model/call-fields.ts'
import type { UserName } from '../../core/model/people.ts'
import type { Role } from '../../core/roles.ts'
import type { Period } from '../../core/time/time-range.ts'
import { dateWords } from './date-locale.ts'

/** Names of values in the language of the window. Files and the command line have the English names of `core/`. */

const CALL_TYPES: Record<CallType, MessageDescriptor> = {
  inbound: msg`Inbound`,
  outbound: msg`Outbound`,
}
const STATUSES: Record<CallStatus, MessageDescriptor> = {
  scheduled: msg`Scheduled`,
  completed: msg`Completed`,
  no_show: msg`No-show`,
  rescheduled: msg`Rescheduled`,
  cancelled: msg`Cancelled`,
}
const OUTCOMES: Record<CallOutcome, MessageDescriptor> = {
  won: msg`Won`,
  lost: msg`Lost`,
  undecided: msg`Undecided`,
}
/** The names within a sentence or a list. */
const STATUS_WORDS: Record<CallStatus, MessageDescriptor> = {
  scheduled: msg`scheduled`,
  completed: msg`completed`,
  no_show: msg`no-show`,
  rescheduled: msg`rescheduled`,
  cancelled: msg`cancelled`,
}
const OUTCOME_WORDS: Record<CallOutcome, MessageDescriptor> = {
  won: msg`won`,
  lost: msg`lost`,
  undecided: msg`undecided`,
}
const CALL_FIELDS: Record<CallField, MessageDescriptor> = {
  userId: msg`Agent`,
  prospectName: msg`Prospect name`,
  prospectEmail: msg`E-mail`,
  prospectPhone: msg`Phone`,
  callType: msg`Type`,
  status: msg`Status`,
  outcome: msg`Outcome`,
  lossReasonId: msg`Loss reason`,
  notes: msg`Notes`,
  callDuration: msg`Duration`,
  scheduledAt: msg`Scheduled for`,
  completedAt: msg`Completed at`,
}
const ROLES: Record<Role, MessageDescriptor> = {
  agent: msg`Agent`,
  team_lead: msg`Team lead`,
  admin: msg`Admin`,
  viewer: msg`Viewer`,
}
const PERIODS: Record<Period, MessageDescriptor> = {
  today: msg`Today`,
  yesterday: msg`Yesterday`,
  this_week: msg`This week`,
  last_week: msg`Last week`,
  this_month: msg`This month`,
  last_month: msg`Last month`,
  this_quarter: msg`This quarter`,
  last_quarter: msg`Last quarter`,
  this_year: msg`This year`,
  last_year: msg`Last year`,
  all: msg`All time`,
}
const ACTIONS: Record<AuditAction, MessageDescriptor> = {
  INSERT: msg`Created`,
  UPDATE: msg`Changed`,
  DELETE: msg`Deleted`,
  LOGIN: msg`Signed in`,
  LOGIN_FAILED: msg`Failed sign-in`,
  LOGOUT: msg`Signed out`,
  EXPORT: msg`Exported`,
  IMPORT: msg`Imported`,
  BACKUP: msg`Backed up`,
  RESTORE: msg`Restored`,
  SYNC_REJECTED: msg`Refused by the server`,
}

export const callTypeLabel = (type: CallType): string => i18n.t(CALL_TYPES[type])
export const statusLabel = (status: CallStatus): string => i18n.t(STATUSES[status])
export const outcomeLabel = (outcome: CallOutcome): string => i18n.t(OUTCOMES[outcome])
/** Returns the name of a status within a sentence or a list: "completed". */
export const statusWord = (status: CallStatus): string => i18n.t(STATUS_WORDS[status])
/** Returns the name of an outcome within a sentence or a list: "won". */
export const outcomeWord = (outcome: CallOutcome): string => i18n.t(OUTCOME_WORDS[outcome])
/** Returns how a call ended: its outcome, or its status if it has none. */
export const resultLabel = ({ status, outcome }: Pick<Call, 'status' | 'outcome'>): string =>
  outcome === null ? statusLabel(status) : outcomeLabel(outcome)
export const callFieldLabel = (field: CallField): string => i18n.t(CALL_FIELDS[field])
export const roleLabel = (role: Role): string => i18n.t(ROLES[role])
export const periodLabel = (period: Period): string => i18n.t(PERIODS[period])
export const actionLabel = (action: AuditAction): string => i18n.t(ACTIONS[action])

/** Returns the names of the days of the week, Monday first: "Monday", or "Mon" if short. */
export const weekdayNames = (length: 'long' | 'short' = 'long'): readonly string[] =>
  Info.weekdays(length, { locale: dateWords().locale })

/** Returns the name of a person, marked if they are deactivated. Their calls are kept under their name. */
export const personLabel = ({ name, isActive }: Pick<UserName, 'name' | 'isActive'>): string =>
  isActive ? name : t`${name} (inactive)`

/** Returns the name of a loss reason, marked if it is no longer offered. */
export const reasonLabel = ({ name, isActive }: { readonly name: string; readonly isActive: boolean }): string =>
  isActive ? name : t`${name} (inactive)`

/** Returns the choices of a select. */
export function options<K extends string>(values: readonly K[], label: (value: K) => string): { value: K; label: string }[] {
  return values.map((value) => ({ value, label: label(value) }))
}
