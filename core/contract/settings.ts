import { settingsPatchSchema, settingsSchema } from '../model/settings.ts'
import { procedure } from './base.ts'

export const settingsContract = {
  get: procedure.output(settingsSchema),
  update: procedure.input(settingsPatchSchema).output(settingsSchema),
}
