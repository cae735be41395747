import { restoreCall } from '../sync/questions/restore-call.ts'
import type { HandlerServices, HandlersOf } from './handlers.ts'
import { callHistory } from './trail.ts'

export function callHandlers({ sessions, bulk, sync }: HandlerServices): HandlersOf<'calls'> {
  return {
    'calls.restore': ({ context, input }) => {
      sessions.touch(context.connection)
      return restoreCall(sync, sessions.require(context.connection), input.id)
    },
    'calls.history': ({ context, input }) => callHistory(sync, sessions.require(context.connection), input.id),
    'calls.bulk.run': ({ context, input, signal }) => {
      sessions.touch(context.connection)
      return bulk.run(context.connection, sessions.require(context.connection), input, signal)
    },
    'calls.bulk.undo': ({ context, input, signal }) => {
      sessions.touch(context.connection)
      return bulk.undo(context.connection, sessions.require(context.connection), input.batchId, signal)
    },
    'calls.bulk.cancel': ({ context, input }) => {
      sessions.require(context.connection)
      bulk.cancel(context.connection, input.batchId)
      return {}
    },
  }
}
