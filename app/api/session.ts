import type { HandlerServices, HandlersOf } from './handlers.ts'

export function sessionHandlers({
  sessions,
  passwords,
  imports,
  exports,
  bulk,
  knownReports,
  run,
}: HandlerServices): HandlersOf<'session'> {
  return {
    'session.get': ({ context }) => sessions.state(context.connection),
    'session.signIn': ({ context, input }) => sessions.signIn(context.connection, input),
    'session.signOut': async ({ context }) => {
      imports.forget(context.connection)
      exports.forget(context.connection)
      bulk.forget(context.connection)
      knownReports.forget(context.connection)
      await sessions.signOut(context.connection)
      return {}
    },
    'session.lock': ({ context }) => {
      sessions.lock(context.connection)
      return {}
    },
    'session.unlock': ({ context, input }) => sessions.unlock(context.connection, input.password),
    'session.touch': ({ context }) => {
      sessions.touch(context.connection)
      return {}
    },
    'session.changePassword': async ({ context, input }) => {
      await sessions.confirmOwn(context.connection, input.current)
      return run(context, 'session.setOwnPassword', { passwordHash: await passwords.hash(input.next) })
    },
  }
}
