import { z } from 'zod'
import { definedOnly } from './common.ts'

/** The key of a person's settings of reminders in `user_settings`. */
export const REMINDERS_KEY = 'reminders'

/** When a person is reminded of a scheduled call: at its time, and some minutes before. */
export const reminderSettingsSchema = z.object({
  isOn: z.boolean(),
  /** Minutes before the call; 0: only at its time. */
  leadMinutes: z.int().min(0).max(240),
})
export type ReminderSettings = z.infer<typeof reminderSettingsSchema>

const DEFAULTS: ReminderSettings = { isOn: true, leadMinutes: 5 }

export const reminderSettingsPatchSchema = reminderSettingsSchema.partial().transform(definedOnly)

/** Reads stored settings. A member that is missing, or that this release does not accept, has its default. */
export function readReminderSettings(stored: unknown): ReminderSettings {
  const found: Readonly<Record<string, unknown>> = typeof stored === 'object' && stored !== null ? { ...stored } : {}
  const { isOn, leadMinutes } = reminderSettingsSchema.shape
  return {
    isOn: isOn.catch(DEFAULTS.isOn).parse(found['isOn']),
    leadMinutes: leadMinutes.catch(DEFAULTS.leadMinutes).parse(found['leadMinutes']),
  }
}
