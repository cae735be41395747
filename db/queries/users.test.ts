import { afterEach, beforeEach, expect, test } from 'vitest'
import { putSettings } from '../commands/settings.ts'
import { insertUser, setUserPassword } from '../commands/users.ts'
import { connect } from '../sync/device-state.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { findUserByEmail, getUser, listUserNames, listUsers } from './users.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

function add(name: string, email: string): void {
  const { db, clientId, now } = workspace
  const person = { clientId, isActive: true, createdAt: now, role: 'agent' as const, passwordHash: null }
  workspace.write(() => insertUser(db, { ...person, id: workspace.newId(), name, email }))
}

test('people are sorted by the rules of the client’s country', () => {
  for (const name of ['Zoe', 'Ärla', 'ana', 'Åsa', 'Öz']) add(name, `${name.length}${name.codePointAt(0) ?? 0}@acme.test`)
  const { db, clientId } = workspace
  expect(listUsers(db, clientId).map(({ name }) => name)).toEqual(['Ada', 'ana', 'Ärla', 'Åsa', 'Ben', 'Öz', 'Zoe'])
  workspace.write(() => putSettings(db, clientId, { default_country: 'SE' }))
  expect(listUserNames(db, clientId).map(({ name }) => name)).toEqual(['Ada', 'ana', 'Ben', 'Zoe', 'Åsa', 'Ärla', 'Öz'])
})

test.each(['JÜRGEN@ACME.test', 'jürgen@acme.test', 'ju\u0308rgen@acme.test', 'jürgen\u200b@acme.test'])(
  'the address %j signs in as the server would accept it',
  (typed) => {
    add('Jürgen', 'Jürgen@acme.test')
    expect(findUserByEmail(workspace.db, workspace.clientId, typed)?.name).toBe('Jürgen')
  },
)

test('another address finds no one', () => {
  expect(findUserByEmail(workspace.db, workspace.clientId, 'adam@acme.test')).toBeUndefined()
  expect(findUserByEmail(workspace.db, workspace.clientId, '')).toBeUndefined()
})

test('whether another person has a password is unknown on a device that is connected to a server [S16]', () => {
  const { db, clientId, adminId, agentId } = workspace
  workspace.write(() => setUserPassword(db, adminId, '$2b$12$'.padEnd(60, 'a')))
  const known = () => Object.fromEntries(listUsers(db, clientId).map(({ id, hasPassword }) => [id, hasPassword]))
  expect(known()).toEqual({ [adminId]: true, [agentId]: false })
  workspace.write(() => connect(db, { serverUrl: 'https://calls.example', userId: adminId, epoch: 'e' }))
  expect(known()).toEqual({ [adminId]: true, [agentId]: null })
  expect(getUser(db, clientId, agentId)?.hasPassword).toBeNull()
})
