import type { z } from 'zod'
import { AppError } from '../../core/errors.ts'
import type { Id } from '../../core/id.ts'
import type { lossReasonPatchSchema, newLossReasonSchema, userPatchSchema } from '../../core/model/people.ts'
import type { Role } from '../../core/roles.ts'
import { updateClient } from '../../db/commands/clients.ts'
import { insertLossReason, setLossReasonActive, updateLossReason } from '../../db/commands/loss-reasons.ts'
import { putSettings } from '../../db/commands/settings.ts'
import { insertUser, setUserActive, setUserPassword, updateUser } from '../../db/commands/users.ts'
import type { Settings } from '../../core/model/settings.ts'
import type { ReadableDb, WritableDb } from '../../db/open.ts'
import { getLossReason, listLossReasons } from '../../db/queries/loss-reasons.ts'
import { throughAlias } from '../../db/sync/aliases.ts'
import { getSettings } from '../../db/queries/settings.ts'
import { countActiveAdmins, getUser, listUserNames, listUsers } from '../../db/queries/users.ts'
import { notFound, read, requireAll, requireReach, requireUnchanged, write, type OperationContext } from './operation.ts'

type UserPatch = z.infer<typeof userPatchSchema>
type NewReason = z.infer<typeof newLossReasonSchema>
type ReasonPatch = z.infer<typeof lossReasonPatchSchema>

function existingUser(context: OperationContext<ReadableDb>, id: Id) {
  const user = getUser(context.db, context.actor.clientId, id)
  if (user === undefined) throw notFound('user')
  return user
}

/** Also finds the reason by the id of an alias, which a form that was opened earlier may still send. */
function existingReason(context: OperationContext<ReadableDb>, id: Id) {
  const reason = getLossReason(context.db, context.actor.clientId, throughAlias(context.db, id))
  if (reason === undefined) throw notFound('loss reason')
  return reason
}

/** A client without an active admin could never be managed again. Called before a change that takes an admin away. */
function requireAnotherAdmin(context: OperationContext<WritableDb>, user: { role: Role; isActive: boolean }): void {
  if (user.role !== 'admin' || !user.isActive) return
  if (countActiveAdmins(context.db, context.actor.clientId) > 1) return
  throw new AppError('CONFLICT', 'This is the last active admin. Make someone else an admin first; nothing was changed.', {
    field: 'role',
  })
}

export const peopleOperations = {
  'client.rename': write(['clients', 'audit_logs'], (context, input: { name: string }) => {
    requireAll(context, 'settings.edit')
    return updateClient(context.db, context.actor.clientId, { name: input.name })
  }),
  'users.names': read('list', (context) => {
    requireAll(context, 'users.names')
    return listUserNames(context.db, context.actor.clientId)
  }),
  'users.list': read('list', (context) => {
    requireAll(context, 'users.read')
    return listUsers(context.db, context.actor.clientId)
  }),
  'users.create': write(
    ['users', 'audit_logs'],
    (context, input: { email: string; name: string; role: Role; passwordHash: string }) => {
      requireAll(context, 'users.edit')
      const id = context.newId()
      return insertUser(context.db, { ...input, id, clientId: context.actor.clientId, isActive: true, createdAt: context.now })
    },
  ),
  'users.update': write(
    ['users', 'audit_logs'],
    (context, input: { id: Id; patch: UserPatch; expected?: UserPatch | undefined }) => {
      requireAll(context, 'users.edit')
      const user = existingUser(context, input.id)
      requireUnchanged(user, input.expected)
      if (input.patch.role !== undefined && input.patch.role !== 'admin') requireAnotherAdmin(context, user)
      return updateUser(context.db, input.id, input.patch)
    },
  ),
  'users.setActive': write(['users', 'audit_logs'], (context, input: { id: Id; isActive: boolean }) => {
    requireAll(context, 'users.edit')
    const user = existingUser(context, input.id)
    if (!input.isActive) requireAnotherAdmin(context, user)
    return setUserActive(context.db, input.id, input.isActive)
  }),
  'users.setPassword': write(['users', 'audit_logs'], (context, input: { id: Id; passwordHash: string }) => {
    requireAll(context, 'users.edit')
    existingUser(context, input.id)
    return setUserPassword(context.db, input.id, input.passwordHash)
  }),
  /** Asked before a password is hashed, so that a person without the right does not wait for bcrypt to learn it. */
  'users.requireEdit': read('list', (context) => {
    requireAll(context, 'users.edit')
    return null
  }),
  'lossReasons.list': read('list', (context) => {
    requireReach(context, 'loss_reasons.read')
    return listLossReasons(context.db, context.actor.clientId)
  }),
  'lossReasons.create': write(['loss_reasons', 'audit_logs'], (context, input: NewReason) => {
    requireAll(context, 'loss_reasons.edit')
    const id = context.newId()
    return insertLossReason(context.db, {
      ...input,
      id,
      clientId: context.actor.clientId,
      isActive: true,
      createdAt: context.now,
    })
  }),
  'lossReasons.update': write(
    ['loss_reasons', 'audit_logs'],
    (context, input: { id: Id; patch: ReasonPatch; expected?: ReasonPatch | undefined }) => {
      requireAll(context, 'loss_reasons.edit')
      const reason = existingReason(context, input.id)
      requireUnchanged(reason, input.expected)
      return updateLossReason(context.db, reason.id, input.patch)
    },
  ),
  'lossReasons.setActive': write(['loss_reasons', 'audit_logs'], (context, input: { id: Id; isActive: boolean }) => {
    requireAll(context, 'loss_reasons.edit')
    return setLossReasonActive(context.db, existingReason(context, input.id).id, input.isActive)
  }),
  'settings.get': read('list', (context) => {
    requireReach(context, 'settings.read')
    return getSettings(context.db, context.actor.clientId)
  }),
  'settings.update': write(['client_settings', 'audit_logs'], (context, input: Partial<Settings>) => {
    requireAll(context, 'settings.edit')
    putSettings(context.db, context.actor.clientId, input)
    return getSettings(context.db, context.actor.clientId)
  }),
}
