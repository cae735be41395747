import type { AuditAction } from '../../core/model/audit.ts'
import type { Role } from '../../core/roles.ts'
import type { Period } from '../../core/time/time-range.ts'

export { personLabel, WEEKDAYS } from '../../core/model/labels.ts'

export const ROLE_LABELS: Record<Role, string> = { agent: 'Agent', team_lead: 'Team lead', admin: 'Admin', viewer: 'Viewer' }
export const PERIOD_LABELS: Record<Period, string> = {
  today: 'Today',
  yesterday: 'Yesterday',
  this_week: 'This week',
  last_week: 'Last week',
  this_month: 'This month',
  last_month: 'Last month',
  this_quarter: 'This quarter',
  last_quarter: 'Last quarter',
  this_year: 'This year',
  last_year: 'Last year',
  all: 'All time',
}
export const ACTION_LABELS: Record<AuditAction, string> = {
  INSERT: 'Created',
  UPDATE: 'Changed',
  DELETE: 'Deleted',
  LOGIN: 'Signed in',
  LOGIN_FAILED: 'Failed sign-in',
  LOGOUT: 'Signed out',
  EXPORT: 'Exported',
  IMPORT: 'Imported',
  BACKUP: 'Backed up',
  RESTORE: 'Restored',
  SYNC_REJECTED: 'Refused by the server',
}

/** Returns the choices of a select. */
export function options<K extends string>(labels: Record<K, string>): { value: K; label: string }[] {
  return (Object.entries(labels) as [K, string][]).map(([value, label]) => ({ value, label }))
}
