import { afterEach, beforeEach, expect, test } from 'vitest'
import { setUserPassword } from '../commands/users.ts'
import { connect } from '../sync/connection.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { getUser, listUsers } from './users.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

test('whether a person has a password is not known where a server holds the passwords of others [S16]', () => {
  const { db, clientId, adminId, agentId } = workspace
  workspace.write(() => setUserPassword(db, adminId, '$2b$12$'.padEnd(60, 'a')))
  const known = () => Object.fromEntries(listUsers(db, clientId).map(({ id, hasPassword }) => [id, hasPassword]))
  expect(known()).toEqual({ [adminId]: true, [agentId]: false })
  workspace.write(() => connect(db, { serverUrl: 'https://calls.example', userId: adminId, epoch: 'e' }))
  expect(known()).toEqual({ [adminId]: true, [agentId]: null })
  expect(getUser(db, clientId, agentId)?.hasPassword).toBeNull()
})
