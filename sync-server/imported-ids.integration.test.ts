import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { idFromDigest } from '../core/id.ts'
import type { Operation } from '../core/sync/operation.ts'
import { importedIdParts } from '../core/sync/same-name.ts'
import type { Scalar } from '../core/sync/tables.ts'
import { wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(13)
let acme: SampleWorkspace
let admin: TestDevice
let lead: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  admin = await server.joined(acme.people.admin.email)
  lead = await server.joined(acme.people.team_lead.email)
})
afterAll(() => server.dispose())

const digest = (parts: readonly string[]) => idFromDigest(createHash('sha256').update(parts.join('\0')).digest())
const importedId = (table: 'users' | 'loss_reasons', name: string) => digest(importedIdParts(acme.clientId, table, name))
const reason = (name: string) => ({ name, description: null, is_active: 1, created_at: 1 })

function insert(device: TestDevice, table: 'users' | 'loss_reasons', id: string, fields: Readonly<Record<string, Scalar>>) {
  const made = device.change([{ table, id, action: 'INSERT', fields }])
  device.outbox = device.outbox.map((op): Operation => (made.includes(op) ? { ...op, origin: 'import' } : op))
}

test('the id that an import will use cannot become an alias of another loss reason', async () => {
  const id = importedId('loss_reasons', 'Too expensive')
  insert(lead, 'loss_reasons', id, reason('reason 1'))
  const { rejected, aliases } = await lead.push()
  expect([rejected, aliases]).toEqual([[{ index: 0, code: 'INVALID', field: 'id', current: null }], []])
  // Another person's import can use the id, for any spelling of the name.
  insert(admin, 'loss_reasons', id, reason('TOO  expensive'))
  const lost = { ...wonCall(acme.people.agent.id), outcome: 'lost', loss_reason_id: id }
  const call = admin.insertCall(lost)
  expect((await admin.push()).rejected).toEqual([])
  await lead.pull()
  expect([lead.row('calls', call)?.['loss_reason_id'], lead.row('loss_reasons', id)?.['name']]).toEqual([id, 'TOO  expensive'])
})

test('the id of a person who will be imported cannot become the id of a loss reason', async () => {
  const id = importedId('users', 'Olga')
  insert(lead, 'loss_reasons', id, reason('REASON 2'))
  expect((await lead.push()).rejected).toMatchObject([{ code: 'INVALID', field: 'id' }])
  const olga = { name: 'Olga', role: 'agent', is_active: 1, email: acme.people.other.email, created_at: 1 }
  insert(admin, 'users', id, olga)
  const { rejected, aliases } = await admin.push()
  expect([rejected, aliases]).toEqual([[], [{ table: 'users', id, to: acme.people.other.id }]])
})

test('the ids that an earlier release made from the same names are accepted', async () => {
  const id = digest([acme.clientId, 'loss_reason', 'two  spaces'])
  insert(admin, 'loss_reasons', id, reason(' Two  Spaces'.trim()))
  expect((await admin.push()).rejected).toEqual([])
})
