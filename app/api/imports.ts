import type { HandlerServices, HandlersOf } from './handlers.ts'

export function importsHandlers({ sessions, imports, sync }: HandlerServices): HandlersOf<'imports'> {
  return {
    'imports.inspect': ({ context: { connection }, input }) =>
      imports.inspect(connection, sessions.require(connection), input.file, input.reading),
    'imports.reread': ({ context: { connection }, input }) =>
      imports.reread(connection, sessions.require(connection), input.importId, input.reading),
    'imports.columns': ({ context: { connection }, input }) => imports.columns(connection, sessions.require(connection), input),
    'imports.run': ({ context: { connection }, input, signal }) =>
      imports.run(connection, sessions.require(connection), input, signal),
    'imports.undo': async ({ context: { connection }, input, signal }) => {
      const signed = sessions.require(connection)
      sessions.touch(connection)
      // Edits of other devices are fetched first, because they decide what is kept. Offline, the server decides when the undo arrives.
      await sync?.settle(signed).catch(() => {})
      return imports.undo(signed, input, signal)
    },
  }
}
