import type { UserId } from '../id.ts'
import { describe, expect, test } from 'vitest'
import { AUDIT_ACTIONS } from '../model/audit.ts'
import { ROLES, type Role } from '../roles.ts'
import { SYNC_TABLE_NAMES, syncTable } from './tables.ts'
import { mayReadTrailColumn, shownTrailLine, type TrailLine } from './trail-audience.ts'

const ME = 'me'
const COLLEAGUE = 'colleague'

/** The roles that may see a column of a colleague's account, written out instead of derived from the code under test. */
const DETAILS: readonly string[] = ['email', 'last_login', 'created_at', 'updated_at']
const READS_USERS: Readonly<Record<Role, boolean>> = { agent: false, team_lead: true, admin: true, viewer: false }

const matrix = ROLES.flatMap((role) =>
  SYNC_TABLE_NAMES.filter((table) => table !== 'user_settings').flatMap((table) =>
    syncTable(table).columns.flatMap(({ name }) =>
      [ME, COLLEAGUE].map((recordId) => ({ role, table, column: name, recordId }) as const),
    ),
  ),
)

describe('[S16] the audience of a column of the trail', () => {
  test.each(matrix)('$role: $table.$column of $recordId', ({ role, table, column, recordId }) => {
    const isSecret = table === 'users' && column === 'password_hash'
    const isDetail = table === 'users' && DETAILS.includes(column) && recordId === COLLEAGUE
    const expected = !isSecret && (!isDetail || READS_USERS[role])
    const reader = { role, userId: ME }
    expect(mayReadTrailColumn(reader, table, recordId, column)).toBe(expected)
    const planted = { [column]: 'planted' }
    for (const action of AUDIT_ACTIONS) {
      const shown = shownTrailLine(line({ tableName: table, recordId, action, oldValues: planted, newValues: planted }), reader)
      const isSignIn =
        table === 'users' && recordId === COLLEAGUE && !['INSERT', 'UPDATE', 'DELETE', 'SYNC_REJECTED'].includes(action)
      const visible = expected && (!isSignIn || READS_USERS[role])
      expect(`${action} ${JSON.stringify(shown).includes('planted')}`).toBe(`${action} ${visible}`)
    }
  })
})

function line(part: Partial<TrailLine>): TrailLine {
  return {
    userId: COLLEAGUE,
    tableName: 'users',
    recordId: COLLEAGUE,
    action: 'UPDATE',
    oldValues: null,
    newValues: null,
    ipAddress: '10.0.0.9',
    userAgent: 'laptop of a colleague',
    ...part,
  }
}

test.each(ROLES)('%s: a line without any visible value is left out, not shown empty', (role) => {
  const reader = { role, userId: ME }
  const isShown = (part: Partial<TrailLine>) => shownTrailLine(line(part), reader) !== null
  const seen = READS_USERS[role]
  expect(isShown({ oldValues: { email: 'a@b.c' }, newValues: { email: 'd@e.f' } })).toBe(seen)
  expect(isShown({ oldValues: {}, newValues: {} }), 'a change of the password').toBe(seen)
  expect(isShown({ action: 'LOGIN', newValues: {} })).toBe(seen)
  expect(isShown({ action: 'LOGIN', newValues: {}, recordId: ME })).toBe(true)
  expect(isShown({ recordId: ME, oldValues: {}, newValues: {} }), 'a change of their own password').toBe(true)
  expect(isShown({ oldValues: { name: 'A', email: 'a@b.c' }, newValues: { name: 'B', email: 'd@e.f' } })).toBe(true)
  expect(isShown({ tableName: 'calls', action: 'EXPORT' })).toBe(true)
})

test.each(ROLES)('%s: lines about the settings of a person are shown to that person only', (role) => {
  const [me, colleague] = ['01999999-0000-7000-8000-000000000001', '01999999-0000-7000-8000-000000000002']
  const reader = { role, userId: me }
  const about = (person: string, userId: UserId) =>
    shownTrailLine(line({ tableName: 'user_settings', recordId: `${person}:view:x`, userId, newValues: { value: '1' } }), reader)
  expect(about(me, me)?.newValues).toEqual({ value: '1' })
  expect(about(colleague, colleague)).toBeNull()
  // A refused attempt contains no data of the colleague.
  expect(about(colleague, me)).not.toBeNull()
})

test.each(ROLES)('%s: the network address and device of a colleague are shown to those who may read users', (role) => {
  const reader = { role, userId: ME }
  const origin = (userId: UserId | null) => shownTrailLine(line({ tableName: 'calls', userId }), reader)?.ipAddress
  expect(origin(COLLEAGUE)).toBe(READS_USERS[role] ? '10.0.0.9' : null)
  expect(origin(ME)).toBe('10.0.0.9')
  expect(origin(null)).toBe(READS_USERS[role] ? '10.0.0.9' : null)
})
