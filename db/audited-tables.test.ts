import { getTableName } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { AUDITED_TABLES } from '../core/model/audit.ts'
import { SYNC_TABLE_NAMES } from '../core/sync/tables.ts'
import { AUDITED } from './triggers.ts'

test('every synced table has audit triggers, and no other table', () => {
  expect(AUDITED.map(({ table }) => getTableName(table)).toSorted()).toEqual(SYNC_TABLE_NAMES.toSorted())
  expect(AUDITED_TABLES.toSorted()).toEqual(SYNC_TABLE_NAMES.toSorted())
})
