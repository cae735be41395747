import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../core/errors.ts'
import type { Id, UserId } from '../../core/id.ts'
import { reach, ROLES, type Role } from '../../core/roles.ts'
import { insertUser, setUserActive } from '../../db/commands/users.ts'
import { TestWorkspace } from '../../db/testing/test-workspace.ts'
import { operationContext } from '../testing/operation-context.ts'
import { operationNamed, OPERATION_NAMES, type OperationName } from './operations.ts'
import { checkAccess, runOperation } from './run-operation.ts'

const file = new TestWorkspace()
afterAll(() => file.dispose())

function person(role: Role): Id {
  const id = file.newId()
  const row = { id, clientId: file.clientId, email: `${id}@acme.test`, name: id, role, passwordHash: null }
  file.write(() => insertUser(file.db, { ...row, isActive: true, createdAt: file.now }))
  return id
}

const people = Object.fromEntries(ROLES.map((role) => [role, person(role)])) as Record<Role, Id>
const deactivated = person('admin')
file.write(() => setUserActive(file.db, deactivated, false))

const contextOf = (userId: UserId) => operationContext(file, userId)

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'ok'
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

const accessOf = (name: OperationName, userId: UserId) => codeOf(() => checkAccess(operationNamed(name), contextOf(userId)))

test.each(OPERATION_NAMES)('%s: each role, by the access that it declares', (name) => {
  const { access, reach: least } = operationNamed(name)
  for (const role of ROLES) {
    const isOpen = access === 'internal' || access === 'member'
    const sufficient = least === 'own' ? ['own', 'all'] : ['all']
    const isAllowed = isOpen || sufficient.includes(reach(role, access))
    expect(accessOf(name, people[role]), role).toBe(isAllowed ? 'ok' : 'FORBIDDEN')
  }
  expect(accessOf(name, deactivated), 'deactivated').toBe(access === 'internal' ? 'ok' : 'SESSION_EXPIRED')
})

test('a refused operation does not run', () => {
  const input = { id: people.agent, isActive: false }
  expect(codeOf(() => file.write(() => runOperation('users.setActive', contextOf(people.viewer), input)))).toBe('FORBIDDEN')
  expect(accessOf('session.describe', people.agent)).toBe('ok')
})

test('an operation gets the role and the reach of its actor', () => {
  expect(checkAccess(operationNamed('calls.list'), contextOf(people.agent))).toEqual({ role: 'agent', reach: 'own' })
  expect(checkAccess(operationNamed('calls.list'), contextOf(people.viewer))).toEqual({ role: 'viewer', reach: 'all' })
  expect(checkAccess(operationNamed('drafts.get'), contextOf(people.viewer))).toEqual({ role: 'viewer' })
})
