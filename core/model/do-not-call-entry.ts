import { z } from 'zod'
import { doNotCallIdSchema, userIdSchema } from '../id.ts'
import { optionalText, timestampSchema } from './common.ts'

/** HMAC-SHA-256 in base64url. */
export const contactHashSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'Not the hash of a contact')

/** Why the prospect does not want to be called. It is stored as typed, on every device of the client. */
export const doNotCallReasonSchema = optionalText(500)

/** An entry of the do-not-call list, without its contact, which the list does not show. */
export const doNotCallEntrySchema = z.object({
  id: doNotCallIdSchema,
  reason: z.string().nullable(),
  /** The person who added it. */
  userId: userIdSchema,
  createdAt: timestampSchema,
  /** When and by whom it was lifted; null: it is in force. */
  liftedAt: timestampSchema.nullable(),
  liftedBy: userIdSchema.nullable(),
})
export type DoNotCallEntry = z.infer<typeof doNotCallEntrySchema>
