import { z } from 'zod'

const clockSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Enter a time of day, for example 08:00')

/** The local hours in which a client wants to call prospects. */
export const callingHoursSchema = z
  .object({
    /** "HH:MM", included. */
    from: clockSchema,
    /** "HH:MM", excluded; "24:00": the end of the day. */
    to: clockSchema,
    /** Days of the week: 1 = Monday … 7 = Sunday (ISO 8601), in this order. */
    days: z
      .array(z.int().min(1).max(7))
      .min(1, 'Choose at least one day')
      .max(7)
      .refine((days) => days.every((day, at) => at === 0 || day > (days[at - 1] ?? 0)), 'The days must be in their order'),
  })
  .refine(({ from, to }) => from < to, { message: 'The end must be later than the start', path: ['to'] })
export type CallingHours = z.infer<typeof callingHoursSchema>

export const DEFAULT_CALLING_HOURS: CallingHours = { from: '08:00', to: '20:00', days: [1, 2, 3, 4, 5, 6] }
