import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIdGenerator, type ClientId, type UserId } from '../../core/id.ts'
import { bundledWorkers } from '../testing/bundle.ts'
import { Home } from '../workspace/home.ts'
import { codeOf, wonCall } from '../testing/test-application.ts'
import { Workspace } from '../workspace/workspace.ts'
import { Workspaces } from '../workspace/workspaces.ts'
import { processNetwork } from './transport/process-network.ts'
import { DeviceSync } from './device-sync.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
const newId = createIdGenerator(Date.now, (length) => randomBytes(length))
const origin = { ipAddress: null, userAgent: null }
let workspaces: Workspaces
let sync: DeviceSync
let clientId: ClientId
let adminId: UserId
let agentId: UserId

beforeAll(async () => {
  await server.start()
  ;({ clientId, adminId, agentId } = await foundAcme(server.url, admin, agent))
  await admin.application.close()
  const home = new Home(admin.home)
  const entry = bundledWorkers().database
  workspaces = new Workspaces({ home, entry, clock: Date.now, newId, origin, onChange: () => {} })
  sync = new DeviceSync({
    workspaces,
    home,
    clock: Date.now,
    random: (length) => randomBytes(length),
    newId,
    network: processNetwork({
      home: admin.home,
      deviceName: 'test',
      userAgent: 'test',
      runsContinuously: false,
      // Without pokes the device receives nothing until it pulls.
      fetch: (url, init) => (url.endsWith('/events') ? Promise.reject(new TypeError('No stream')) : fetch(url, init)),
    }),
    log: () => {},
    openAt: (id, path) => new Workspace({ clientId: id, path, entry, clock: Date.now, origin, onChange: () => {} }),
    onChange: () => {},
    onDeactivated: () => {},
  })
})

afterAll(async () => {
  await sync.close()
  await workspaces.close()
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

test('an edit refused during a pending decision is not confused with it and stays in the list of refusals [S12]', async () => {
  const { id } = await agent.api.calls.create(wonCall(agentId, 'Deleted Meanwhile'))
  await agent.synced()
  const workspace = workspaces.get(clientId)
  const confirm = await sync.beginDecision({ workspace, userId: adminId })
  await agent.api.calls.delete({ id })
  await agent.synced()
  // Another window of the same person.
  await workspace.run('calls.update', adminId, { id, patch: { notes: 'typed by the admin' } })
  await workspace.run('users.update', adminId, { id: agentId, patch: { name: 'Ben Renamed' } })
  expect(await codeOf(confirm(agentId))).toBe('ok')
  expect(await workspace.run('sync.rejections', adminId, null)).toMatchObject([
    { rowId: id, code: 'DELETED', values: { notes: 'typed by the admin' } },
  ])
})
