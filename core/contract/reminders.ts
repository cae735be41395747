import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { callIdSchema } from '../id.ts'
import { sentenceSchema } from '../messages/text.ts'
import { reminderSettingsPatchSchema, reminderSettingsSchema } from '../model/reminder-settings.ts'
import { procedure } from './base.ts'

const reminderEventSchema = z.discriminatedUnion('kind', [
  /** The first event of a stream. `system`: the shell shows notifications itself; `window`: a window shows them. */
  z.object({ kind: z.literal('ready'), shownBy: z.enum(['system', 'window']) }),
  /** Show a notification, or replace the one with this tag. It contains no name, because a window cannot tell whether the screen is locked. */
  z.object({
    kind: z.literal('show'),
    tag: z.string(),
    title: sentenceSchema,
    body: sentenceSchema,
    /** Null: several calls. */
    callId: callIdSchema.nullable(),
  }),
  /** Close these notifications: their calls are settled, or the session is locked. */
  z.object({ kind: z.literal('close'), tags: z.array(z.string()) }),
  /** The person clicked a notification of the system: show the call, or Today. */
  z.object({ kind: z.literal('open'), callId: callIdSchema.nullable() }),
])
export type ReminderEvent = z.infer<typeof reminderEventSchema>

/** Reminders of the person's own scheduled calls, while the application runs. */
export const remindersContract = {
  /**
   * Streams what this window shows. Each notification is sent to one window of the person only.
   * @param canShow whether the browser lets this window show notifications
   */
  subscribe: procedure.input(z.object({ canShow: z.boolean() })).output(eventIterator(reminderEventSchema)),
  settings: procedure.output(reminderSettingsSchema),
  change: procedure.input(reminderSettingsPatchSchema).output(reminderSettingsSchema),
}
