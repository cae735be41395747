import type { HandlerServices, HandlersOf } from './handlers.ts'

export function reportsHandlers({ sessions, reportFiles, knownReports }: HandlerServices): HandlersOf<'reports'> {
  return {
    'reports.file': ({ context: { connection }, input, signal }) => {
      sessions.touch(connection)
      const signed = sessions.require(connection)
      const { knownAt, rankedBy } = input
      return reportFiles.file(connection, signed, input, () =>
        knownAt === null
          ? signed.workspace.run('reports.source', signed.userId, { request: input, rankedBy })
          : knownReports.source(connection, signed, { request: { ...input, knownAt }, rankedBy }, signal),
      )
    },
    'reports.picture': ({ context: { connection }, input }) => {
      sessions.touch(connection)
      return reportFiles.picture(sessions.require(connection), input)
    },
  }
}
