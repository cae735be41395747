import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BulkAction } from '../core/contract/bulk.ts'
import type { Api } from '../core/contract/contract.ts'
import { contract } from '../core/contract/contract.ts'
import type { Id } from '../core/id.ts'
import type { Call, NewCall } from '../core/model/call.ts'
import { PERMISSIONS, ROLES, may, reach, type Permission, type Role } from '../core/roles.ts'
import { TEST_PASSWORD, TestApplication, codeOf, wonCall } from './testing/test-application.ts'

/** Owner of the record of a request: the client as a whole, the person who sends it, or a colleague. */
type Target = 'client' | 'own' | 'other'

type Records = {
  readonly userId: Id
  /** A new call of the owner. */
  readonly callId: Id
  /** A new lost call of the owner. */
  readonly lostCallId: Id
  readonly ownerId: Id
  readonly victimId: Id
  readonly reasonId: Id
}

type Case = {
  readonly procedure: string
  readonly permission: Permission
  readonly targets: readonly Target[]
  readonly ask: (api: Api, records: Records) => Promise<unknown>
  /** A role without the permission is refused before the call is read. */
  readonly refusesRole?: true
}

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

async function saveAndDeleteMap(api: Api): Promise<void> {
  const { name } = await api.imports.saveMap({ name: `Map ${unique()}`, header: ['A'], map: { fields: {} } })
  await api.imports.deleteMap({ name })
}

/** Undoes an import that does not exist. For people who may undo imports, NOT_FOUND counts as success. */
async function undoOfNone(api: Api): Promise<void> {
  const undo = (async () => {
    for await (const _ of await api.imports.undo({ importId: '00000000-0000-7000-8000-000000000001' }));
  })()
  if ((await codeOf(undo)) !== 'NOT_FOUND') await undo
}

const cases: readonly Case[] = [
  {
    procedure: 'calls.bulk.run',
    permission: 'calls.reassign',
    targets: ['own', 'other'],
    refusesRole: true,
    ask: (api, w) => bulk(api, w.callId, { kind: 'reassign', userId: w.victimId }),
  },
  {
    procedure: 'calls.bulk.run',
    permission: 'calls.edit',
    targets: ['own', 'other'],
    refusesRole: true,
    ask: (api, w) => bulk(api, w.lostCallId, { kind: 'tag', lossReasonId: w.reasonId }),
  },
  {
    procedure: 'calls.bulk.run',
    permission: 'calls.delete',
    targets: ['own', 'other'],
    refusesRole: true,
    ask: (api, w) => bulk(api, w.callId, { kind: 'delete' }),
  },
  {
    procedure: 'calls.get',
    permission: 'calls.read',
    targets: ['own', 'other'],
    ask: (api, w) => api.calls.get({ id: w.callId }),
  },
  {
    procedure: 'calls.create',
    permission: 'calls.create',
    targets: ['own'],
    ask: (api, w) => api.calls.create(wonCall(w.userId)),
  },
  {
    procedure: 'calls.update',
    permission: 'calls.edit',
    targets: ['own', 'other'],
    ask: (api, w) => api.calls.update({ id: w.callId, patch: { notes: unique() } }),
  },
  {
    procedure: 'calls.update',
    permission: 'calls.reassign',
    targets: ['own', 'other'],
    ask: (api, w) => api.calls.update({ id: w.callId, patch: { userId: w.victimId } }),
  },
  {
    procedure: 'calls.delete',
    permission: 'calls.delete',
    targets: ['own', 'other'],
    ask: (api, w) => api.calls.delete({ id: w.callId }),
  },
  {
    procedure: 'calls.history',
    permission: 'audit.read',
    targets: ['own', 'other'],
    ask: (api, w) => api.calls.history({ id: w.callId }),
  },
  {
    procedure: 'reports.summary',
    permission: 'reports.read',
    targets: ['own', 'other'],
    ask: (api, w) => api.reports.summary({ range, userIds: [w.ownerId] }),
  },
  { procedure: 'lossReasons.list', permission: 'loss_reasons.read', targets: ['client'], ask: (api) => api.lossReasons.list() },
  {
    procedure: 'lossReasons.create',
    permission: 'loss_reasons.edit',
    targets: ['client'],
    ask: (api) => api.lossReasons.create({ name: `Reason ${unique()}` }),
  },
  {
    procedure: 'lossReasons.update',
    permission: 'loss_reasons.edit',
    targets: ['client'],
    ask: (api, w) => api.lossReasons.update({ id: w.reasonId, patch: { description: unique() } }),
  },
  {
    procedure: 'lossReasons.setActive',
    permission: 'loss_reasons.edit',
    targets: ['client'],
    ask: (api, w) => api.lossReasons.setActive({ id: w.reasonId, isActive: true }),
  },
  { procedure: 'users.names', permission: 'users.names', targets: ['client'], ask: (api) => api.users.names() },
  { procedure: 'users.list', permission: 'users.read', targets: ['client'], ask: (api) => api.users.list() },
  {
    procedure: 'users.create',
    permission: 'users.edit',
    targets: ['client'],
    ask: (api) => api.users.create({ email: `u${unique()}@acme.test`, name: 'New', role: 'agent', password: TEST_PASSWORD }),
  },
  {
    procedure: 'users.update',
    permission: 'users.edit',
    targets: ['client'],
    ask: (api, w) => api.users.update({ id: w.victimId, patch: { name: `Victim ${unique()}` } }),
  },
  {
    procedure: 'users.setActive',
    permission: 'users.edit',
    targets: ['client'],
    ask: (api, w) => api.users.setActive({ id: w.victimId, isActive: true }),
  },
  {
    procedure: 'users.setPassword',
    permission: 'users.edit',
    targets: ['client'],
    ask: (api, w) => api.users.setPassword({ id: w.victimId, password: TEST_PASSWORD }),
  },
  { procedure: 'settings.get', permission: 'settings.read', targets: ['client'], ask: (api) => api.settings.get() },
  {
    procedure: 'settings.update',
    permission: 'settings.edit',
    targets: ['client'],
    ask: (api) => api.settings.update({ week_start: 1 }),
  },
  {
    procedure: 'workspace.rename',
    permission: 'settings.edit',
    targets: ['client'],
    ask: (api) => api.workspace.rename({ name: 'Acme' }),
  },
  { procedure: 'imports.inspect', permission: 'import.run', targets: ['client'], ask: (api) => inspectAndRun(api) },
  { procedure: 'imports.reread', permission: 'import.run', targets: ['client'], ask: (api) => inspectAndRun(api) },
  { procedure: 'imports.columns', permission: 'import.run', targets: ['client'], ask: (api) => inspectAndRun(api) },
  { procedure: 'imports.run', permission: 'import.run', targets: ['client'], ask: (api) => inspectAndRun(api) },
  { procedure: 'imports.maps', permission: 'import.run', targets: ['client'], ask: (api) => api.imports.maps() },
  { procedure: 'imports.saveMap', permission: 'import.run', targets: ['client'], ask: (api) => saveAndDeleteMap(api) },
  { procedure: 'imports.deleteMap', permission: 'import.run', targets: ['client'], ask: (api) => saveAndDeleteMap(api) },
  { procedure: 'imports.list', permission: 'import.run', targets: ['client'], ask: (api) => api.imports.list() },
  { procedure: 'imports.undo', permission: 'import.run', targets: ['client'], ask: (api) => undoOfNone(api) },
]

/** Procedures that need no permission of a role, each with the reason. All others must be in the matrix. */
const withoutPermission: Readonly<Record<string, string>> = {
  'session.get': 'returns who is signed in',
  'session.signIn': 'before there is a role',
  'session.signOut': 'own session',
  'session.lock': 'own session',
  'session.unlock': 'own session',
  'session.touch': 'own session',
  'session.changePassword': 'own password, which is entered again',
  'workspace.create': 'a new client',
  'workspace.createDemo': 'a new client',
  'workspace.status': 'only counts, for anyone who is signed in',
  'calls.list': 'returns only calls within the reach of calls.read; tested below',
  'calls.count': 'counts only calls within the reach of calls.read; tested below',
  'calls.bulk.count': 'counts only calls within the reach of calls.read; tested below',
  'calls.bulk.undo': 'own actions; checks the permission for each call again, see bulk-calls.integration.test.ts',
  'calls.bulk.cancel': 'own actions',
  'calls.restore': 'a call that is not deleted cannot be restored; tested below',
  'audit.list': 'returns only lines within the reach of audit.read; tested below',
  'drafts.get': 'own drafts; tested below',
  'drafts.put': 'own drafts',
  'drafts.delete': 'own drafts',
  'sync.status': 'a number, for anyone who is signed in',
  'sync.follow': 'the status of this device, repeatedly',
  'sync.join': 'runs before anyone is signed in; the server decides',
  'sync.publish': 'checks devices.edit; needs a server, see sync/two-devices.integration.test.ts',
  'sync.now': 'sends changes whose permission was checked when they were made',
  'sync.moveServer': 'the server at the new address checks the device’s token; see sync/move-server.integration.test.ts',
  'sync.signInAgain': 'the server checks the credentials; see sync/sign-in-again.integration.test.ts',
  'sync.nudge': 'as sync.now, without waiting',
  'sync.conflicts': 'only of calls that the person may read; see sync/two-devices.integration.test.ts',
  'sync.useMine': 'checks the permission of the edit that it makes',
  'sync.keepTheirs': 'changes no record',
  'sync.rejections': 'only own rejections',
  'sync.retry': 'checks the permission of the repeated operation',
  'sync.discard': 'only own rejections',
  'events.subscribe': 'only names of tables, only of the own client',
}

function procedureNames(node: object, path: readonly string[] = []): string[] {
  if ('~orpc' in node) return [path.join('.')]
  return Object.entries(node).flatMap(([key, value]) => procedureNames(value as object, [...path, key]))
}

const app = new TestApplication()
const apis = {} as Record<Role, { api: Api; id: Id }>
let admin: Api
let other: { api: Api; id: Id }
let victimId: Id
let reasonId: Id

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
async function callOf(ownerId: Id, name?: string, over: Partial<NewCall> = {}): Promise<Call> {
  const isViewer = ownerId === apis.viewer.id
  if (isViewer) await admin.users.update({ id: ownerId, patch: { role: 'agent' } })
  const call = await admin.calls.create({ ...wonCall(ownerId, name), ...over })
  if (isViewer) await admin.users.update({ id: ownerId, patch: { role: 'viewer' } })
  return call
}

test('every procedure is in the matrix or has a reason for needing no permission', () => {
  const covered = new Set([...cases.map((c) => c.procedure), ...Object.keys(withoutPermission)])
  expect(procedureNames(contract).filter((name) => !covered.has(name))).toEqual([])
  expect([...covered].filter((name) => !procedureNames(contract).includes(name))).toEqual([])
})

describe.each(ROLES)('%s', (role) => {
  const asked = cases.flatMap((c) => c.targets.map((target) => ({ ...c, target })))
  test.each(asked)('$procedure · $permission · $target', async ({ permission, target, ask, refusesRole }) => {
    const { api, id } = apis[role]
    const ownerId = target === 'other' ? other.id : id
    const call = await callOf(ownerId)
    const lost = await callOf(ownerId, 'Lost Call', { outcome: 'lost' })
    const records: Records = { userId: id, callId: call.id, lostCallId: lost.id, ownerId, victimId, reasonId }
    const allowed = may(role, permission, id, target === 'client' ? null : ownerId)
    const code = await codeOf(ask(api, records))
    if (allowed) return expect(code).toBe('ok')
    // For a person who may not read a call, the call does not exist.
    const isRefused = refusesRole === true && reach(role, permission) === 'none'
    const hidden =
      !isRefused && (permission.startsWith('calls.') || permission === 'audit.read') && !may(role, 'calls.read', id, ownerId)
    expect(code).toBe(hidden ? 'NOT_FOUND' : 'FORBIDDEN')
  })

  test('lists, counts and the audit trail contain only records that the person may read', async () => {
    const { api, id } = apis[role]
    const mine = await callOf(id, `Mine ${role}`)
    const theirs = await admin.calls.create(wonCall(other.id, `Theirs ${role}`))
    const page = await api.calls.list({ limit: 500 })
    const ids = page.rows.map((row) => row.id)
    expect(ids).toContain(mine.id)
    const everyone = PERMISSIONS['calls.read'][role] === 'all'
    expect(ids.includes(theirs.id)).toBe(everyone)
    expect((await api.calls.count({})).total).toBe(ids.length)
    expect((await api.calls.bulk.count({ selection: { list: {} } })).total).toBe(ids.length)
    expect((await api.calls.list({ filter: { userIds: [other.id] } })).rows.length > 0).toBe(everyone)
    expect((await api.calls.list({ filter: { text: 'Theirs' } })).rows.length > 0).toBe(everyone)
    const audit = await api.audit.list({ limit: 500 })
    expect(audit.rows.some((row) => row.recordId === theirs.id)).toBe(PERMISSIONS['audit.read'][role] === 'all')
    expect(audit.rows.some((row) => row.recordId === mine.id)).toBe(true)
    expect((await api.audit.list({ recordId: theirs.id })).rows.length > 0).toBe(PERMISSIONS['audit.read'][role] === 'all')
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
  const call = await admin.calls.create({ ...wonCall(other.id), notes: 'Said to the one before' })
  // The new owner may see the values at the handover, but no earlier values.
  await admin.calls.update({ id: call.id, patch: { notes: 'Handed over' } })
  await admin.calls.update({ id: call.id, patch: { userId: apis.agent.id } })
  await admin.calls.update({ id: call.id, patch: { notes: 'Said to the one now' } })
  const seen = JSON.stringify(await apis.agent.api.calls.history({ id: call.id }))
  expect(seen).toContain('Said to the one now')
  expect(seen).not.toContain('Said to the one before')
  expect(JSON.stringify(await admin.calls.history({ id: call.id }))).toContain('Said to the one before')
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
