import { z } from 'zod'
import { userIdSchema } from '../id.ts'
import { newPasswordSchema } from '../model/common.ts'
import { newUserSchema, userNameSchema, userPatchSchema, userSchema } from '../model/people.ts'
import { procedure } from './base.ts'

const byId = z.object({ id: userIdSchema })

export const usersContract = {
  /** Returns the names of all people, also of deactivated ones. */
  names: procedure.output(z.array(userNameSchema)),
  list: procedure.output(z.array(userSchema)),
  create: procedure.input(newUserSchema).output(userSchema),
  update: procedure.input(byId.extend({ patch: userPatchSchema, expected: userPatchSchema.optional() })).output(userSchema),
  setActive: procedure.input(byId.extend({ isActive: z.boolean() })).output(userSchema),
  setPassword: procedure.input(byId.extend({ password: newPasswordSchema })).output(userSchema),
}
