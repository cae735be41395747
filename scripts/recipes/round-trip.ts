/**
 * The test that the copy of the tree runs: a call with the new field from one device to another, to the list and the audit trail, from the
 * command line, from a file, and into the form.
 */
export const ROUND_TRIP = `
import type { UserId } from '../../core/id.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Command } from 'commander'
import { patchOf, withCallOptions } from '../../cli/values/call-options.ts'
import { must } from '../../core/assert.ts'
import { CALL_TEXT_FIELDS } from '../../core/model/call-fields.ts'
import { callValues } from '../../renderer/features/calls/call-form-values.ts'
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

/** Finds a call in the admin's list. */
async function listed(prospectName: string) {
  const { rows } = await admin.api.calls.list({ filter: {} })
  return must(rows.find((call) => call.prospectName === prospectName), 'The call is listed')
}

test('the new field reaches the other device, its list, its form and its audit trail', async () => {
  const followUpNote = 'Ask for Jo'
  const { id } = await agent.api.calls.create({ ...wonCall(agentId, 'Jo'), followUpNote })
  await agent.synced()
  await admin.synced()
  const call = await listed('Jo')
  expect(call).toMatchObject({ id, followUpNote })
  expect(CALL_TEXT_FIELDS).toContain('followUpNote')
  expect(callValues(call, 'UTC')).toMatchObject({ followUpNote })
  await admin.api.calls.update({ id, patch: { followUpNote: null } })
  const history = await admin.api.calls.history({ id })
  expect(history[0]).toMatchObject({ oldValues: { follow_up_note: followUpNote }, newValues: { follow_up_note: null } })
})

test('an option of the command line changes the new field', async () => {
  const { id } = await admin.api.calls.create(wonCall(agentId, 'Al'))
  const command = withCallOptions(new Command())
  command.parse(['--follow-up-note', 'Ask for Al'], { from: 'user' })
  const none = { userId: undefined, lossReasonId: undefined }
  const patch = patchOf(command.opts(), none, await listed('Al'), 'UTC', Date.now())
  expect(patch).toEqual({ followUpNote: 'Ask for Al' })
  await admin.api.calls.update({ id, patch })
  expect(await listed('Al')).toMatchObject(patch)
})

test('an import fills the new field from the column of its label', async () => {
  const file = new File(['Id,Name,Date,Follow-up note\\nr1,Bo,2026-01-02,Ask for Bo'], 'calls.csv')
  const { importId, suggestedMap } = await admin.api.imports.inspect({ file })
  for await (const _ of await admin.api.imports.run({ importId, map: suggestedMap }));
  expect(await listed('Bo')).toMatchObject({ followUpNote: 'Ask for Bo' })
})
`
