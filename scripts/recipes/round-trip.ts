/** The test that the copy of the tree runs: a call with the new field from one device to another, and in the audit trail and the CLI's options. */
export const ROUND_TRIP = `
import type { UserId } from '../../core/id.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Command } from 'commander'
import { withCallOptions } from '../../cli/values/call-options.ts'
import { wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const server = new ServerProcess()
const [admin, agent] = [new Device(), new Device()]
let agentId: UserId

beforeAll(async () => {
  await server.start()
  ;({ agentId } = await foundAcme(server.url, admin, agent, async () => {}))
})
afterAll(() => Promise.all([admin.dispose(), agent.dispose(), server.dispose()]))

test('the new field reaches the other device, its list and its audit trail', async () => {
  const followUpNote = 'Ask for Jo'
  const { id } = await agent.api.calls.create({ ...wonCall(agentId, 'Jo'), followUpNote })
  await agent.synced()
  await admin.synced()
  const { rows } = await admin.api.calls.list({ filter: {} })
  expect(rows.find((call) => call.id === id)).toMatchObject({ followUpNote })
  await admin.api.calls.update({ id, patch: { followUpNote: null } })
  const history = await admin.api.calls.history({ id })
  expect(history[0]).toMatchObject({ oldValues: { follow_up_note: followUpNote }, newValues: { follow_up_note: null } })
  expect(withCallOptions(new Command()).helpInformation()).toContain('--follow-up-note <text>')
})
`
