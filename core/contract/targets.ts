import { z } from 'zod'
import { monthSchema, targetChangeSchema, targetSchema } from '../model/targets.ts'
import { procedure } from './base.ts'

export const targetsContract = {
  /** The targets of the months from `from` to `to`, both included. A person without access to others’ targets gets the team's and their own. */
  list: procedure.input(z.object({ from: monthSchema, to: monthSchema })).output(z.array(targetSchema)),
  /** Saves targets together; null removes one. */
  set: procedure.input(z.object({ targets: z.array(targetChangeSchema).min(1).max(1_000) })).output(z.null()),
}
