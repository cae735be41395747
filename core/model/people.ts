import { z } from 'zod'
import { clientIdSchema, lossReasonIdSchema, userIdSchema } from '../id.ts'
import { roleSchema } from '../roles.ts'
import { definedOnly, emailSchema, newPasswordSchema, optionalText, requiredText, timestampSchema } from './common.ts'

export const clientSchema = z.object({
  id: clientIdSchema,
  name: requiredText(200, 'The client’s name'),
  email: emailSchema.nullable(),
  phone: optionalText(50),
  address: optionalText(500),
  isActive: z.boolean(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
})
export type Client = z.infer<typeof clientSchema>

/** A user without the password hash. */
export const userSchema = z.object({
  id: userIdSchema,
  clientId: clientIdSchema,
  email: emailSchema,
  name: requiredText(200, 'The name'),
  role: roleSchema,
  isActive: z.boolean(),
  /**
   * False for people from an import who have no password, so that they cannot sign in. Null if it is unknown: with a server, passwords of
   * other people are not stored on this device.
   */
  hasPassword: z.boolean().nullable(),
  lastLogin: timestampSchema.nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
})
export type User = z.infer<typeof userSchema>

/** The fields of a colleague that everyone may see. */
export const userNameSchema = userSchema.pick({ id: true, name: true, role: true, isActive: true })
export type UserName = z.infer<typeof userNameSchema>

export const newUserSchema = z.object({
  email: emailSchema,
  name: userSchema.shape.name,
  role: roleSchema,
  password: newPasswordSchema,
})
export const userPatchSchema = userSchema.pick({ email: true, name: true, role: true }).partial().transform(definedOnly)

export const lossReasonSchema = z.object({
  id: lossReasonIdSchema,
  clientId: clientIdSchema,
  name: requiredText(100, 'The name'),
  description: optionalText(500),
  isActive: z.boolean(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
})
export type LossReason = z.infer<typeof lossReasonSchema>
export const newLossReasonSchema = z.object({
  name: lossReasonSchema.shape.name,
  description: lossReasonSchema.shape.description.default(null),
})
export const lossReasonPatchSchema = lossReasonSchema.pick({ name: true, description: true }).partial().transform(definedOnly)
