import { z } from 'zod'
import { callingHoursSchema, DEFAULT_CALLING_HOURS } from './calling-hours.ts'
import { definedOnly, timeZoneSchema } from './common.ts'

const STEP_DAYS = 'Enter whole days, from 1 to 365'
const LOCK_MINUTES = 'Enter whole minutes, from 1 to 480'

/** Settings of a client. Each is one row of `client_settings`, with its value as JSON. */
export const settingsSchema = z.object({
  time_zone: timeZoneSchema,
  /** 1 = Monday … 7 = Sunday (ISO 8601). */
  week_start: z.int().min(1).max(7),
  /** ISO 3166-1 alpha-2, for reading phone numbers without a country code; null: numbers stay as typed. */
  default_country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'Two letters, for example DE')
    .nullable(),
  /** Minutes without a key press or a click after which the session is locked. */
  idle_lock_minutes: z.int(LOCK_MINUTES).min(1, LOCK_MINUTES).max(480, LOCK_MINUTES),
  /** Days after an undecided call without a scheduled one, after which the prospect is listed as having no next step. */
  no_next_step_days: z.int(STEP_DAYS).min(1, STEP_DAYS).max(365, STEP_DAYS),
  /** When prospects are called, in their own time. A call at another time gets a warning. */
  calling_hours: callingHoursSchema,
})
export type Settings = z.infer<typeof settingsSchema>
export type SettingKey = keyof Settings
export const SETTING_KEYS = Object.keys(settingsSchema.shape) as readonly SettingKey[]

export const DEFAULT_SETTINGS: Omit<Settings, 'time_zone'> = {
  week_start: 1,
  default_country: null,
  idle_lock_minutes: 15,
  no_next_step_days: 5,
  calling_hours: DEFAULT_CALLING_HOURS,
}
export const settingsPatchSchema = settingsSchema.partial().transform(definedOnly)
