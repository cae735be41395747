import { restoreCall } from '../sync/questions/restore-call.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'
import { callHistory } from './audit.ts'

export function callsHandlers({ sessions, sync }: HandlerServices): HandlersOf<'calls'> {
  return {
    'calls.restore': ({ context, input }) => {
      sessions.touch(context.connection)
      return restoreCall(sync, sessions.require(context.connection), input.id)
    },
    'calls.history': ({ context, input }) => callHistory(sync, sessions.require(context.connection), input.id),
  }
}
