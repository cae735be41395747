import type { HandlerServices, HandlersOf } from './handlers.ts'

export function reportsHandlers({ sessions, reportFiles }: HandlerServices): HandlersOf<'reports'> {
  return {
    'reports.file': ({ context: { connection }, input }) => {
      sessions.touch(connection)
      return reportFiles.file(connection, sessions.require(connection), input)
    },
    'reports.picture': ({ context: { connection }, input }) => {
      sessions.touch(connection)
      return reportFiles.picture(sessions.require(connection), input)
    },
  }
}
