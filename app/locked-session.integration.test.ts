import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import type { LoggedCall } from '../core/contract/calls.ts'
import type { ProcedurePath } from '../core/contract/procedures.ts'
import { DEMO_CLIENT, DEMO_PASSWORD } from '../core/demo-account.ts'
import { TEST_PASSWORD, TestApplication, codeOf, wonCall } from './testing/test-application.ts'

const MINUTE = 60_000
const ID = '0198c0de-0000-7000-8000-000000000001'
const another = {
  clientName: 'Another',
  timeZone: 'UTC',
  adminName: 'Eve',
  adminEmail: 'eve@another.test',
  adminPassword: TEST_PASSWORD,
}

async function firstEvent(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream) return
}

const row = { id: ID, clientId: ID, followsCallId: null, eventAt: 1, createdAt: 1, updatedAt: 1 }
const logged: LoggedCall = { call: { ...wonCall(ID), ...row }, next: null, settled: null }

/** One request per procedure, sent while the session is locked. Null: the lock screen needs the procedure. */
const requests: Readonly<Record<ProcedurePath, ((api: Api) => Promise<unknown>) | null>> = {
  'session.get': null,
  'session.unlock': null,
  'session.signOut': null,
  'session.lock': null,
  'session.touch': null,
  // It reports that the session is locked, and no changes of data.
  'events.subscribe': null,
  // A locked session gets reminders too, without names.
  'reminders.subscribe': null,
  'session.signIn': (api) => api.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD }),
  'session.changePassword': (api) => api.session.changePassword({ current: TEST_PASSWORD, next: 'another secret' }),
  'workspace.create': (api) => api.workspace.create(another),
  'workspace.createDemo': (api) => firstEvent(api.workspace.createDemo()),
  'workspace.status': (api) => api.workspace.status(),
  'workspace.rename': (api) => api.workspace.rename({ name: 'Renamed' }),
  'users.names': (api) => api.users.names(),
  'users.list': (api) => api.users.list(),
  'users.create': (api) => api.users.create({ email: 'eve@acme.test', name: 'Eve', role: 'admin', password: TEST_PASSWORD }),
  'users.update': (api) => api.users.update({ id: ID, patch: { name: 'Eve' } }),
  'users.setActive': (api) => api.users.setActive({ id: ID, isActive: true }),
  'users.setPassword': (api) => api.users.setPassword({ id: ID, password: TEST_PASSWORD }),
  'lossReasons.list': (api) => api.lossReasons.list(),
  'lossReasons.byUse': (api) => api.lossReasons.byUse(),
  'lossReasons.create': (api) => api.lossReasons.create({ name: 'New' }),
  'lossReasons.update': (api) => api.lossReasons.update({ id: ID, patch: { name: 'New' } }),
  'lossReasons.setActive': (api) => api.lossReasons.setActive({ id: ID, isActive: true }),
  'agenda.list': (api) => api.agenda.list({}),
  'agenda.day': (api) => api.agenda.day(),
  'agenda.noNextStep': (api) => api.agenda.noNextStep({}),
  'calls.list': (api) => api.calls.list({}),
  'calls.count': (api) => api.calls.count({}),
  'calls.get': (api) => api.calls.get({ id: ID }),
  'calls.chain': (api) => api.calls.chain({ id: ID }),
  'calls.create': (api) => api.calls.create(wonCall(ID)),
  'calls.log': (api) => api.calls.log({ call: wonCall(ID) }),
  'calls.undoLog': (api) => api.calls.undoLog(logged),
  'calls.redoLog': (api) => api.calls.redoLog(logged),
  'calls.update': (api) => api.calls.update({ id: ID, patch: { notes: 'x' } }),
  'calls.delete': (api) => api.calls.delete({ id: ID }),
  'calls.restore': (api) => api.calls.restore({ id: ID }),
  'calls.history': (api) => api.calls.history({ id: ID }),
  'calls.bulk.count': (api) => api.calls.bulk.count({ selection: { ids: [ID] } }),
  'calls.bulk.run': (api) => firstEvent(api.calls.bulk.run({ selection: { ids: [ID] }, action: { kind: 'delete' } })),
  'calls.bulk.undo': (api) => firstEvent(api.calls.bulk.undo({ batchId: ID })),
  'calls.bulk.redo': (api) => firstEvent(api.calls.bulk.redo({ batchId: ID })),
  'calls.bulk.cancel': (api) => api.calls.bulk.cancel({ batchId: ID }),
  'reminders.settings': (api) => api.reminders.settings(),
  'reminders.change': (api) => api.reminders.change({ leadMinutes: 10 }),
  'doNotCall.check': (api) => api.doNotCall.check({ phone: '+49 30 1' }),
  'doNotCall.list': (api) => api.doNotCall.list({}),
  'doNotCall.add': (api) => api.doNotCall.add({ phone: '+49 30 5551234' }),
  'doNotCall.lift': (api) => api.doNotCall.lift({ id: ID }),
  'settings.get': (api) => api.settings.get(),
  'settings.update': (api) => api.settings.update({ week_start: 1 }),
  'prospects.match': (api) => api.prospects.match({ text: 'jo' }),
  'prospects.card': (api) => api.prospects.card({ of: { phone: '+49 30 5551234' } }),
  'prospects.calls': (api) => api.prospects.calls({ of: { phone: '+49 30 5551234' } }),
  'prospects.hint': (api) => api.prospects.hint({ name: 'Jo', phone: '', email: '' }),
  'targets.list': (api) => api.targets.list({ from: '2026-11', to: '2026-11' }),
  'targets.set': (api) => api.targets.set({ targets: [{ month: '2026-11', userId: null, metric: 'won', value: 1 }] }),
  'views.list': (api) => api.views.list(),
  'views.create': (api) => api.views.create({ name: 'Mine', filters: {} }),
  'views.update': (api) => api.views.update({ id: ID, name: 'Mine' }),
  'views.share': (api) => api.views.share({ id: ID, isShared: true }),
  'views.remove': (api) => api.views.remove({ id: ID }),
  'views.setDefault': (api) => api.views.setDefault({ id: null }),
  'exports.calls': (api) => firstEvent(api.exports.calls({ format: 'csv' })),
  'reports.page': (api) => api.reports.page({ range: { from: 0, to: 1 } }),
  'reports.hours': (api) => api.reports.hours({ range: { from: 0, to: 1 } }),
  'reports.known.page': (api) => api.reports.known.page({ range: { from: 0, to: 1 }, knownAt: 1 }),
  'reports.known.corrections': (api) => api.reports.known.corrections({ range: { from: 0, to: 1 }, knownAt: 1, key: 'calls' }),
  'reports.known.progress': (api) => api.reports.known.progress(),
  'reports.proof.rules': (api) => api.reports.proof.rules({ range: { from: 0, to: 1 }, key: 'calls' }),
  'reports.proof.otherTime': (api) => api.reports.proof.otherTime({ range: { from: 0, to: 1 }, key: 'calls' }),
  'reports.proof.calls': (api) => api.reports.proof.calls({ range: { from: 0, to: 1 }, key: 'calls', rule: 'counted' }),
  'reports.noShows.ageing': (api) => api.reports.noShows.ageing({ range: { from: 0, to: 1 } }),
  'reports.noShows.calls': (api) => api.reports.noShows.calls({ range: { from: 0, to: 1 }, kind: 'answered' }),
  'reports.summary': (api) => api.reports.summary({ range: { from: 0, to: 1 } }),
  'reports.file': (api) => api.reports.file({ range: { from: 0, to: 1 }, format: 'pdf' }),
  'reports.picture': (api) =>
    api.reports.picture({ range: { from: 0, to: 1 }, chart: 'trend', format: 'png', fileName: 'trend.png', rows: 1 }),
  'imports.inspect': (api) => api.imports.inspect({ file: new File(['a\n1\n'], 'a.csv') }),
  'imports.reread': (api) => api.imports.reread({ importId: ID, reading: {} }),
  'imports.columns': (api) => api.imports.columns({ importId: ID, map: { fields: {} } }),
  'imports.maps': (api) => api.imports.maps(),
  'imports.saveMap': (api) => api.imports.saveMap({ name: 'Weekly', header: ['A'], map: { fields: {} } }),
  'imports.deleteMap': (api) => api.imports.deleteMap({ name: 'Weekly' }),
  'imports.list': (api) => api.imports.list(),
  'imports.undo': (api) => firstEvent(api.imports.undo({ importId: ID })),
  'imports.run': (api) => firstEvent(api.imports.run({ importId: ID, map: { fields: {} } })),
  'audit.list': (api) => api.audit.list({}),
  'drafts.list': (api) => api.drafts.list({ prefix: 'call' }),
  'preferences.get': (api) => api.preferences.get(),
  'preferences.set': (api) => api.preferences.set({ keys: { 'call.new': ['n'] } }),
  'drafts.get': (api) => api.drafts.get({ form: 'call' }),
  'drafts.put': (api) => api.drafts.put({ form: 'call', value: 1 }),
  'drafts.delete': (api) => api.drafts.delete({ form: 'call' }),
  'sync.status': (api) => api.sync.status(),
  'sync.follow': (api) => firstEvent(api.sync.follow()),
  'sync.join': (api) => firstEvent(api.sync.join({ serverUrl: 'http://127.0.0.1:9', email: 'eve@acme.test', password: 'x' })),
  'sync.publish': (api) => firstEvent(api.sync.publish({ serverUrl: 'http://127.0.0.1:9', key: 'x' })),
  'sync.now': (api) => api.sync.now(),
  'sync.signInAgain': (api) => api.sync.signInAgain({ email: 'ada@acme.test', password: 'x' }),
  'sync.moveServer': (api) => api.sync.moveServer({ serverUrl: 'http://127.0.0.1:9' }),
  'sync.nudge': (api) => api.sync.nudge(),
  'sync.conflicts': (api) => api.sync.conflicts(),
  'sync.useMine': (api) => api.sync.useMine({ id: 'x' }),
  'sync.keepTheirs': (api) => api.sync.keepTheirs({ id: 'x' }),
  'sync.rejections': (api) => api.sync.rejections(),
  'sync.retry': (api) => api.sync.retry({ opId: ID }),
  'sync.discard': (api) => api.sync.discard({ opId: ID }),
}

let app: TestApplication
let api: Api
beforeEach(async () => {
  app = new TestApplication()
  const made = await app.workspace('window', 'Acme', 'ada@acme.test')
  api = made.api
  await api.users.create({ email: 'ben@acme.test', name: 'Ben', role: 'agent', password: TEST_PASSWORD })
})
afterEach(() => app.dispose())

const adasSession = { state: 'locked', user: { name: 'Ada Admin' }, client: { name: 'Acme' } }

test('while a session is locked, every request except those of the lock screen is refused and nothing changes', async () => {
  await api.session.lock()
  for (const [procedure, send] of Object.entries(requests)) {
    if (send === null) continue
    expect(await codeOf(send(api)), procedure).toBe('SESSION_LOCKED')
    expect(await api.session.get(), procedure).toMatchObject(adasSession)
  }
  const door = app.connect('door')
  const created = door.session.signIn({ email: another.adminEmail, password: TEST_PASSWORD })
  expect(await codeOf(created), 'no workspace was created').toBe('WRONG_CREDENTIALS')
  await api.session.unlock({ password: TEST_PASSWORD })
  expect(await api.session.get()).toMatchObject({ state: 'signed_in', user: { name: 'Ada Admin' } })
})

test('a session is locked when its idle time is over, before the next sweep', async () => {
  app.offset += 16 * MINUTE
  expect(await codeOf(api.workspace.create(another))).toBe('SESSION_LOCKED')
  expect(await api.session.get()).toMatchObject(adasSession)
})

test('a session that is locked during the creation of a workspace stays locked, and the workspace exists', async () => {
  const stream = await api.workspace.createDemo()
  await stream.next()
  await api.session.lock()
  const rest = async () => {
    for await (const _ of stream);
  }
  expect(await codeOf(rest())).toBe('SESSION_LOCKED')
  expect(await api.session.get()).toMatchObject(adasSession)
  await api.session.signOut()
  expect(await api.session.signIn({ email: DEMO_CLIENT.adminEmail, password: DEMO_PASSWORD })).toMatchObject({
    client: { name: DEMO_CLIENT.clientName },
  })
})

test('a sign-out at the lock screen needs no password and is recorded with the reason lock_screen', async () => {
  await api.session.lock()
  await api.session.signOut()
  expect(await api.session.get()).toEqual({ state: 'signed_out' })
  await api.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })
  const { rows } = await api.audit.list({ actions: ['LOGOUT'] })
  expect(rows.map(({ newValues }) => newValues)).toEqual([{ reason: 'lock_screen' }])
})

test('an unlock that finishes after a sign-out does not restore the session', async () => {
  await api.session.lock()
  const unlocking = codeOf(api.session.unlock({ password: TEST_PASSWORD }))
  await api.session.signOut()
  expect(await unlocking).toBe('UNAUTHENTICATED')
  expect(await api.session.get()).toEqual({ state: 'signed_out' })
})

test('a sign-in in a window with another person’s session ends that session; both are recorded', async () => {
  await api.session.signIn({ email: 'ben@acme.test', password: TEST_PASSWORD })
  expect(await api.session.get()).toMatchObject({ state: 'signed_in', user: { name: 'Ben' } })
  await api.session.signIn({ email: 'ada@acme.test', password: TEST_PASSWORD })
  const { rows } = await api.audit.list({ actions: ['LOGIN', 'LOGOUT'] })
  expect(rows.map(({ action }) => action).toReversed()).toEqual(['LOGIN', 'LOGOUT', 'LOGIN', 'LOGOUT', 'LOGIN'])
})
