import { eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { ClientId } from '../core/id.ts'
import { manyRows } from './many-rows.ts'
import { openReadable } from './open.ts'
import type { Named } from './prepared.ts'
import { users } from './schema.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

test('every connection reads the rows of a query that is built once, with typed fields', () => {
  const workspace = new TestWorkspace()
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
  workspace.dispose()
})
