import fc from 'fast-check'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Id } from '../core/id.ts'
import { deleteCall, insertCall, insertCalls, restoreCall, updateCall } from './commands/calls.ts'
import { putSettings } from './commands/settings.ts'
import { deriveStep } from './derive-calls.ts'
import { mend, openMended } from './mend.ts'
import { openMigrated, openWritable } from './open.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { derivedColumnsSoundness } from './queries/derived-soundness.ts'
import { listCalls } from './queries/calls.ts'
import { applyRows, requireKnown } from './sync/apply-rows.ts'
import { beginBulkLoad, finishBulkLoad } from './sync/bulk-load.ts'
import { compareIndexWithCalls } from './testing/search.ts'
import { scheduledCall, serverRows } from './testing/server-answers.ts'
import { TestWorkspace } from './testing/test-workspace.ts'
import { writeTransaction } from './write-transaction.ts'

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
})
afterEach(() => workspace.dispose())

type Derived = { readonly name_key: string; readonly phone_e164: string | null; readonly search_terms: string | null }

const setCountry = (country: string | null) =>
  workspace.write(() => putSettings(workspace.db, workspace.clientId, { default_country: country }))
const derivedOf = (id: string, { sqlite } = workspace.db) =>
  sqlite.prepare<[string], Derived>('SELECT name_key, phone_e164, search_terms FROM calls WHERE id = ?').get(id)

function find(text: string, db = workspace.db): string[] {
  const request = { filter: { text }, sort: { by: 'prospectName', direction: 'asc' }, after: null, skip: 0, limit: 100 } as const
  return listCalls(db, workspace.clientId, request, null).rows.map(({ prospectName }) => prospectName)
}

/** @throws if derived columns or a text index do not match the calls. */
function expectSound(db = workspace.db): void {
  expect(derivedColumnsSoundness(db).wrong).toBe(0)
  compareIndexWithCalls(db.sqlite)
}

test('every command stores a phone number as typed, with its E.164 form', () => {
  setCountry('DE')
  const { id } = workspace.addCall({ prospectName: 'Jürgen Müller', prospectPhone: '030 5551234' })
  expect(derivedOf(id)).toEqual({
    name_key: 'jurgen muller\u0001jürgen müller',
    phone_e164: '+49305551234',
    search_terms: '49305551234 0305551234 juergen mueller',
  })
  workspace.write(() => updateCall(workspace.db, id, { prospectPhone: '+43 1 5551234' }))
  expect(derivedOf(id)).toMatchObject({ phone_e164: '+4315551234' })
  workspace.write(() => updateCall(workspace.db, id, { status: 'cancelled' }))
  expect(derivedOf(id)).toMatchObject({ phone_e164: '+4315551234' })
  workspace.write(() => updateCall(workspace.db, id, { prospectPhone: null, prospectName: 'Anna' }))
  expect(derivedOf(id)).toEqual({ name_key: 'anna', phone_e164: null, search_terms: null })
})

const name = fc.constantFrom('Müller', 'Straße O’Brien', 'anna', 'Łukasz', 'Mül\u00adler', 'A', 'Ängström')
const phone = fc.constantFrom(null, '030 5551234', '+49 30 5551234', 'no number', '0049 171 5551234', '(212) 555-0100')
const change = fc.record({
  kind: fc.constantFrom('insert', 'insert many', 'update', 'delete', 'restore', 'server', 'country', 'step'),
  place: fc.nat(5),
  name,
  phone,
  notes: fc.constantFrom(null, 'Verlängerung', 'call back'),
  country: fc.constantFrom(null, 'DE', 'US', 'SE'),
})

test('after any changes all derived columns and both text indexes match the calls', () => {
  const ids = Array.from({ length: 6 }, () => workspace.newId())
  let version = 100
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
      const { db } = workspace
      for (const { kind, place, name: prospectName, phone: prospectPhone, notes, country } of changes) {
        const id = ids[place] as Id
        const exists = derivedOf(id) !== undefined
        const wasDeleted = !exists && db.sqlite.prepare('SELECT 1 FROM audit_logs WHERE record_id = ?').get(id) !== undefined
        const call = { ...workspace.newCall({ prospectName, prospectPhone, notes }), id }
        if (kind === 'country') setCountry(country)
        else if (kind === 'step') deriveStep(db)
        else if (kind === 'server') {
          const values = { ...scheduledCall(workspace.agentId, prospectName), prospect_phone: prospectPhone, notes }
          const rows = serverRows('calls', [{ id, version: version++, by: workspace.adminId, values }])
          requireKnown(rows)
          workspace.take(() => applyRows(db, rows, 0, 1))
        } else if (exists && kind === 'update') workspace.write(() => updateCall(db, id, { prospectName, prospectPhone }))
        else if (exists && kind === 'delete') workspace.write(() => deleteCall(db, id))
        else if (wasDeleted && kind === 'restore') workspace.write(() => restoreCall(db, id))
        else if (!exists && !wasDeleted && kind === 'insert') workspace.write(() => insertCall(db, call))
        else if (!exists && !wasDeleted && kind === 'insert many') workspace.write(() => insertCalls(db, [call]))
      }
      while (deriveStep(db));
      expect(derivedColumnsSoundness(db).wrong).toBe(0)
      expect(() => compareIndexWithCalls(db.sqlite)).not.toThrow()
    }),
    { numRuns: 60 },
  )
})

test('after a change of the default country the stored calls are derived again, without a trace in the audit trail or the outbox', () => {
  const calls = Array.from({ length: 1_100 }, (_, n) =>
    workspace.newCall({ prospectName: `Prospect ${n}`, prospectPhone: `030 55${10_000 + n}` }),
  )
  workspace.write(() => insertCalls(workspace.db, calls))
  const last = calls.at(-1)
  const traces = () =>
    workspace.db.sqlite
      .prepare('SELECT (SELECT count(*) FROM audit_logs), (SELECT count(*) FROM sync_outbox), max(updated_at) FROM calls')
      .raw()
      .get()
  expect(derivedOf(last?.id ?? '')).toMatchObject({ phone_e164: null })
  setCountry('DE')
  const before = traces()
  expect(deriveStep(workspace.db), 'more than one step').toBe(true)
  while (deriveStep(workspace.db));
  expect(traces()).toEqual(before)
  expect(derivedOf(last?.id ?? '')).toMatchObject({ phone_e164: '+49305511099' })
  expectSound()
  expect(deriveStep(workspace.db), 'nothing is left').toBe(false)
  workspace.write(() => putSettings(workspace.db, workspace.clientId, { week_start: 7 }))
  expect(deriveStep(workspace.db), 'another setting').toBe(false)
  workspace.write(() => workspace.db.sqlite.exec(`UPDATE client_settings SET value = value WHERE key = 'default_country'`))
  expect(deriveStep(workspace.db), 'the same country').toBe(false)
  setCountry('US')
  expect(deriveStep(workspace.db)).toBe(true)
  // A call that is written between two steps has the new country already.
  const between = workspace.addCall({ prospectPhone: '(212) 555-0100' })
  expect(derivedOf(between.id)).toMatchObject({ phone_e164: '+12125550100' })
  while (deriveStep(workspace.db));
  expectSound()
})

test('calls of a bulk load are derived at its end, also if the settings come after them', () => {
  workspace.write(() => beginBulkLoad(workspace.db))
  const rows = serverRows('calls', [
    {
      id: workspace.newId(),
      version: 1,
      by: workspace.adminId,
      values: { ...scheduledCall(workspace.agentId, 'Özil'), prospect_phone: '030 5551234' },
    },
    { id: workspace.newId(), version: 2, by: workspace.adminId, values: scheduledCall(workspace.agentId, 'Zoe Bauer') },
  ])
  workspace.take(() => applyRows(workspace.db, rows, 0, 2))
  setCountry('DE')
  workspace.take(() => finishBulkLoad(workspace.db))
  expectSound()
  expect(find('+49305551234')).toEqual(['Özil'])
  expect(find('oezil')).toEqual(['Özil'])
  expect(find('auer')).toEqual(['Zoe Bauer'])
  expect(deriveStep(workspace.db)).toBe(false)
})

/** Returns the path of a file of the release before derived columns, with three calls. */
function olderFile(): string {
  const before = MIGRATIONS.findIndex(({ name: each }) => each === 'call-derivation')
  const old = openMigrated(before)
  const path = join(workspace.folder, 'old.db')
  const { clientId, agentId } = workspace
  old.exec(`PRAGMA application_id = ${workspace.db.sqlite.pragma('application_id', { simple: true }) as number};
    INSERT INTO sync_device (singleton, device_id) VALUES (1, '${workspace.newId()}');
    INSERT INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, replicate, schema_version)
      VALUES (1, '${clientId}', '${agentId}', '', '0000000000000000', 5, 1, 8);
    BEGIN;
    INSERT INTO clients (id, name, is_active, created_at, updated_at) VALUES ('${clientId}', 'Acme', 1, 1, 5);
    INSERT INTO users (id, client_id, email, name, role, is_active, created_at, updated_at)
      VALUES ('${agentId}', '${clientId}', 'a@b.test', 'A', 'agent', 1, 1, 5);
    INSERT INTO client_settings VALUES ('${clientId}', 'default_country', '"DE"');
    INSERT INTO calls (id, client_id, user_id, prospect_name, prospect_phone, call_type, status, created_at, updated_at) VALUES
      ('${workspace.newId()}', '${clientId}', '${agentId}', 'Zoe', '030 5551234', 'inbound', 'scheduled', 1, 5),
      ('${workspace.newId()}', '${clientId}', '${agentId}', 'Öhm', NULL, 'inbound', 'scheduled', 1, 5),
      ('${workspace.newId()}', '${clientId}', '${agentId}', 'Pia Neubauer', NULL, 'inbound', 'scheduled', 1, 5);
    COMMIT; DELETE FROM local_write_context;`)
  old.prepare('VACUUM INTO ?').run(path)
  old.close()
  return path
}

test('calls of a file of an older release are derived when the application opens it', () => {
  const db = openMended(olderFile())
  expectSound(db)
  expect(find('+49305551234', db)).toEqual(['Zoe'])
  expect(find('oehm', db)).toEqual(['Öhm'])
  expect(find('auer', db)).toEqual(['Pia Neubauer'])
  expect(find('', db)).toEqual(['Öhm', 'Pia Neubauer', 'Zoe'])
  db.close()
})

test('calls of an older file can be found, edited and deleted before they are derived, for example because the disk is full', () => {
  const db = openWritable(olderFile())
  expect(find('zoe', db)).toEqual(['Zoe'])
  const { clientId, agentId } = workspace
  const context = {
    clientId,
    userId: agentId,
    now: 9,
    newTxId: workspace.newId(),
    source: 'device',
    ipAddress: null,
    userAgent: null,
  } as const
  writeTransaction(db, context, () =>
    db.sqlite.exec(`UPDATE calls SET notes = 'edited'; DELETE FROM calls WHERE prospect_name = 'Zoe'`),
  )
  expect(find('zoe', db)).toEqual([])
  db.close()
})

test.each([
  ['a call that another program inserted', `UPDATE calls SET name_key = '', phone_e164 = NULL, search_terms = NULL`],
  ['calls that other rules derived', 'UPDATE local_call_derivation SET rule = 0; UPDATE calls SET name_key = prospect_name'],
])('opening the file derives %s again', (_, sql) => {
  setCountry('DE')
  while (deriveStep(workspace.db));
  workspace.addCall({ prospectName: 'Jürgen Müller', prospectPhone: '030 5551234' })
  workspace.write(() => workspace.db.sqlite.exec(sql))
  expect(derivedColumnsSoundness(workspace.db)).toEqual({ sampled: 1, wrong: 1 })
  workspace.db.close()
  workspace.db = openMended(workspace.path)
  expectSound()
  expect(find('mueller')).toEqual(['Jürgen Müller'])
})

test('a repair restores wrong derived columns and the index of parts', () => {
  setCountry('DE')
  workspace.addCall({ prospectName: 'Anna Neubauer', prospectPhone: '030 5551234' })
  workspace.write(() => workspace.db.sqlite.exec(`UPDATE calls SET name_key = 'zzz', phone_e164 = '+1'`))
  mend(workspace.db, { replaces: true, rebuilds: true })
  expectSound()
  workspace.db.sqlite.exec('DROP TABLE calls_parts')
  expect(mend(workspace.db, { replaces: false, rebuilds: false }).rebuilt).toBe(true)
  expectSound()
  expect(find('auer')).toEqual(['Anna Neubauer'])
})
