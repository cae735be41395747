import { z } from 'zod'
import { clientIdSchema, userIdSchema, opIdSchema } from '../id.ts'
import { timestampSchema } from './common.ts'

export const DATA_ACTIONS = ['INSERT', 'UPDATE', 'DELETE'] as const
export const EVENT_ACTIONS = [
  'LOGIN',
  'LOGIN_FAILED',
  'LOGOUT',
  'EXPORT',
  'IMPORT',
  'BACKUP',
  'RESTORE',
  'SYNC_REJECTED',
] as const
export const AUDIT_ACTIONS = [...DATA_ACTIONS, ...EVENT_ACTIONS] as const
export const auditActionSchema = z.enum(AUDIT_ACTIONS)
export type AuditAction = z.infer<typeof auditActionSchema>

/** Tables whose every change is written to the audit trail. */
export const AUDITED_TABLES = ['clients', 'users', 'loss_reasons', 'calls', 'client_settings'] as const

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullable()

/**
 * One line of the audit trail. `oldValues` and `newValues` hold, under the database's column names, only the columns
 * that changed; a cleared field is an explicit null. An UPDATE with two empty objects means that a secret changed.
 */
export const auditEntrySchema = z.object({
  id: opIdSchema,
  clientId: clientIdSchema,
  /** Who did it; null for a failed sign-in with an unknown name. */
  userId: userIdSchema.nullable(),
  tableName: z.string(),
  recordId: z.string(),
  action: auditActionSchema,
  oldValues: valuesSchema,
  newValues: valuesSchema,
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: timestampSchema,
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

/** A line of the trail with what its reader may see. */
export const trailEntrySchema = auditEntrySchema.extend({
  /** The change was made on this device and the server has not answered it yet, so it has no place in the server's order. */
  isWaiting: z.boolean(),
})
export type TrailEntry = z.infer<typeof trailEntrySchema>

/**
 * `complete`: all lines that the reader may see. `device`: the server was not reached, so only the lines that this device recorded.
 */
export const trailCoverageSchema = z.enum(['complete', 'device'])
export type TrailCoverage = z.infer<typeof trailCoverageSchema>
