import { afterEach, beforeEach, expect, test } from 'vitest'
import { join } from 'node:path'
import { targetKey } from '../core/model/targets.ts'
import { putClientSetting, putUserSetting } from './commands/settings.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { openMigrated, openWritable } from './open.ts'
import { readDefaultView, readViews } from './queries/saved-views.ts'
import { getSettings } from './queries/settings.ts'
import { listTargets } from './queries/targets.ts'
import { forgetSettingsOfOthers, forgetTargetsOfOthers, giveSettings } from './sync/forget-settings.ts'
import { TestWorkspace } from './testing/test-workspace.ts'

let workspace: TestWorkspace
beforeEach(() => void (workspace = new TestWorkspace()))
afterEach(() => workspace.dispose())

const ID = '01999999-0000-7000-8000-00000000000a'
const OTHER = '01999999-0000-7000-8000-00000000000b'
const october = { from: '2026-10', to: '2026-10' }

function put(key: string, value: unknown, userId = workspace.adminId): void {
  workspace.write(() => putUserSetting(workspace.db, workspace.clientId, userId, key, value))
}

function putTarget(userId: string | null, value: unknown, month = '2026-10'): void {
  const key = targetKey({ month, userId, metric: 'won' })
  workspace.write(() => putClientSetting(workspace.db, workspace.clientId, key, value))
}

test('a file of the previous release opens with its rows and accepts personal settings', () => {
  const before = MIGRATIONS.findIndex(({ name }) => name === 'user-settings')
  const old = openMigrated(before)
  const { clientId, agentId } = workspace
  old.exec(`PRAGMA application_id = ${workspace.db.sqlite.pragma('application_id', { simple: true }) as number};
    INSERT INTO sync_device (singleton, device_id) VALUES (1, '${workspace.newId()}');
    INSERT INTO local_write_context (singleton, client_id, user_id, tx_id, hlc, now, sync, schema_version)
      VALUES (1, '${clientId}', '${agentId}', '', '0000000000000000', 5, 1, ${before});
    BEGIN;
    INSERT INTO clients (id, name, is_active, created_at, updated_at) VALUES ('${clientId}', 'Acme', 1, 1, 5);
    INSERT INTO users (id, client_id, email, name, role, is_active, created_at, updated_at)
      VALUES ('${agentId}', '${clientId}', 'a@b.test', 'A', 'agent', 1, 1, 5);
    COMMIT;`)
  const path = join(workspace.folder, 'old.db')
  old.prepare('VACUUM INTO ?').run(path)
  old.close()
  const db = openWritable(path)
  db.sqlite.exec(`INSERT INTO user_settings VALUES ('${clientId}', '${agentId}:theme', '${agentId}', 'theme', '1')`)
  expect(db.sqlite.prepare('SELECT table_name FROM sync_outbox ORDER BY device_seq').pluck().all()).toEqual([
    'clients',
    'users',
    'user_settings',
  ])
  db.close()
})

test('values that this release cannot read are kept and counted, and unknown settings are ignored', () => {
  put(`view:${ID}`, { name: 'Mine', filters: { period: 'today' }, colour: 'red' })
  put(`view:${OTHER}`, { filters: {} })
  put('colours', { of: 'a newer release' })
  put('report.default_view', 7)
  workspace.write(() => putClientSetting(workspace.db, workspace.clientId, 'target:2026-10:team:moon', 1))
  for (const inherited of ['toString', 'constructor', '__proto__'])
    workspace.write(() => putClientSetting(workspace.db, workspace.clientId, inherited, 1))
  putTarget(null, 'many')
  putTarget(workspace.agentId, 4)
  const { db, clientId, adminId } = workspace
  const { views, unreadable } = readViews(db, clientId, adminId)
  expect(views).toEqual([{ id: ID, isShared: false, stored: { name: 'Mine', filters: { period: 'today' }, colour: 'red' } }])
  expect(unreadable).toBe(1)
  expect(readDefaultView(db, clientId, adminId)).toBeNull()
  expect(listTargets(db, clientId, october)).toEqual([{ month: '2026-10', userId: workspace.agentId, metric: 'won', value: 4 }])
  expect(getSettings(db, clientId).time_zone).toBe('Europe/Berlin')
})

test('targets are listed for the requested months', () => {
  for (const month of ['2026-08', '2026-09', '2026-10', '2026-11']) putTarget(null, 1, month)
  const { db, clientId } = workspace
  const months = (from: string, to: string) => listTargets(db, clientId, { from, to }).map(({ month }) => month)
  expect(months('2026-09', '2026-10')).toEqual(['2026-09', '2026-10'])
  expect(months('2026-12', '2026-12')).toEqual([])
})

test('[S15] targets of others are removed; those of the team and the person’s own are kept', () => {
  putTarget(null, 1)
  putTarget(workspace.agentId, 2)
  putTarget(workspace.adminId, 3)
  const { db, clientId, agentId } = workspace
  db.sqlite.exec(`UPDATE sync_outbox SET state = 'accepted'`)
  workspace.take(() => forgetTargetsOfOthers(db, agentId))
  expect(listTargets(db, clientId, october).map(({ value }) => value)).toEqual([2, 1])
  expect(getSettings(db, clientId).time_zone).toBe('Europe/Berlin')
})

test('the settings of others are removed with their lines of the trail, and only the server’s data may remove them', () => {
  put('theme', 'planted-mine')
  put('theme', 'planted-theirs', workspace.agentId)
  const { db, adminId } = workspace
  const remove = () => forgetSettingsOfOthers(db, adminId)
  expect(() => workspace.write(remove)).toThrow('refused')
  expect(workspace.take(remove)).toBe(true)
  const lines = db.sqlite.prepare(`SELECT new_values FROM audit_logs WHERE table_name = 'user_settings'`).pluck().all().join()
  expect([lines.includes('planted-mine'), lines.includes('planted-theirs')]).toEqual([true, false])
  expect(workspace.take(remove)).toBe(false)
})

test('[S11] settings and targets of an aliased person are those of the surviving one, who keeps their own', () => {
  put('theme', 'own')
  put('theme', 'aliased', workspace.agentId)
  put('font', 'aliased', workspace.agentId)
  putTarget(workspace.agentId, 7)
  const { db, clientId, adminId, agentId } = workspace
  workspace.take(() => giveSettings(db, agentId, adminId))
  const rows = db.sqlite.prepare('SELECT id, user_id, value FROM user_settings ORDER BY id').raw().all()
  expect(rows).toEqual([
    [`${adminId}:font`, adminId, '"aliased"'],
    [`${adminId}:theme`, adminId, '"own"'],
  ])
  expect(listTargets(db, clientId, october)).toEqual([{ month: '2026-10', userId: adminId, metric: 'won', value: 7 }])
})
