import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withRolesTable } from './roles-table.ts'

test('the table of roles in the docs is the one of the code; “npm run docs” writes it', () => {
  const page = readFileSync(new URL('../../docs/data-model.md', import.meta.url), 'utf8')
  expect(page).toBe(withRolesTable(page))
})

test('a page without a place for the table is refused', () => {
  expect(() => withRolesTable('## Roles\n')).toThrow('has no')
})
