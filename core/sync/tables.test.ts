import { expect, test } from 'vitest'
import { callSchema } from '../model/call.ts'
import { clientSchema, lossReasonSchema, userSchema } from '../model/people.ts'
import {
  SYNC_TABLES,
  SYNC_TABLE_NAMES,
  brokenSetting,
  brokenSettingRow,
  brokenValue,
  columnOf,
  isRowId,
  syncTable,
  unitOf,
  versionKey,
  type Column,
} from './tables.ts'

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const must = (column: Column | undefined): Column => {
  if (column === undefined) throw new Error('There is no such column')
  return column
}

test('the description contains exactly the fields of the model, under their columns', () => {
  const models = { clients: clientSchema, users: userSchema, loss_reasons: lossReasonSchema, calls: callSchema }
  // The row's identity, columns that the database computes, and the model's field that replaces the secret.
  const elsewhere = new Set(['id', 'client_id', 'event_at', 'has_password'])
  for (const [table, schema] of Object.entries(models)) {
    const fields = Object.keys(schema.shape)
      .map(snake)
      .filter((name) => !elsewhere.has(name))
    const columns = SYNC_TABLES[table as keyof typeof models].columns.map(({ name }) => name)
    expect(columns.filter((name) => name !== 'password_hash').toSorted(), table).toEqual(fields.toSorted())
  }
})

test('[S16] the only secret has only its owner as audience', () => {
  const secrets = SYNC_TABLE_NAMES.flatMap((table) =>
    syncTable(table).columns.flatMap(({ name, audience }) => (audience === 'self' ? [`${table}.${name}`] : [])),
  )
  expect(secrets).toEqual(['users.password_hash'])
})

test('[S9] each column of a unit leads to the whole unit, and every other column to itself', () => {
  for (const column of ['status', 'outcome', 'loss_reason_id', 'completed_at']) {
    expect(unitOf('calls', column)).toEqual(['status', 'outcome', 'loss_reason_id', 'completed_at'])
    expect(versionKey('calls', column)).toBe('status')
  }
  expect(unitOf('calls', 'notes')).toEqual(['notes'])
  expect(unitOf('users', 'status')).toEqual(['status'])
})

test('a rule about several columns reads only one unit, so a merge cannot break it', () => {
  for (const table of SYNC_TABLE_NAMES) {
    const { broken, units, columns } = syncTable(table)
    if (broken === undefined) continue
    const read = new Set<string>()
    const values = new Proxy({}, { get: (_, name) => (read.add(String(name)), null) })
    broken(values)
    const [unit = []] = units
    expect(
      columns
        .filter(({ name }) => read.has(name))
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(unit.toSorted())
  }
})

test('a value that the model would normalise is refused, because the server would store another value', () => {
  const name = must(columnOf('calls', 'prospect_name'))
  const notes = must(columnOf('calls', 'notes'))
  expect(brokenValue(name, 'Jo Smith')).toBeUndefined()
  expect(brokenValue(name, ' Jo Smith')).toBe('Not in its stored form')
  expect(brokenValue(name, '')).toBe("The prospect's name is required")
  expect(brokenValue(name, null)).toBeDefined()
  expect(brokenValue(notes, null)).toBeUndefined()
  expect(brokenValue(notes, '')).toBe('Not in its stored form')
  expect(brokenValue(notes, 'x'.repeat(10_001))).toBeDefined()
  expect(brokenValue(notes, 'half a pair \ud800')).toBe('Text that a database cannot store')
  expect(brokenValue(notes, 'a\0b')).toBe('Text that a database cannot store')
})

test('numbers are whole and in range', () => {
  const duration = must(columnOf('calls', 'call_duration'))
  expect([0, 86_400].map((value) => brokenValue(duration, value))).toEqual([undefined, undefined])
  for (const value of [-1, 86_401, 1.5, '5']) expect(brokenValue(duration, value), String(value)).toBeDefined()
  expect(brokenValue(must(columnOf('calls', 'completed_at')), -1)).toBeDefined()
  expect(brokenValue(must(columnOf('users', 'is_active')), 2)).toBeDefined()
})

test('a password hash must be bcrypt with a cost that a server can compute', () => {
  const column = must(columnOf('users', 'password_hash'))
  const hash = (cost: string) => `$2b$${cost}$${'a'.repeat(53)}`
  expect(brokenValue(column, hash('12'))).toBeUndefined()
  expect(brokenValue(column, null)).toBeUndefined()
  for (const value of [hash('04'), hash('10'), hash('14'), hash('12').replace('2b', '2a'), hash('12').replace('2b', '2y')])
    expect(brokenValue(column, value), value).toBeUndefined()
  const broken = ['00', '01', '03', '15', '31', '99', '1', '+4', ' 4', '4 ', '0x'].map(hash)
  const others = [hash('12').slice(0, -1), `${hash('12')}a`, hash('12').replace('2b', '2x'), hash('12').replace('2b', '1b')]
  const alphabet = ['é', '+', '=', '-', '\n', '\0'].map((letter) => `$2b$12$${'a'.repeat(52)}${letter}`)
  for (const value of [...broken, ...others, ...alphabet, 'secret', '']) expect(brokenValue(column, value), value).toBeDefined()
})

test('a setting must match its schema', () => {
  expect(brokenSetting('time_zone', '"Europe/Berlin"')).toBeUndefined()
  expect(brokenSetting('time_zone', '"Mars/Olympus"')).toBeDefined()
  expect(brokenSetting('week_start', '8')).toBeDefined()
  expect(brokenSetting('week_start', 'eight')).toBe('Not JSON')
  expect(brokenSetting('unheard_of', '1')).toBeDefined()
  expect(brokenSetting('toString', '1')).toBeDefined()
  expect(brokenSetting('time_zone', '['.repeat(60_000))).toBe('Larger than any setting')
  expect(isRowId('client_settings', 'time_zone')).toBe(true)
  expect(isRowId('calls', 'time_zone')).toBe(false)
})

const PERSON = '01999999-0000-7000-8000-000000000001'

test.each([
  ['target:2026-11:team:won', '40', undefined],
  ['target:2026-11:team:won', 'null', undefined],
  [`target:2026-11:${PERSON}:close_rate`, '0.35', undefined],
  ['target:2026-11:team:won', '-1', 'Enter a whole number from 0 to 1,000,000'],
  ['target:2026-11:team:won', '1.5', 'Enter a whole number from 0 to 1,000,000'],
  ['target:2026-11:team:close_rate', '35', 'Enter a percentage from 0 to 100'],
  ['target:2026-11:team:close_rate', '"35"', 'Enter a percentage from 0 to 100'],
  ['target:2026-13:team:won', '1', 'The server does not recognise this target'],
  ['target:2026-11:everyone:won', '1', 'The server does not recognise this target'],
  ['target:2026-11:team:talk', '1', 'The server does not recognise this target'],
  ['target:2026-11:team:won:x', '1', 'The server does not recognise this target'],
])('the target %s with %s: %s', (key, value, broken) => {
  expect(brokenSetting(key, value)).toBe(broken)
})

test('a shared view needs an id and a name; its filters may be those of a newer release', () => {
  expect(brokenSetting(`view:${PERSON}`, '{"name":"Mondays","filters":{"colour":7}}')).toBeUndefined()
  expect(brokenSetting(`view:${PERSON}`, 'null')).toBeUndefined()
  expect(brokenSetting(`view:${PERSON}`, '{"name":" "}')).toBe('A view needs a name')
  expect(brokenSetting(`view:${PERSON}`, `{"name":"${'x'.repeat(81)}"}`)).toBe('A view needs a name')
  expect(brokenSetting('view:mine', '{"name":"Mondays"}')).toBe('This is not the id of a view')
})

test('the id of a person’s setting consists of the person and the key', () => {
  const id = `${PERSON}:view:${PERSON}`
  expect(isRowId('user_settings', id)).toBe(true)
  for (const wrong of [PERSON, `${PERSON}:`, `${PERSON}view:x`, `x:view:${PERSON}`, `${PERSON}:${'k'.repeat(61)}`, `${PERSON}:A`])
    expect(isRowId('user_settings', wrong), wrong).toBe(false)
  const values = { user_id: PERSON, key: `view:${PERSON}`, value: '{}' }
  expect(brokenSettingRow('user_settings', id, values)).toBeUndefined()
  expect(brokenSettingRow('user_settings', id, { ...values, key: 'other' })).toBe('key')
  expect(brokenSettingRow('user_settings', id, { value: '{' })).toBe('value')
  expect(brokenSettingRow('user_settings', id, { value: '['.repeat(60_000) })).toBe('value')
})
