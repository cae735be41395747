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

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()])).nullable()

/**
 * One line of the audit trail. `oldValues` and `newValues` have only the changed columns, keyed by column names of the database. A cleared
 * field is an explicit null. An UPDATE with two empty objects means that a secret changed.
 */
export const auditEntrySchema = z.object({
  id: opIdSchema,
  clientId: clientIdSchema,
  /** The person who made the change; null for a failed sign-in with an unknown address. */
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

/** A line of the trail with the values that the reader may see. */
export const trailEntrySchema = auditEntrySchema.extend({
  /** Whether the server has not answered the change of this device yet, so that it has no place in the order of the server. */
  isWaiting: z.boolean(),
})
export type TrailEntry = z.infer<typeof trailEntrySchema>

/**
 * `complete`: all lines that the reader may see. `device`: the server could not be reached, so only the lines that this device recorded.
 */
export const trailCoverageSchema = z.enum(['complete', 'device'])
export type TrailCoverage = z.infer<typeof trailCoverageSchema>
