import type { HandlerServices, HandlersOf } from './handlers.ts'

/** Procedures that hash a password. The permission is checked before the hashing, and again with the write. */
export function usersHandlers({ sessions, passwords, run }: HandlerServices): HandlersOf<'users'> {
  return {
    'users.create': async ({ context, input }) => {
      sessions.touch(context.connection)
      await run(context, 'users.requireEdit', null)
      const { password, ...user } = input
      return run(context, 'users.insert', { ...user, passwordHash: await passwords.hash(password) })
    },
    'users.setPassword': async ({ context, input }) => {
      sessions.touch(context.connection)
      await run(context, 'users.requireEdit', null)
      return run(context, 'users.storePassword', { id: input.id, passwordHash: await passwords.hash(input.password) })
    },
  }
}
