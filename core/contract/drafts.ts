import { z } from 'zod'
import { timestampSchema } from '../model/common.ts'
import { draftValueSchema } from '../model/draft.ts'
import { procedure } from './base.ts'

const ofForm = z.object({ form: z.string().max(100) })

export const draftsContract = {
  /** Returns the unsaved values that the signed-in person typed into a form; null if there are none. */
  get: procedure.input(ofForm).output(z.object({ value: z.json(), updatedAt: timestampSchema }).nullable()),
  /** Returns the drafts whose form begins with `prefix`, the newest first, at most 50. A draft that was discarded more than a day ago is left out. */
  list: procedure
    .input(z.object({ prefix: z.string().min(1).max(100) }))
    .output(z.array(z.object({ form: z.string(), value: z.json(), updatedAt: timestampSchema }))),
  put: procedure.input(ofForm.extend({ value: draftValueSchema })).output(z.object({})),
  delete: procedure.input(ofForm).output(z.object({})),
}
