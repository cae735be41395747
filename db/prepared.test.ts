import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ClientId, Id, UserId } from '../core/id.ts'
import { selectBy, updateOf } from '../platform/sqlite/prepared.ts'
import { openReadable } from './open.ts'
import { changeRows, manyRows, query, statement, upsert, type Named } from './prepared.ts'
import { getPrincipal } from './queries/users.ts'
import { calls, users } from './schema.ts'
import { syncRefusals } from './sync-schema.ts'
import { PLANTED_HASH, TestWorkspace } from './testing/test-workspace.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

test('each connection compiles a query once', () => {
  let compiled = 0
  const names = query((orm) => {
    compiled++
    return orm.select({ name: users.name }).from(users)
  })
  const reader = openReadable(workspace.path)
  for (const db of [workspace.db, reader, workspace.db, reader]) expect(names.all(db)).toHaveLength(2)
  reader.close()
  expect(compiled).toBe(2)
})

test('a query that names its index returns typed rows', () => {
  const call = workspace.addCall({ prospectName: 'Greta' })
  const callsOf = query((orm, { userId }: Named<{ userId: UserId }>) =>
    selectBy(orm, { name: calls.prospectName, isActive: users.isActive }, calls, 'calls_by_user')
      .innerJoin(users, eq(users.id, calls.userId))
      .where(eq(calls.userId, userId)),
  )
  expect(callsOf.all(workspace.db, { userId: call.userId })).toEqual([{ name: 'Greta', isActive: true }])
})

test('every connection reads the rows of a query that is built once, with typed fields', () => {
  let built = 0
  const usersNamed = manyRows(
    { userName: users.name, isActive: users.isActive, lastLogin: users.lastLogin },
    ({ clientId, names }: Named<{ clientId: ClientId; names: string }>) => {
      built++
      return sql`FROM json_each(${names}) AS wanted CROSS JOIN ${users} ON ${users.name} = wanted.value
        WHERE ${eq(users.clientId, clientId)} ORDER BY ${users.name} DESC`
    },
  )
  expect(built).toBe(0)
  const reader = openReadable(workspace.path)
  const read = (names: string[]) =>
    [workspace.db, reader].map((db) => usersNamed(db, { clientId: workspace.clientId, names: JSON.stringify(names) }))
  const ada = { userName: 'Ada', isActive: 1, lastLogin: null }
  expect(read(['Ada'])).toEqual([[ada], [ada]])
  expect(read(['Grace'])).toEqual([[], []])
  expect(built).toBe(1)
  reader.close()
})

test('an UPDATE encodes the values of its placeholders as those of their columns', () => {
  const setActive = statement((orm, { id, isActive }: Named<{ id: UserId; isActive: boolean }>) =>
    updateOf(orm, users, { isActive }).where(eq(users.id, id)),
  )
  const id = workspace.agentId
  expect(workspace.write(() => setActive(workspace.db, { id, isActive: false }))).toBe(1)
  expect(getPrincipal(workspace.db, id)?.isActive).toBe(false)
})

test('a row with the key of another row replaces its other columns', () => {
  const save = upsert(syncRefusals, [syncRefusals.direction])
  for (const code of ['OFFLINE', 'FORBIDDEN']) save(workspace.db, { direction: 'push', code })
  const found = query((orm) => orm.select().from(syncRefusals)).all(workspace.db)
  expect(found).toEqual([{ direction: 'push', code: 'FORBIDDEN' }])
})

const setHash = statement((orm, { id, hash }: Named<{ id: Id; hash: string }>) =>
  orm
    .update(users)
    .set({ passwordHash: sql`${hash}` })
    .where(eq(users.id, id)),
)

test.each([
  ['a prepared write', () => setHash(workspace.db, { id: workspace.agentId, hash: `${PLANTED_HASH}-too-long` })],
  [
    'a built write',
    () =>
      changeRows(
        workspace.db,
        workspace.db.orm
          .update(users)
          .set({ passwordHash: `${PLANTED_HASH}-too-long` })
          .where(eq(users.id, workspace.agentId)),
      ),
  ],
])('the error of %s quotes no value, not even in its causes [S16]', (_, write) => {
  const messages: string[] = []
  try {
    workspace.write(write)
    expect.unreachable('the hash is too long')
  } catch (error) {
    for (let current = error; current instanceof Error; current = current.cause)
      messages.push(`${current.message}${current.stack}`)
  }
  expect(messages.join('\n')).toContain('breaks a rule')
  expect(messages.join('\n')).not.toContain('SECRET')
})
