import type { HandlerServices, HandlersOf } from './handlers.ts'

export function exportsHandlers({ sessions, exports }: HandlerServices): HandlersOf<'exports'> {
  return {
    'exports.calls': ({ context: { connection }, input, signal }) => {
      sessions.touch(connection)
      return exports.calls(connection, sessions.require(connection), input, signal)
    },
  }
}
