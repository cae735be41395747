import { z } from 'zod'
import { UNSAVABLE_REASONS } from '../errors.ts'
import { clientIdSchema } from '../id.ts'
import { emailSchema, newPasswordSchema } from '../model/common.ts'
import { clientSchema, userNameSchema, userSchema } from '../model/people.ts'
import { settingsSchema } from '../model/settings.ts'
import { procedure } from './base.ts'

/** A typed password. It is compared, so that only its length is limited. */
export const passwordSchema = z.string().max(1_000)

export const signedInSchema = z.object({
  state: z.literal('signed_in'),
  user: userSchema,
  client: clientSchema,
  settings: settingsSchema,
  /** Why nothing can be saved now. Stored data can still be read. Absent: everything can be saved. */
  unsavable: z.enum(UNSAVABLE_REASONS).optional(),
})
export const sessionStateSchema = z.discriminatedUnion('state', [
  /** No workspace on this device yet. */
  z.object({ state: z.literal('first_start') }),
  z.object({
    state: z.literal('signed_out'),
    /**
     * Why the session of this window ended: it expired, or the account was deactivated. Absent: the person ended the session, or there was none.
     */
    ended: z.enum(['time', 'deactivated']).optional(),
  }),
  /** The person whose session is locked. */
  z.object({ state: z.literal('locked'), user: userNameSchema, client: clientSchema.pick({ id: true, name: true }) }),
  signedInSchema,
])
export type SessionState = z.infer<typeof sessionStateSchema>
export type SignedIn = z.infer<typeof signedInSchema>

export const sessionContract = {
  get: procedure.output(sessionStateSchema),
  signIn: procedure
    .input(z.object({ email: emailSchema, password: passwordSchema, clientId: clientIdSchema.optional() }))
    .output(signedInSchema),
  signOut: procedure.output(z.object({})),
  lock: procedure.output(z.object({})),
  unlock: procedure.input(z.object({ password: passwordSchema })).output(signedInSchema),
  /** Restarts the idle time, because the person used the keyboard or the pointer. */
  touch: procedure.output(z.object({})),
  changePassword: procedure.input(z.object({ current: passwordSchema, next: newPasswordSchema })).output(z.object({})),
}
