import type { HandlerServices, HandlersOf } from './handlers.ts'

export function bulkHandlers({ sessions, bulk }: HandlerServices): HandlersOf<'calls.bulk'> {
  return {
    'calls.bulk.run': ({ context, input, signal }) => {
      sessions.touch(context.connection)
      return bulk.run(context.connection, sessions.require(context.connection), input, signal)
    },
    'calls.bulk.undo': ({ context, input, signal }) => {
      sessions.touch(context.connection)
      return bulk.undo(context.connection, sessions.require(context.connection), input.batchId, signal)
    },
    'calls.bulk.redo': ({ context, input, signal }) => {
      sessions.touch(context.connection)
      return bulk.redo(context.connection, sessions.require(context.connection), input.batchId, signal)
    },
    'calls.bulk.cancel': ({ context, input }) => {
      sessions.require(context.connection)
      bulk.cancel(context.connection, input.batchId)
      return {}
    },
  }
}
