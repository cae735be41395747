import type { UserId } from './id.ts'
import { z } from 'zod'

export const ROLES = ['agent', 'team_lead', 'admin', 'viewer'] as const
export const roleSchema = z.enum(ROLES)
export type Role = z.infer<typeof roleSchema>

/** How far a permission reaches: nothing, the user's own records, or all of the client's. */
export type Reach = 'none' | 'own' | 'all'

/**
 * The one table of who may do what. The renderer reads it to hide, the application to refuse, the sync server
 * to reject. `own` means: records whose `user_id` is the person's; for reports, own figures and the team's
 * average without names; for the audit trail, the history of own records.
 */
export const PERMISSIONS = {
  'calls.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'calls.create': { agent: 'own', team_lead: 'own', admin: 'all', viewer: 'none' },
  'calls.edit': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'none' },
  'calls.delete': { agent: 'own', team_lead: 'own', admin: 'all', viewer: 'none' },
  /** A deleted call belongs to its agent at the time of the deletion. People who could edit it can restore it. */
  'calls.restore': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'none' },
  'calls.reassign': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'reports.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'loss_reasons.read': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'loss_reasons.edit': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'targets.read': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'targets.edit': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  /** The names of colleagues, so that a call can say whose it is. */
  'users.names': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'users.read': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'users.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  /** Settings shape every screen (time zone, week start, idle lock), so everyone reads them. */
  'settings.read': { agent: 'all', team_lead: 'all', admin: 'all', viewer: 'all' },
  'settings.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'devices.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'retention.edit': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'erasure.run': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'audit.read': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'audit.export': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'audit.verify': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
  'import.run': { agent: 'none', team_lead: 'all', admin: 'all', viewer: 'none' },
  'export.run': { agent: 'own', team_lead: 'all', admin: 'all', viewer: 'all' },
  'backup.run': { agent: 'none', team_lead: 'none', admin: 'all', viewer: 'none' },
} as const satisfies Record<string, Record<Role, Reach>>

export type Permission = keyof typeof PERMISSIONS

/** How far `role` may use `permission`. */
export function reach(role: Role, permission: Permission): Reach {
  return PERMISSIONS[permission][role]
}

/** Returns whether people of this role may be given calls: only those who may log calls. A person keeps their calls if their role changes. */
export function mayHaveCalls(role: Role): boolean {
  return reach(role, 'calls.create') !== 'none'
}

/**
 * Whether `role` may use `permission` on a record that belongs to `ownerId`.
 * @param ownerId the record's `user_id`; null for records without an owner, which only a reach of `all` covers.
 */
export function may(role: Role, permission: Permission, userId: UserId, ownerId: UserId | null): boolean {
  const reached = reach(role, permission)
  return reached === 'all' || (reached === 'own' && ownerId === userId)
}
