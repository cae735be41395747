import { must } from '../../core/assert.ts'
import { setUserPassword } from '../../db/commands/users.ts'
import type { ReadableDb } from '../../db/open.ts'
import { getClient } from '../../db/queries/clients.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { getUser } from '../../db/queries/users.ts'
import { command, query, type OperationContext } from '../declaration/operation.ts'

/** Returns the session of the actor, as `session.get` returns it. */
export function signedIn(context: OperationContext<ReadableDb>) {
  const { clientId, userId } = context.actor
  return {
    state: 'signed_in' as const,
    user: must(getUser(context.db, clientId, userId), 'The signed-in user exists'),
    client: must(getClient(context.db, clientId), 'The workspace has its client'),
    settings: getSettings(context.db, clientId),
  }
}

export const sessionOperations = {
  'session.describe': query({ access: 'member', thread: 'list', run: (context) => signedIn(context) }),
  /** Also for a deactivated person: the lock screen shows whose session it is. */
  'session.names': query({
    access: 'internal',
    thread: 'list',
    run: (context) => {
      const { user, client } = signedIn(context)
      return {
        user: { id: user.id, name: user.name, role: user.role, isActive: user.isActive },
        client: { id: client.id, name: client.name },
      }
    },
  }),
  'session.setOwnPassword': command({
    access: 'member',
    changes: ['users', 'audit_logs'],
    run: ({ db, actor }, { passwordHash }: { passwordHash: string }) => {
      setUserPassword(db, actor.userId, passwordHash)
      return {}
    },
  }),
}
