import type { ProcedureInput } from '../../core/contract/procedures.ts'
import { AppError } from '../../core/errors.ts'
import { sentence } from '../../core/messages/sentence.ts'
import type { UserId } from '../../core/id.ts'
import type { Role } from '../../core/roles.ts'
import { insertUser, setUserActive, setUserPassword, updateUser } from '../../db/commands/users.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { countActiveAdmins, getUser, listUserNames, listUsers } from '../../db/queries/users.ts'
import { command, notFound, query, requireUnchanged, type OperationContext } from '../declaration/operation.ts'

function existingUser(context: OperationContext<ReadableDb>, id: UserId) {
  const user = getUser(context.db, context.actor.clientId, id)
  if (user === undefined) throw notFound('user')
  return user
}

/** Called before a change that removes an admin. No one could manage a client without an active admin. */
function requireAnotherAdmin(context: OperationContext<WritableDb>, user: { role: Role; isActive: boolean }): void {
  if (user.role !== 'admin' || !user.isActive) return
  if (countActiveAdmins(context.db, context.actor.clientId) > 1) return
  throw new AppError('CONFLICT', sentence('users.last-admin'), {
    field: 'role',
  })
}

export const usersOperations = {
  'users.names': query({
    access: 'users.names',
    thread: 'list',
    run: ({ db, actor }) => listUserNames(db, actor.clientId),
  }),
  'users.list': query({
    access: 'users.read',
    thread: 'list',
    run: ({ db, actor }) => listUsers(db, actor.clientId),
  }),
  /** Run before a password is hashed, so that a person without the permission does not wait for bcrypt. */
  'users.requireEdit': query({ access: 'users.edit', thread: 'list', run: () => null }),
  'users.insert': command({
    access: 'users.edit',
    changes: ['users', 'audit_logs'],
    run: ({ db, actor, now, newId }, user: { email: string; name: string; role: Role; passwordHash: string }) =>
      insertUser(db, { ...user, id: newId(), clientId: actor.clientId, isActive: true, createdAt: now }),
  }),
  'users.update': command({
    access: 'users.edit',
    changes: ['users', 'audit_logs'],
    run: (context, { id, patch, expected }: ProcedureInput<'users.update'>) => {
      const user = existingUser(context, id)
      requireUnchanged(user, expected)
      if (patch.role !== undefined && patch.role !== 'admin') requireAnotherAdmin(context, user)
      return updateUser(context.db, id, patch)
    },
    decidedRow: ({ id, patch }) => (patch.role === undefined ? undefined : id),
  }),
  'users.setActive': command({
    access: 'users.edit',
    changes: ['users', 'audit_logs'],
    run: (context, { id, isActive }: ProcedureInput<'users.setActive'>) => {
      const user = existingUser(context, id)
      if (!isActive) requireAnotherAdmin(context, user)
      return setUserActive(context.db, id, isActive)
    },
    decidedRow: ({ id }) => id,
  }),
  'users.storePassword': command({
    access: 'users.edit',
    changes: ['users', 'audit_logs'],
    run: (context, { id, passwordHash }: { id: UserId; passwordHash: string }) => {
      existingUser(context, id)
      return setUserPassword(context.db, id, passwordHash)
    },
    decidedRow: ({ id }) => id,
  }),
}
