import { getTableConfig } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import { DERIVED_COLUMNS } from '../core/model/call-derivation.ts'
import { SYNC_TABLE_NAMES, syncTable } from '../core/sync/tables.ts'
import { DEVICE_TABLES } from './device-rows.ts'
import { calls, clients, clientSettings, doNotCall, lossReasons, users, userSettings } from './schema.ts'

const TABLES = {
  ...{ clients, users, calls },
  loss_reasons: lossReasons,
  client_settings: clientSettings,
  user_settings: userSettings,
  do_not_call: doNotCall,
}
/** Identity, and what the device derives from the rest of the row. */
const OWN_COLUMNS = new Set<string>(['id', 'client_id', 'rowid', 'event_at', ...Object.values(DERIVED_COLUMNS)])

test.each(SYNC_TABLE_NAMES)('%s has the columns that core describes, and the same ones can be null', (table) => {
  const columns = getTableConfig(TABLES[table]).columns.filter(
    ({ name }) => !OWN_COLUMNS.has(name) && name !== DEVICE_TABLES[table].key,
  )
  const described = syncTable(table).columns.map(({ name, schema }) => [name, schema.safeParse(null).success] as const)
  expect(Object.fromEntries(columns.map(({ name, notNull }) => [name, !notNull]))).toEqual(Object.fromEntries(described))
})
