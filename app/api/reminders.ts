import { windowReminders } from '../reminders/window-sink.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'

export function remindersHandlers({ reminders, remindersShownBy }: HandlerServices): HandlersOf<'reminders'> {
  return {
    'reminders.subscribe': ({ context, input, signal }) =>
      windowReminders(reminders, remindersShownBy, { ...input, connection: context.connection }, signal),
  }
}
