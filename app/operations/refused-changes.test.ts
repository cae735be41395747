import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { UserId } from '../../core/id.ts'
import { may, reach, ROLES } from '../../core/roles.ts'
import type { Values } from '../../core/sync/merge.ts'
import type { SyncTableName } from '../../core/sync/tables.ts'
import { insertUser } from '../../db/commands/users.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { operationContext } from '../testing/operation-context.ts'
import { requireEdit } from './refused-changes.ts'

const file = new TestWorkspace()
afterAll(() => file.dispose())

function person(role: (typeof ROLES)[number]): UserId {
  const id = file.newId()
  const row = { id, clientId: file.clientId, email: `${id}@acme.test`, name: id, role, passwordHash: null }
  file.write(() => insertUser(file.db, { ...row, isActive: true, createdAt: file.now }))
  return id
}

/** The permission of the same edit through a form. */
const EDITS = {
  clients: 'settings.edit',
  client_settings: 'settings.edit',
  users: 'users.edit',
  loss_reasons: 'loss_reasons.edit',
} as const

test.each(ROLES)('%s: a repeated change needs the permission of the same edit through a form', (role) => {
  const userId = person(role)
  const colleague = person('agent')
  const context = { ...operationContext(file, userId), role }
  const codeOf = (table: SyncTableName, id: string, action: 'INSERT' | 'UPDATE' | 'DELETE', values: Values = {}) => {
    try {
      requireEdit(context, table, id, action, values)
      return 'ok'
    } catch (error) {
      return error instanceof AppError ? error.code : String(error)
    }
  }
  for (const [table, permission] of Object.entries(EDITS))
    expect(codeOf(table as SyncTableName, file.newId(), 'UPDATE'), table).toBe(
      reach(role, permission) === 'all' ? 'ok' : 'FORBIDDEN',
    )
  const keys = { [`target:2026-11:team:won`]: 'targets.edit', [`view:${file.newId()}`]: 'views.share' } as const
  for (const [key, permission] of Object.entries(keys))
    expect(codeOf('client_settings', key, 'UPDATE'), key).toBe(reach(role, permission) === 'all' ? 'ok' : 'FORBIDDEN')
  expect(codeOf('user_settings', `${userId}:theme`, 'UPDATE')).toBe('ok')
  expect(codeOf('user_settings', `${colleague}:theme`, 'UPDATE')).toBe('FORBIDDEN')
  for (const ownerId of [userId, colleague]) {
    const { id } = file.addCall({ userId: ownerId })
    const expected = (isAllowed: boolean) => {
      if (!may(role, 'calls.read', userId, ownerId)) return 'NOT_FOUND'
      return isAllowed ? 'ok' : 'FORBIDDEN'
    }
    const mayEdit = may(role, 'calls.edit', userId, ownerId)
    expect(codeOf('calls', id, 'UPDATE', { notes: 'x' })).toBe(expected(mayEdit))
    expect(codeOf('calls', id, 'DELETE')).toBe(expected(may(role, 'calls.delete', userId, ownerId)))
    const mayReassign = mayEdit && may(role, 'calls.reassign', userId, ownerId)
    expect(codeOf('calls', id, 'UPDATE', { user_id: file.adminId })).toBe(expected(mayReassign))
  }
  const isForColleague = codeOf('calls', file.newId(), 'INSERT', { user_id: colleague })
  expect(isForColleague).toBe(may(role, 'calls.reassign', userId, colleague) ? 'ok' : 'FORBIDDEN')
})
