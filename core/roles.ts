import type { UserId } from './id.ts'
import { z } from 'zod'

export const ROLES = ['agent', 'team_lead', 'admin', 'viewer'] as const
export const roleSchema = z.enum(ROLES)
export type Role = z.infer<typeof roleSchema>

/** Reach of a permission: nothing, the person's own records, or all records of the client. */
export type Reach = 'none' | 'own' | 'all'

/**
 * The only table of permissions. The window uses it to hide controls, the application to refuse requests, the sync server to reject
 * operations. `own`: records whose `user_id` is the person's; for reports, the own figures and the team's average without names; for
 * targets, the own ones and the team's; for the audit trail, the history of the own records.
 */
export const PERMISSIONS = {
  'calls.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'calls.create': { agent: 'own', team_lead: 'own', admin: 'all', viewer: 'none' },
  'calls.edit': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'none' },
  'calls.delete': { agent: 'own', team_lead: 'own', admin: 'all', viewer: 'none' },
  /** A deleted call belongs to its owner at the time of the deletion. People who could edit it can restore it. */
  'calls.restore': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'none' },
  'calls.reassign': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'reports.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'loss_reasons.read': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'loss_reasons.edit': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  /** Everyone can ask whether a contact is on the list; only people who see everyone's calls can list its entries. */
  'do_not_call.check': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'do_not_call.read': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'all' },
  'do_not_call.add': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'none' },
  'do_not_call.lift': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  /** The names of colleagues, so that every call can show its owner. */
  'users.names': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'users.read': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'users.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  /** Every screen depends on the settings (time zone, week start, idle lock), so everyone may read them. */
  'settings.read': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'settings.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'targets.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'targets.edit': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  /** Views of the report that a person saves for themselves. */
  'views.edit': { agent: 'own', team_lead: 'own', admin: 'own', viewer: 'own' },
  'views.share': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'devices.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'audit.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'import.run': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'export.run': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'backup.run': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
} as const satisfies Record<string, Record<Role, Reach>>

export type Permission = keyof typeof PERMISSIONS

/** Returns the reach of a permission for a role. */
export function reach(role: Role, permission: Permission): Reach {
  return PERMISSIONS[permission][role]
}

/** Whether people with this role can be given calls. A person keeps their calls if their role changes. */
export function mayHaveCalls(role: Role): boolean {
  return reach(role, 'calls.create') !== 'none'
}

/**
 * Whether a person may use a permission on a record.
 * @param ownerId `user_id` of the record; null: no owner, so that the reach must be `all`.
 */
export function may(role: Role, permission: Permission, userId: UserId, ownerId: UserId | null): boolean {
  const reached = reach(role, permission)
  return reached === 'all' || (reached === 'own' && ownerId === userId)
}
