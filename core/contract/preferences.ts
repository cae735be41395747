import { preferencesPatchSchema, preferencesSchema } from '../model/preferences.ts'
import { procedure } from './base.ts'

/** Preferences of the signed-in person. They are on all of the person's devices, and no one else reads them. */
export const preferencesContract = {
  get: procedure.output(preferencesSchema),
  set: procedure.input(preferencesPatchSchema).output(preferencesSchema),
}
