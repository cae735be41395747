import type { ProcedureInput } from '../../core/contract/procedures.ts'
import type { Upcoming } from '../../core/agenda/reminders.ts'
import { readReminderSettings, REMINDERS_KEY, type ReminderSettings } from '../../core/model/reminder-settings.ts'
import { parsedJson } from '../../core/parsed-json.ts'
import { putUserSetting } from '../../db/commands/settings.ts'
import type { ReadableDb } from '../../db/open.ts'
import { listUpcoming } from '../../db/queries/agenda.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { getUserSetting } from '../../db/queries/user-settings.ts'
import { command, query, type OperationContext } from '../declaration/operation.ts'

function storedOf({ db, actor }: OperationContext<ReadableDb>): unknown {
  const json = getUserSetting(db, actor.clientId, actor.userId, REMINDERS_KEY)
  return json === undefined ? null : parsedJson(json)
}

export type UpcomingCalls = { readonly entries: readonly Upcoming[]; readonly settings: ReminderSettings; readonly zone: string }

export const remindersOperations = {
  'reminders.settings': query({
    access: 'member',
    thread: 'list',
    run: (context) => readReminderSettings(storedOf(context)),
  }),
  'reminders.change': command({
    access: 'member',
    changes: ['user_settings', 'audit_logs'],
    run: (context, patch: ProcedureInput<'reminders.change'>) => {
      const stored = storedOf(context)
      const settings = { ...readReminderSettings(stored), ...patch }
      // Members that a newer release has written stay.
      const kept = typeof stored === 'object' && stored !== null ? stored : {}
      putUserSetting(context.db, context.actor.clientId, context.actor.userId, REMINDERS_KEY, { ...kept, ...settings })
      return settings
    },
  }),
  /** The person's own scheduled calls from an instant on, earliest first; none if their reminders are off. */
  'reminders.upcoming': query({
    access: 'calls.read',
    reach: 'own',
    thread: 'list',
    run: (context, { from, limit }: { readonly from: number; readonly limit: number }): UpcomingCalls => {
      const { db, actor } = context
      const settings = readReminderSettings(storedOf(context))
      const entries = settings.isOn ? listUpcoming(db, actor.clientId, actor.userId, { from, limit }) : []
      return { entries, settings, zone: getSettings(db, actor.clientId).time_zone }
    },
  }),
}
