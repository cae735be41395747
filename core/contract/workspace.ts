import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { clientIdSchema } from '../id.ts'
import { emailSchema, newPasswordSchema, timeZoneSchema } from '../model/common.ts'
import { clientSchema, userSchema } from '../model/people.ts'
import { procedure } from './base.ts'
import { signedInSchema } from './session.ts'

export const workspaceStatusSchema = z.object({
  clientId: clientIdSchema,
  path: z.string(),
  bytes: z.int(),
  schemaVersion: z.int(),
  calls: z.int(),
  users: z.int(),
  auditEntries: z.int(),
  outbox: z.int(),
})

export const workspaceContract = {
  /** Creates a client, its first admin and a few loss reasons, and signs the admin in. */
  create: procedure
    .input(
      z.object({
        clientName: clientSchema.shape.name,
        timeZone: timeZoneSchema,
        adminName: userSchema.shape.name,
        adminEmail: emailSchema,
        adminPassword: newPasswordSchema,
      }),
    )
    .output(signedInSchema),
  /** Creates a workspace with generated people and calls, and signs its admin in. Yields progress, then the session. */
  createDemo: procedure.output(
    eventIterator(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('progress'), done: z.int(), total: z.int() }),
        z.object({ kind: z.literal('ready'), session: signedInSchema }),
      ]),
    ),
  ),
  status: procedure.output(workspaceStatusSchema),
  rename: procedure.input(clientSchema.pick({ name: true })).output(clientSchema),
}
