import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportPage } from '../../core/contract/reports.ts'
import type { UserId } from '../../core/id.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const DAY = 86_400_000
const server = new ServerProcess()
const [admin, agent, lead] = [new Device(), new Device(), new Device()]
let agentId: UserId
let adminId: UserId

beforeAll(async () => {
  await server.start()
  ;({ adminId, agentId } = await foundAcme(server.url, admin, agent, async () => {
    await admin.api.users.create({ password: TEST_PASSWORD, email: 'lea@acme.test', name: 'Lea Lead', role: 'team_lead' })
  }))
  await lead.join(server.url, 'lea@acme.test')
}, 900_000)

afterAll(async () => {
  for (const device of [admin, agent, lead]) await device.dispose()
  await server.dispose()
})

const range = { from: 0, to: Date.now() + DAY }
/** The report without the times that depend on the instant at which it was read. */
const shown = ({ people, computedAt: _at, range: _range, undecided, buckets, ...page }: ReportPage) => ({
  ...page,
  buckets: buckets.map(({ to: _to, ...bucket }) => bucket),
  people: people.toSorted((a, b) => a.userId.localeCompare(b.userId)),
  undecided: undecided.count,
})
const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

test('a joined device computes an earlier report from the server’s trail; if the server does not answer, the error states the reason', async () => {
  const kept = await agent.api.calls.create(wonCall(agentId, 'Kept'))
  const deleted = await agent.api.calls.create(wonCall(agentId, 'Deleted'))
  const given = await agent.api.calls.create({ ...wonCall(agentId, 'Given Away'), outcome: 'undecided' })
  await agent.synced()
  await lead.synced()
  await pause()
  const knownAt = Date.now()
  const copy = await lead.api.reports.page({ range })
  const own = await agent.api.reports.page({ range })
  await pause()

  // Changes of three people. The lead's device has only its own lines.
  await agent.api.calls.update({ id: kept.id, patch: { outcome: 'lost' } })
  await agent.api.calls.delete({ id: deleted.id })
  await agent.synced()
  await lead.synced()
  await lead.api.calls.create(wonCall(adminId, 'Late'))
  await lead.synced()
  await admin.synced()
  await admin.api.calls.update({ id: given.id, patch: { userId: adminId } })
  await admin.synced()
  await lead.synced()
  await agent.synced()

  const known = await lead.api.reports.known.page({ range, knownAt })
  expect(shown(known.page)).toEqual(shown(copy))
  expect(known.coverage).toBe('complete')
  expect(known.today.find(({ key }) => key === 'calls')?.value).toBe(3)
  const corrections = await lead.api.reports.known.corrections({ range, knownAt, key: 'calls' })
  expect(corrections).toMatchObject({ past: { numerator: 3 }, present: { numerator: 3 }, count: 2, hidden: 0 })
  const [added, removed] = corrections.rows
  expect(added).toMatchObject({ prospectName: 'Late', before: null, effect: { numerator: 1 } })
  expect(removed).toMatchObject({ userId: agentId, prospectName: null, exists: false, after: null, effect: { numerator: -1 } })

  // An agent's device may not read changes to a call that has been reassigned.
  const ofAgent = await agent.api.reports.known.page({ range, knownAt })
  expect(ofAgent.coverage).toBe('own')
  expect(own.counts.completed).toBe(3)
  expect(ofAgent.page.counts).toMatchObject({ completed: 2, won: 2 })

  // The permission is checked before the server is asked.
  agent.isOnline = false
  expect(await codeOf(agent.api.reports.known.page({ range, knownAt, userIds: [adminId] }))).toBe('FORBIDDEN')
  agent.isOnline = true

  // A change that was not sent yet is undone too.
  lead.isOnline = false
  expect(await codeOf(lead.api.reports.known.page({ range, knownAt }))).toBe('UNREACHABLE')
  expect(await codeOf(lead.api.reports.known.corrections({ range, knownAt, key: 'calls' }))).toBe('UNREACHABLE')
  lead.isOnline = true
  expect(shown((await lead.api.reports.known.page({ range, knownAt })).page)).toEqual(shown(copy))
})
