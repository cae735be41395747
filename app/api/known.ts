import type { HandlerServices, HandlersOf } from './handlers.ts'

export function knownHandlers({ sessions, knownReports }: HandlerServices): HandlersOf<'reports.known'> {
  return {
    'reports.known.page': ({ context: { connection }, input, signal }) =>
      knownReports.page(connection, sessions.require(connection), input, signal),
    'reports.known.corrections': ({ context: { connection }, input, signal }) =>
      knownReports.corrections(connection, sessions.require(connection), input, signal),
    'reports.known.progress': ({ context: { connection } }) => {
      sessions.require(connection)
      return knownReports.progress(connection)
    },
  }
}
