import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import type { UserId } from '../../core/id.ts'
import { wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let agentId: UserId

beforeAll(async () => {
  await server.start()
  agentId = (await foundAcme(server.url, admin, agent)).agentId
})

afterAll(async () => {
  await admin.dispose()
  await agent.dispose()
  await server.dispose()
})

test('an edit that lost to an edit with an unknown reason delays neither the outbox nor the server’s changes [S12]', async () => {
  const { id } = await agent.api.calls.create(wonCall(agentId, 'Lost To Something New'))
  await agent.synced()
  await admin.synced()
  agent.isOnline = false
  await agent.api.calls.update({ id, patch: { status: 'no_show', outcome: null, completedAt: null } })
  await new Promise((resolve) => setTimeout(resolve, 20))
  const { id: lossReasonId } = await admin.api.lossReasons.create({ name: 'Unheard of' })
  await admin.api.calls.update({ id, patch: { outcome: 'lost', lossReasonId } })
  await admin.synced()
  agent.isOnline = true
  // The answer contains the current call before the device has received the reason that the call refers to.
  await agent.until('the outbox is empty', ({ pending }) => pending === 0, 40_000)
  await agent.synced()
  expect(await agent.api.calls.get({ id })).toMatchObject({ outcome: 'lost', lossReasonId })
  const [conflict] = await agent.api.sync.conflicts()
  expect(must(conflict, 'a conflict').losing).toMatchObject({ status: 'no_show' })
}, 900_000)
