import { expect, test } from 'vitest'
import { ROLES } from '../roles.ts'
import { inScope, scopeOf, visibleColumns } from './scope.ts'
import { SYNC_TABLE_NAMES, syncTable } from './tables.ts'

test('[S14] an agent receives their own calls and colleagues’ names, a lead and an admin everything, a viewer all calls', () => {
  expect(Object.fromEntries(ROLES.map((role) => [role, scopeOf(role)]))).toEqual({
    agent: { calls: 'own', users: 'names' },
    team_lead: { calls: 'all', users: 'full' },
    admin: { calls: 'all', users: 'full' },
    viewer: { calls: 'all', users: 'names' },
  })
})

test('[S14] everyone receives rows without an owner, and a row with an owner goes to the owner and to those who see all calls', () => {
  for (const role of ROLES)
    for (const table of SYNC_TABLE_NAMES) {
      expect(inScope(scopeOf(role), table, 'me', 'me')).toBe(true)
      expect(inScope(scopeOf(role), table, 'me', 'other')).toBe(table !== 'user_settings' && role !== 'agent')
      if (table !== 'calls' && table !== 'user_settings') expect(inScope(scopeOf(role), table, 'me', null)).toBe(true)
    }
})

test.each(ROLES)('[S14] %s receives their own settings only', (role) => {
  expect(inScope(scopeOf(role), 'user_settings', 'me', 'me')).toBe(true)
  expect(inScope(scopeOf(role), 'user_settings', 'me', 'other')).toBe(false)
  expect(inScope(scopeOf(role), 'user_settings', 'me', null)).toBe(false)
})

test('[S16] a password hash is sent only to its owner, for every role', () => {
  for (const role of ROLES) {
    expect(visibleColumns(scopeOf(role), 'users', true)).toContain('password_hash')
    expect(visibleColumns(scopeOf(role), 'users', false)).not.toContain('password_hash')
  }
})

test('[S14] an agent receives only the public columns of a colleague', () => {
  expect(visibleColumns(scopeOf('agent'), 'users', false)).toEqual(['name', 'role', 'is_active'])
  expect(visibleColumns(scopeOf('viewer'), 'users', false)).toEqual(['name', 'role', 'is_active'])
  expect(visibleColumns(scopeOf('admin'), 'users', false)).toContain('email')
  expect(visibleColumns(scopeOf('agent'), 'users', true)).toEqual(syncTable('users').columns.map(({ name }) => name))
})
