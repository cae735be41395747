import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIMITS } from '../core/sync/protocol.ts'
import { wonCall, type SampleWorkspace } from './testing/sample-workspace.ts'
import type { TestDevice } from './testing/test-device.ts'
import { TestServer } from './testing/test-server.ts'

const server = new TestServer(12)
let acme: SampleWorkspace
let lead: TestDevice
beforeAll(async () => {
  await server.start()
  acme = await server.workspace('Acme')
  lead = await server.joined(acme.people.team_lead.email)
})
afterAll(() => server.dispose())

async function past(ids: readonly string[]) {
  const { covered, ...history } = await lead.past(ids)
  return { covered, ...history, bytes: Buffer.byteLength(JSON.stringify(history)) }
}

async function editedCall(edits: number, notes: (edit: number) => string): Promise<string> {
  const id = lead.insertCall(wonCall(acme.people.agent.id))
  for (let edit = 0; edit < edits; edit++) lead.update('calls', id, { notes: notes(edit) })
  expect((await lead.push()).rejected).toEqual([])
  return id
}

test('the history for an import fits into a page, however often a call was edited', async () => {
  const long = await editedCall(150, (edit) => `${edit}${'x'.repeat(9_000)}`)
  const often = await editedCall(1_200, String)
  const usual = await editedCall(2, (edit) => `note ${edit}`)
  const { covered, held, bytes } = await past([long, often, usual])
  expect(covered).toBe(3)
  expect(bytes).toBeLessThan(LIMITS.pageBytes)
  // The two long trails are left out: with only a part of their values an old file would look new.
  expect(Object.keys(held)).toEqual([usual])
  expect(held[usual]?.['notes']).toEqual(expect.arrayContaining(['note 0', 'note 1']))
})

test('calls whose trails exceed one answer come in several answers, and no call is skipped', async () => {
  const ids: string[] = []
  for (let call = 0; call < 6; call++) ids.push(await editedCall(40, (edit) => `${call}.${edit}${'x'.repeat(9_000)}`))
  const received: string[] = []
  for (let rest: readonly string[] = ids; rest.length > 0;) {
    const { covered, held, bytes } = await past(rest)
    expect(covered).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(2 * LIMITS.pageBytes)
    received.push(...Object.keys(held))
    rest = rest.slice(covered)
  }
  expect(received.toSorted()).toEqual(ids.toSorted())
})
