import type { CallPage } from '../core/contract/calls.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BulkAction } from '../core/contract/bulk.ts'
import type { Api } from '../core/contract/contract.ts'
import { PROCEDURE_PATHS } from '../core/contract/procedures.ts'
import type { CallId, Id, LossReasonId, UserId } from '../core/id.ts'
import type { Call, NewCall } from '../core/model/call.ts'
import { PERMISSIONS, ROLES, may, reach, type Permission, type Role } from '../core/roles.ts'
import type { HandWrittenPath } from './api/handlers.ts'
import { operationNamed, type DerivedPath, type OperationName, type Operations } from './operations/operations.ts'
import { TEST_PASSWORD, TestApplication, codeOf, wonCall } from './testing/test-application.ts'

/** Owner of the record of a request: the client as a whole, the person who sends it, or a colleague. */
type Target = 'client' | 'own' | 'other'

type Records = {
  readonly userId: UserId
  /** A new call of the target's owner. */
  readonly callId: CallId
  /** The same, but lost. */
  readonly lostCallId: CallId
  readonly ownerId: UserId
  readonly victimId: Id
  readonly reasonId: LossReasonId
}

/**
 * A valid request, with the permission that it needs and the records that it is sent for. Both are written here and not read from the
 * declaration of the operation, so that a wrong declaration fails.
 */
type Probe = {
  readonly permission: Permission
  readonly targets: readonly Target[]
  readonly ask: (api: Api, records: Records) => Promise<unknown>
  /** Refuses a role without any reach of `permission` before it looks at a record. */
  readonly refusesRole?: true
}

/** Probes of a hand-written procedure, with the operation that checks its permission. */
type Guard = { readonly by: OperationName; readonly probes: readonly Probe[] }

/** The result contains only records in the role's reach; tested below. */
const NARROWS = 'returns only records in the reach'

const ON_CLIENT = ['client'] as const
const ON_CALLS = ['own', 'other'] as const

/** Procedures that are one operation with a permission. */
type Guarded = { [P in DerivedPath]: Operations[P]['access'] extends Permission ? P : never }[DerivedPath]

const range = { from: 0, to: 4_000_000_000_000 }
let serial = 0
const unique = () => `${++serial}`

async function oneEvent(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream) return
}

const csv = 'Call Id,Agent,Date,Answered\n1,Xaver,2026-01-01,Y\n'

async function inspectAndRun(api: Api): Promise<void> {
  const { importId, suggestedMap } = await api.imports.inspect({ file: new File([csv], 'calls.csv') })
  await api.imports.reread({ importId, reading: { headerLine: 1 } })
  await api.imports.columns({ importId, map: suggestedMap })
  await oneEvent(api.imports.run({ importId, map: suggestedMap, dryRun: true }))
}

/** Runs an action on one selected call. Throws a refusal of the report like that of a single operation. */
async function bulk(api: Api, id: Id, action: BulkAction): Promise<void> {
  for await (const event of await api.calls.bulk.run({ selection: { ids: [id] }, action })) {
    const [refusal] = event.kind === 'report' ? event.report.refusals : []
    if (refusal !== undefined) throw Object.assign(new Error(refusal.message), { code: refusal.code })
  }
}

const PLANNED = { status: 'scheduled', outcome: null, lossReasonId: null, completedAt: null, scheduledAt: 1 } as const

/** Makes a call of the matrix a scheduled one. */
async function scheduledAgain(id: CallId): Promise<Call> {
  return admin.calls.update({ id, patch: PLANNED })
}

async function saveAndDeleteMap(api: Api): Promise<void> {
  const { name } = await api.imports.saveMap({ name: `Map ${unique()}`, header: ['A'], map: { fields: {} } })
  await api.imports.deleteMap({ name })
}

async function ownView(api: Api): Promise<Id> {
  return (await api.views.create({ name: `View ${unique()}`, filters: {} })).id
}

async function sharedView(): Promise<Id> {
  const id = await ownView(admin)
  await admin.views.share({ id, isShared: true })
  return id
}

/** Undoes an import that does not exist. For people who may undo imports, NOT_FOUND counts as success. */
async function undoOfNone(api: Api): Promise<void> {
  const undo = (async () => {
    for await (const _ of await api.imports.undo({ importId: '00000000-0000-7000-8000-000000000001' }));
  })()
  if ((await codeOf(undo)) !== 'NOT_FOUND') await undo
}

const derived: { readonly [P in Guarded]: readonly Probe[] | typeof NARROWS } = {
  'calls.list': NARROWS,
  'calls.count': NARROWS,
  'calls.bulk.count': NARROWS,
  'prospects.match': NARROWS,
  'agenda.list': NARROWS,
  'agenda.noNextStep': NARROWS,
  // It has no input: the figures are always the person's own.
  'agenda.day': [{ permission: 'calls.read', targets: ['own'], ask: (api) => api.agenda.day() }],
  'prospects.hint': NARROWS,
  'prospects.card': [
    { permission: 'calls.read', targets: ON_CALLS, ask: (api, w) => api.prospects.card({ of: { callId: w.callId } }) },
  ],
  'prospects.calls': [
    { permission: 'calls.read', targets: ON_CALLS, ask: (api, w) => api.prospects.calls({ of: { callId: w.callId } }) },
  ],
  'calls.get': [{ permission: 'calls.read', targets: ON_CALLS, ask: (api, w) => api.calls.get({ id: w.callId }) }],
  'calls.create': [
    { permission: 'calls.create', targets: ['own'], ask: (api, w) => api.calls.create(wonCall(w.userId)) },
    {
      permission: 'calls.reassign',
      targets: ['other'],
      refusesRole: true,
      ask: (api, w) => api.calls.create(wonCall(w.ownerId)),
    },
  ],
  'calls.update': [
    {
      permission: 'calls.edit',
      targets: ON_CALLS,
      ask: (api, w) => api.calls.update({ id: w.callId, patch: { notes: unique() } }),
    },
    {
      permission: 'calls.reassign',
      targets: ON_CALLS,
      ask: (api, w) => api.calls.update({ id: w.callId, patch: { userId: w.victimId } }),
    },
  ],
  'calls.chain': [{ permission: 'calls.read', targets: ON_CALLS, ask: (api, w) => api.calls.chain({ id: w.callId }) }],
  'calls.log': [
    {
      permission: 'calls.create',
      targets: ['own'],
      ask: (api, w) => api.calls.log({ call: wonCall(w.userId), next: { scheduledAt: Date.now() + 86_400_000 } }),
    },
    {
      permission: 'calls.edit',
      targets: ON_CALLS,
      ask: async (api, w) => api.calls.log({ call: wonCall(w.ownerId), settles: (await scheduledAgain(w.callId)).id }),
    },
    {
      permission: 'calls.reassign',
      targets: ['other'],
      refusesRole: true,
      ask: (api, w) => api.calls.log({ call: wonCall(w.ownerId) }),
    },
  ],
  'calls.undoLog': [
    {
      permission: 'calls.edit',
      targets: ON_CALLS,
      ask: async (api, w) => {
        const call = await admin.calls.get({ id: w.callId })
        return api.calls.undoLog({ call, next: null, settled: { ...call, ...PLANNED } })
      },
    },
    {
      permission: 'calls.delete',
      targets: ON_CALLS,
      ask: async (api, w) => api.calls.undoLog({ call: await admin.calls.get({ id: w.callId }), next: null, settled: null }),
    },
    {
      permission: 'calls.reassign',
      targets: ON_CALLS,
      ask: async (api, w) => {
        const call = await admin.calls.get({ id: w.callId })
        return api.calls.undoLog({ call, next: null, settled: { ...call, ...PLANNED, userId: w.victimId } })
      },
    },
  ],
  'calls.redoLog': [
    {
      permission: 'calls.edit',
      targets: ON_CALLS,
      ask: async (api, w) => {
        const call = await admin.calls.get({ id: w.callId })
        return api.calls.redoLog({ call, next: null, settled: await scheduledAgain(w.callId) })
      },
    },
    {
      permission: 'calls.restore',
      targets: ON_CALLS,
      ask: async (api, w) => {
        const call = await admin.calls.get({ id: w.callId })
        await admin.calls.delete({ id: w.callId })
        return api.calls.redoLog({ call, next: null, settled: null })
      },
    },
    {
      permission: 'calls.reassign',
      targets: ON_CALLS,
      ask: async (api, w) => {
        const call = await admin.calls.get({ id: w.callId })
        const settled = await scheduledAgain(w.callId)
        return api.calls.redoLog({ call: { ...call, userId: w.victimId }, next: null, settled })
      },
    },
  ],
  'calls.delete': [{ permission: 'calls.delete', targets: ON_CALLS, ask: (api, w) => api.calls.delete({ id: w.callId }) }],
  'reports.page': [
    { permission: 'reports.read', targets: ON_CALLS, ask: (api, w) => api.reports.page({ range, userIds: [w.ownerId] }) },
  ],
  'reports.hours': [
    { permission: 'reports.read', targets: ON_CALLS, ask: (api, w) => api.reports.hours({ range, userIds: [w.ownerId] }) },
  ],
  'reports.proof.rules': [
    {
      permission: 'reports.read',
      targets: ON_CALLS,
      ask: (api, w) => api.reports.proof.rules({ range, userIds: [w.ownerId], key: 'calls' }),
    },
  ],
  'reports.proof.otherTime': [
    {
      permission: 'reports.read',
      targets: ON_CALLS,
      ask: (api, w) => api.reports.proof.otherTime({ range, userIds: [w.ownerId], key: 'calls' }),
    },
  ],
  'reports.proof.calls': [
    {
      permission: 'reports.read',
      targets: ON_CALLS,
      ask: (api, w) => api.reports.proof.calls({ range, userIds: [w.ownerId], key: 'calls', rule: 'counted' }),
    },
  ],
  'reports.noShows.ageing': [
    {
      permission: 'reports.read',
      targets: ON_CALLS,
      ask: (api, w) => api.reports.noShows.ageing({ range, userIds: [w.ownerId] }),
    },
  ],
  'reports.noShows.calls': [
    {
      permission: 'reports.read',
      targets: ON_CALLS,
      ask: (api, w) => api.reports.noShows.calls({ range, userIds: [w.ownerId], kind: 'answered' }),
    },
  ],
  'reports.summary': [
    { permission: 'reports.read', targets: ON_CALLS, ask: (api, w) => api.reports.summary({ range, userIds: [w.ownerId] }) },
  ],
  'lossReasons.list': [{ permission: 'loss_reasons.read', targets: ON_CLIENT, ask: (api) => api.lossReasons.list() }],
  'lossReasons.byUse': [{ permission: 'loss_reasons.read', targets: ON_CLIENT, ask: (api) => api.lossReasons.byUse() }],
  'lossReasons.create': [
    { permission: 'loss_reasons.edit', targets: ON_CLIENT, ask: (api) => api.lossReasons.create({ name: `Reason ${unique()}` }) },
  ],
  'lossReasons.update': [
    {
      permission: 'loss_reasons.edit',
      targets: ON_CLIENT,
      ask: (api, w) => api.lossReasons.update({ id: w.reasonId, patch: { description: unique() } }),
    },
  ],
  'lossReasons.setActive': [
    {
      permission: 'loss_reasons.edit',
      targets: ON_CLIENT,
      ask: (api, w) => api.lossReasons.setActive({ id: w.reasonId, isActive: true }),
    },
  ],
  'users.names': [{ permission: 'users.names', targets: ON_CLIENT, ask: (api) => api.users.names() }],
  'users.list': [{ permission: 'users.read', targets: ON_CLIENT, ask: (api) => api.users.list() }],
  'users.update': [
    {
      permission: 'users.edit',
      targets: ON_CLIENT,
      ask: (api, w) => api.users.update({ id: w.victimId, patch: { name: `Victim ${unique()}` } }),
    },
    {
      permission: 'users.edit',
      targets: ON_CLIENT,
      ask: (api, w) => api.users.update({ id: w.victimId, patch: { role: 'agent' } }),
    },
  ],
  'users.setActive': [
    { permission: 'users.edit', targets: ON_CLIENT, ask: (api, w) => api.users.setActive({ id: w.victimId, isActive: true }) },
  ],
  'targets.list': NARROWS,
  'targets.set': [
    {
      permission: 'targets.edit',
      targets: ON_CLIENT,
      ask: (api) => api.targets.set({ targets: [{ month: '2026-11', userId: null, metric: 'won', value: ++serial }] }),
    },
  ],
  'views.list': [{ permission: 'views.edit', targets: ['own'], ask: (api) => api.views.list() }],
  'views.create': [{ permission: 'views.edit', targets: ['own'], ask: (api) => ownView(api) }],
  'views.setDefault': [
    { permission: 'views.edit', targets: ['own'], ask: async (api) => api.views.setDefault({ id: await ownView(api) }) },
  ],
  'views.update': [
    {
      permission: 'views.edit',
      targets: ['own'],
      ask: async (api) => api.views.update({ id: await ownView(api), filters: { period: 'today' } }),
    },
    {
      permission: 'views.share',
      targets: ['other'],
      ask: async (api) => api.views.update({ id: await sharedView(), filters: { period: 'today' } }),
    },
  ],
  'views.remove': [
    { permission: 'views.edit', targets: ['own'], ask: async (api) => api.views.remove({ id: await ownView(api) }) },
    { permission: 'views.share', targets: ['other'], ask: async (api) => api.views.remove({ id: await sharedView() }) },
  ],
  'views.share': [
    {
      permission: 'views.share',
      targets: ON_CLIENT,
      ask: async (api) => api.views.share({ id: await ownView(api), isShared: true }),
    },
  ],
  'doNotCall.check': [
    { permission: 'do_not_call.check', targets: ON_CLIENT, ask: (api) => api.doNotCall.check({ phone: '+49 30 5551234' }) },
  ],
  'doNotCall.list': [{ permission: 'do_not_call.read', targets: ON_CLIENT, ask: (api) => api.doNotCall.list({}) }],
  'doNotCall.add': [
    { permission: 'do_not_call.add', targets: ON_CLIENT, ask: (api) => api.doNotCall.add({ email: `p${unique()}@example.com` }) },
  ],
  'doNotCall.lift': [
    {
      permission: 'do_not_call.lift',
      targets: ON_CLIENT,
      ask: async (api) => {
        const [entry] = await admin.doNotCall.add({ email: `p${unique()}@example.com` })
        return api.doNotCall.lift({ id: entry?.id ?? '' })
      },
    },
  ],
  'settings.get': [{ permission: 'settings.read', targets: ON_CLIENT, ask: (api) => api.settings.get() }],
  'settings.update': [{ permission: 'settings.edit', targets: ON_CLIENT, ask: (api) => api.settings.update({ week_start: 1 }) }],
  'workspace.rename': [{ permission: 'settings.edit', targets: ON_CLIENT, ask: (api) => api.workspace.rename({ name: 'Acme' }) }],
  'imports.maps': [{ permission: 'import.run', targets: ON_CLIENT, ask: (api) => api.imports.maps() }],
  'imports.saveMap': [{ permission: 'import.run', targets: ON_CLIENT, ask: (api) => saveAndDeleteMap(api) }],
  'imports.deleteMap': [{ permission: 'import.run', targets: ON_CLIENT, ask: (api) => saveAndDeleteMap(api) }],
  'imports.list': [{ permission: 'import.run', targets: ON_CLIENT, ask: (api) => api.imports.list() }],
}

const READING: Guard = {
  by: 'imports.begin',
  probes: [{ permission: 'import.run', targets: ON_CLIENT, ask: (api) => inspectAndRun(api) }],
}

/** The hand-written procedures, each with its probes or with the reason why it needs no permission of a role. */
const handWritten: { readonly [P in HandWrittenPath]: Guard | string } = {
  'reports.known.page': {
    by: 'known.computePage',
    probes: [
      {
        permission: 'reports.read',
        targets: ON_CALLS,
        ask: (api, w) => api.reports.known.page({ range, userIds: [w.ownerId], knownAt: 1 }),
      },
    ],
  },
  'reports.known.corrections': {
    by: 'known.findCorrections',
    probes: [
      {
        permission: 'reports.read',
        targets: ON_CALLS,
        ask: (api, w) => api.reports.known.corrections({ range, userIds: [w.ownerId], knownAt: 1, key: 'calls' }),
      },
    ],
  },
  'reports.known.progress': 'numbers about the own request',
  'calls.bulk.run': {
    by: 'calls.bulk.apply',
    probes: [
      {
        permission: 'calls.reassign',
        targets: ON_CALLS,
        refusesRole: true,
        ask: (api, w) => bulk(api, w.callId, { kind: 'reassign', userId: w.victimId }),
      },
      {
        permission: 'calls.edit',
        targets: ON_CALLS,
        refusesRole: true,
        ask: (api, w) => bulk(api, w.lostCallId, { kind: 'tag', lossReasonId: w.reasonId }),
      },
      {
        permission: 'calls.delete',
        targets: ON_CALLS,
        refusesRole: true,
        ask: (api, w) => bulk(api, w.callId, { kind: 'delete' }),
      },
    ],
  },
  'calls.history': {
    by: 'calls.historyLocal',
    probes: [{ permission: 'audit.read', targets: ON_CALLS, ask: (api, w) => api.calls.history({ id: w.callId }) }],
  },
  'users.create': {
    by: 'users.insert',
    probes: [
      {
        permission: 'users.edit',
        targets: ON_CLIENT,
        ask: (api) => api.users.create({ email: `u${unique()}@acme.test`, name: 'New', role: 'agent', password: TEST_PASSWORD }),
      },
    ],
  },
  'users.setPassword': {
    by: 'users.storePassword',
    probes: [
      {
        permission: 'users.edit',
        targets: ON_CLIENT,
        ask: (api, w) => api.users.setPassword({ id: w.victimId, password: TEST_PASSWORD }),
      },
    ],
  },
  'imports.inspect': READING,
  'imports.reread': READING,
  'imports.columns': READING,
  'imports.run': READING,
  'imports.undo': {
    by: 'imports.undoable',
    probes: [{ permission: 'import.run', targets: ON_CLIENT, ask: (api) => undoOfNone(api) }],
  },
  'session.get': 'returns who is signed in',
  'session.signIn': 'before there is a role',
  'session.signOut': 'own session',
  'session.lock': 'own session',
  'session.unlock': 'own session',
  'session.touch': 'own session',
  'session.changePassword': 'own password, which the person enters again',
  'workspace.create': 'creates a separate client',
  'workspace.createDemo': 'creates a separate client',
  'workspace.status': 'counts only, for every person who is signed in',
  'calls.bulk.redo': 'as calls.bulk.undo',
  'calls.bulk.undo': 'own actions; checks the permission of each call again, see bulk-calls.integration.test.ts',
  'calls.bulk.cancel': 'own actions',
  'calls.restore': 'a call that is not deleted cannot be restored; tested below',
  'audit.list': `${NARROWS}; tested below`,
  'exports.calls': `${NARROWS}; tested below`,
  'reports.file': {
    by: 'reports.source',
    probes: (['export.run', 'reports.read'] as const).map((permission) => ({
      permission,
      targets: ON_CALLS,
      ask: (api, w) => api.reports.file({ range, userIds: [w.ownerId], format: 'csv' }),
    })),
  },
  'reports.picture': 'writes only an entry about a picture that the window drew; everyone may export the data that they see',
  'sync.status': 'a number, for every person who is signed in',
  'sync.follow': 'the status of the own device',
  'sync.join': 'before anyone is signed in; the server decides',
  'sync.publish': 'checks devices.edit; needs a server, see sync/two-devices.integration.test.ts',
  'sync.now': 'sends changes that were permitted when they were made',
  'sync.moveServer': 'the server at the new address checks the device’s token; see sync/move-server.integration.test.ts',
  'sync.signInAgain': 'the server checks who the person is; see sync/sign-in-again.integration.test.ts',
  'sync.nudge': 'as sync.now, without waiting',
  'reminders.subscribe': 'own scheduled calls without names: tested in reminders.integration.test.ts',
  'events.subscribe': 'names of tables only, own client only',
}

/** Procedures of the matrix that are one operation each, for every active person, with the reason. */
const forMembers: { readonly [P in Exclude<DerivedPath, Guarded>]: string } = {
  'drafts.get': 'own drafts: tested below',
  'drafts.list': 'own drafts: tested below',
  'drafts.put': 'own drafts',
  'drafts.delete': 'own drafts',
  'reminders.settings': 'own settings',
  'reminders.change': 'own settings: tested in reminders.integration.test.ts',
  'preferences.get': 'own preferences: tested in preferences.integration.test.ts',
  'preferences.set': 'own preferences',
  'sync.conflicts': 'of the calls that the reader may read; see sync/two-devices.integration.test.ts',
  'sync.useMine': 'checks the permission of the edit that it makes',
  'sync.keepTheirs': 'changes no record',
  'sync.rejections': 'own operations only',
  'sync.retry': 'checks the permission of the change that it repeats',
  'sync.discard': 'own operations only',
}

type Case = {
  readonly procedure: string
  readonly permission: Permission
  readonly target: Target
  readonly probe: Probe
  readonly access: Permission
}

/** One case for each probe and target. @throws Error if the operation declares another permission or another reach. */
function casesOf(procedure: string, by: OperationName, probes: readonly Probe[]): Case[] {
  const { access, reach: least, also = [] } = operationNamed(by)
  if (access === 'internal' || access === 'member') throw new Error(`${by} declares no permission`)
  if (!probes.some(({ permission }) => permission === access)) throw new Error(`${by} declares ${access}, which no probe needs`)
  return probes.flatMap((probe) => {
    const { permission, targets } = probe
    if (permission !== access && !also.includes(permission)) throw new Error(`${by} does not declare ${permission}`)
    if (targets.includes('client') !== (least !== 'own'))
      throw new Error(`${by} declares another reach than the probe of ${permission}`)
    return targets.map((target) => ({ procedure, permission, target, probe, access }))
  })
}

const cases: readonly Case[] = [
  ...Object.entries(derived).flatMap(([path, probes]) => (probes === NARROWS ? [] : casesOf(path, path as Guarded, probes))),
  ...Object.entries(handWritten).flatMap(([path, guard]) =>
    typeof guard === 'string' ? [] : casesOf(path, guard.by, guard.probes),
  ),
]

const app = new TestApplication()
const apis = {} as Record<Role, { api: Api; id: Id }>
let admin: Api
let other: { api: Api; id: Id }
let victimId: Id
let reasonId: LossReasonId

beforeAll(async () => {
  const made = await app.workspace('admin', 'Acme', 'ada@acme.test')
  admin = made.api
  for (const role of ROLES) apis[role] = await app.member(admin, role, `${role}@acme.test`)
  other = await app.member(admin, 'agent', 'other@acme.test')
  victimId = (await app.member(admin, 'agent', 'victim@acme.test')).id
  reasonId = (await admin.lossReasons.create({ name: 'Matrix' })).id
})
afterAll(() => app.dispose())

/** Creates a call of the person. A viewer can have calls only from an earlier role. */
async function callOf(ownerId: UserId, name?: string, over: Partial<NewCall> = {}): Promise<Call> {
  const isViewer = ownerId === apis.viewer.id
  if (isViewer) await admin.users.update({ id: ownerId, patch: { role: 'agent' } })
  const call = await admin.calls.create({ ...wonCall(ownerId, name), ...over })
  if (isViewer) await admin.users.update({ id: ownerId, patch: { role: 'viewer' } })
  return call
}

/** Returns the number of calls in an export of everything. */
async function exportedCalls(api: Api): Promise<number | undefined> {
  let rows: number | undefined
  for await (const event of await api.exports.calls({ format: 'csv' })) if (event.kind === 'done') ({ rows } = event.file)
  return rows
}

test('every procedure has a probe or a reason for having none', () => {
  const covered = [derived, handWritten, forMembers].flatMap((part) => Object.keys(part))
  expect(covered.toSorted()).toEqual(PROCEDURE_PATHS.toSorted())
})

test('every permission that a procedure’s operation declares is probed', () => {
  const guarded = Object.entries(handWritten).flatMap(([, guard]) => (typeof guard === 'string' ? [] : [guard]))
  const own = Object.entries(derived).flatMap(([path, probes]) => (probes === NARROWS ? [] : [{ by: path as Guarded, probes }]))
  for (const { by, probes } of [...own, ...guarded]) {
    const { access, also = [] } = operationNamed(by)
    const probed = new Set(probes.map(({ permission }) => permission))
    expect([...probed].toSorted(), by).toEqual([access, ...also].toSorted())
  }
})

describe.each(ROLES)('%s', (role) => {
  test.each(cases)('$procedure · $permission · $target', async ({ permission, target, probe, access }) => {
    const { api, id } = apis[role]
    const ownerId = target === 'other' ? other.id : id
    const call = await callOf(ownerId)
    const lost = await callOf(ownerId, 'Lost Call', { outcome: 'lost' })
    const records: Records = { userId: id, callId: call.id, lostCallId: lost.id, ownerId, victimId, reasonId }
    const code = await codeOf(probe.ask(api, records))
    if (may(role, permission, id, target === 'client' ? null : ownerId)) return expect(code).toBe('ok')
    // A call that the person may not read gives the same error as one that does not exist.
    const isRefused = reach(role, probe.refusesRole === true ? permission : access) === 'none'
    const isOfCall = permission.startsWith('calls.') || permission === 'audit.read'
    const isHidden = !isRefused && isOfCall && !may(role, 'calls.read', id, ownerId)
    expect(code).toBe(isHidden ? 'NOT_FOUND' : 'FORBIDDEN')
  })

  test('lists, counts and the audit trail contain only records that the person may read', async () => {
    const { api, id } = apis[role]
    const mine = await callOf(id, `Mine ${role}`)
    const theirs = await admin.calls.create(wonCall(other.id, `Theirs ${role}`))
    const ids: string[] = []
    for (let after: CallPage['next'] = null, isFirst = true; isFirst || after !== null; isFirst = false) {
      const page: CallPage = await api.calls.list({ limit: 500, after })
      ids.push(...page.rows.map((row) => row.id))
      after = page.next
    }
    expect(ids).toContain(mine.id)
    const everyone = PERMISSIONS['calls.read'][role] === 'all'
    expect(ids.includes(theirs.id)).toBe(everyone)
    expect((await api.calls.count({})).total).toBe(ids.length)
    expect((await api.calls.bulk.count({ selection: { list: {} } })).total).toBe(ids.length)
    expect((await api.calls.list({ filter: { userIds: [other.id] } })).rows.length > 0).toBe(everyone)
    expect((await api.calls.list({ filter: { text: 'Theirs' } })).rows.length > 0).toBe(everyone)
    expect((await api.prospects.match({ text: `Theirs ${role}` })).length > 0).toBe(everyone)
    expect(await api.prospects.match({ text: `Mine ${role}` })).not.toEqual([])
    expect(await exportedCalls(api)).toBe(ids.length)
    const audit = await api.audit.list({ limit: 500 })
    expect(audit.rows.some((row) => row.recordId === theirs.id)).toBe(PERMISSIONS['audit.read'][role] === 'all')
    expect(audit.rows.some((row) => row.recordId === mine.id)).toBe(true)
    expect((await api.audit.list({ recordId: theirs.id })).rows.length > 0).toBe(PERMISSIONS['audit.read'][role] === 'all')
  })

  test('the agenda and the prospects without a next step are those that the person may read', async () => {
    const { api, id } = apis[role]
    const everyone = PERMISSIONS['calls.read'][role] === 'all'
    const open = (name: string, phone: string) => ({
      ...wonCall(other.id, name),
      outcome: 'undecided' as const,
      completedAt: Date.UTC(2020, 0, 1),
      prospectPhone: phone,
    })
    const serialPhone = () => `+49 30 55${String(1_000_000 + ++serial).slice(1)}`
    const mine =
      reach(role, 'calls.create') === 'none'
        ? undefined
        : await admin.calls.create({ ...open(`Mine ${role}`, serialPhone()), userId: id })
    const theirs = await admin.calls.create(open(`Theirs ${role}`, serialPhone()))
    const scheduled = await admin.calls.create({
      ...wonCall(other.id),
      ...{ status: 'scheduled', outcome: null, completedAt: null, callDuration: null, scheduledAt: 1, prospectPhone: null },
    })
    const agenda = async (userIds: UserId[]) => (await api.agenda.list({ limit: 500, userIds })).rows.map((row) => row.id)
    expect((await agenda([])).includes(scheduled.id)).toBe(everyone)
    expect((await agenda([other.id])).includes(scheduled.id)).toBe(everyone)
    const listed = (await api.agenda.noNextStep({ limit: 100 })).rows.map((row) => row.id)
    expect(listed.includes(theirs.id)).toBe(everyone)
    if (mine !== undefined) expect(listed).toContain(mine.id)
  })

  test('the number of a call that the person may not read leads to no prospect', async () => {
    const { api } = apis[role]
    const everyone = PERMISSIONS['calls.read'][role] === 'all'
    const phone = `+49 30 55${ROLES.indexOf(role)}1234`
    await admin.calls.create({ ...wonCall(other.id), prospectPhone: phone })
    expect((await api.prospects.hint({ name: 'Someone', phone, email: '' })).other !== null).toBe(everyone)
    expect(await codeOf(api.prospects.card({ of: { phone } }))).toBe(everyone ? 'ok' : 'NOT_FOUND')
  })

  test('a deleted call is restored only by people who may restore it', async () => {
    const { api, id } = apis[role]
    for (const ownerId of [id, other.id]) {
      const call = await callOf(ownerId)
      await admin.calls.delete({ id: call.id })
      const expected = may(role, 'calls.restore', id, ownerId)
        ? 'ok'
        : may(role, 'calls.read', id, ownerId)
          ? 'FORBIDDEN'
          : 'NOT_FOUND'
      expect(await codeOf(api.calls.restore({ id: call.id }))).toBe(expected)
    }
  })

  test('a person can read only their own drafts', async () => {
    const { api } = apis[role]
    await api.drafts.put({ form: 'call', value: { note: role } })
    expect(await other.api.drafts.get({ form: 'call' })).toBeNull()
    expect(await other.api.drafts.list({ prefix: 'call' })).toEqual([])
    expect((await api.drafts.get({ form: 'call' }))?.value).toEqual({ note: role })
  })
})

test.each(ROLES)('a call can be created for or reassigned to the role %s only if that role may have calls', async (role) => {
  const { id } = apis[role]
  const mayHave = reach(role, 'calls.create') !== 'none'
  const call = await admin.calls.create(wonCall(other.id))
  for (const api of [admin, apis.team_lead.api]) {
    const attempts = [api.calls.create(wonCall(id)), api.calls.update({ id: call.id, patch: { userId: id } })]
    for (const attempt of attempts) {
      if (mayHave) await attempt
      else
        await expect(attempt).rejects.toMatchObject({
          code: 'INVALID',
          message: 'This person is a viewer and cannot have calls. Nothing was saved.',
          data: { issues: [{ path: 'userId' }] },
        })
    }
  }
  expect((await admin.calls.get({ id: call.id })).userId).toBe(mayHave ? id : other.id)
})

test('[S14] the history of a reassigned call has nothing from before the handover', async () => {
  const call = await admin.calls.create({ ...wonCall(other.id), notes: 'Notes for the earlier owner' })
  // The new owner may see the values at the handover, but no earlier values.
  await admin.calls.update({ id: call.id, patch: { notes: 'Handed over' } })
  await admin.calls.update({ id: call.id, patch: { userId: apis.agent.id } })
  await admin.calls.update({ id: call.id, patch: { notes: 'Notes for the new owner' } })
  const seen = JSON.stringify(await apis.agent.api.calls.history({ id: call.id }))
  expect(seen).toContain('Notes for the new owner')
  expect(seen).not.toContain('Notes for the earlier owner')
  expect(JSON.stringify(await admin.calls.history({ id: call.id }))).toContain('Notes for the earlier owner')
})

test('two clients on one device are isolated from each other', async () => {
  const bolt = await app.workspace('bolt', 'Bolt', 'bo@bolt.test')
  const acmeCall = await admin.calls.create(wonCall(apis.agent.id, 'Secret of Acme'))
  const refusals = [
    bolt.api.calls.get({ id: acmeCall.id }),
    bolt.api.calls.update({ id: acmeCall.id, patch: { notes: 'x' } }),
    bolt.api.calls.delete({ id: acmeCall.id }),
    bolt.api.calls.restore({ id: acmeCall.id }),
    bolt.api.calls.history({ id: acmeCall.id }),
    bolt.api.users.update({ id: apis.agent.id, patch: { name: 'x' } }),
    bolt.api.users.setPassword({ id: apis.agent.id, password: TEST_PASSWORD }),
    bolt.api.lossReasons.update({ id: reasonId, patch: { name: 'x' } }),
  ]
  expect(new Set(await Promise.all(refusals.map(codeOf)))).toEqual(new Set(['NOT_FOUND']))
  expect(await codeOf(bolt.api.calls.create(wonCall(apis.agent.id)))).toBe('INVALID')
  expect((await bolt.api.calls.list({ filter: { text: 'Secret' } })).rows).toEqual([])
  expect((await bolt.api.audit.list({ recordId: acmeCall.id })).rows).toEqual([])
  expect((await bolt.api.users.names()).map((user) => user.name)).toEqual(['Ada Admin'])
  expect((await bolt.api.reports.summary({ range })).counts.completed).toBe(0)
})
