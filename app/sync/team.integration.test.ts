import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProcedureResult } from '../../core/contract/procedures.ts'
import type { CallId, ClientId, UserId } from '../../core/id.ts'
import { localDay, startOfLocalDay } from '../../core/time/time-range.ts'
import { TEST_PASSWORD, codeOf, wonCall } from '../testing/test-application.ts'
import { AGENT_EMAIL, foundAcme } from './testing/acme.ts'
import { Device } from './testing/device.ts'
import { ServerProcess } from './testing/server-process.ts'

const ZONE = 'Europe/Berlin'
const DAY = 86_400_000
const server = new ServerProcess()
const admin = new Device()
const agent = new Device()
let clientId: ClientId
let agentId: UserId
/** Olga's won call of yesterday. */
let olgasCall: CallId
/** The agent's report on the file that held all calls, before it was published. */
let onOneFile: ProcedureResult<'reports.summary'>

const today = startOfLocalDay(localDay(Date.now(), ZONE), ZONE)
/** Noon of a day before today. */
const noon = (daysAgo: number) => startOfLocalDay(localDay(today - daysAgo * DAY + DAY / 2, ZONE), ZONE) + DAY / 2
const range = { from: startOfLocalDay(localDay(noon(10), ZONE), ZONE), to: today + DAY }

beforeAll(async () => {
  await server.start()
  ;({ clientId, agentId } = await foundAcme(server.url, admin, agent, async (acme) => {
    const person = { password: TEST_PASSWORD, role: 'agent' } as const
    const { id: olga } = await admin.api.users.create({ ...person, email: 'olga@acme.test', name: 'Olga Other' })
    const { id: otto } = await admin.api.users.create({ ...person, email: 'otto@acme.test', name: 'Otto Other' })
    const log = (userId: UserId, daysAgo: number, fields: object = {}) =>
      admin.api.calls.create({ ...wonCall(userId, 'Secret Prospect'), completedAt: noon(daysAgo), ...fields })
    const { agentId: ben } = acme
    // Yesterday: three people; a call of another type prevents a split of the day.
    await log(ben, 1)
    await log(ben, 1, { outcome: 'lost' })
    ;({ id: olgasCall } = await log(olga, 1))
    await log(otto, 1, { callType: 'inbound', outcome: 'undecided', callDuration: null })
    // Two people are too few.
    await log(ben, 2)
    await log(olga, 2)
    // Three people, one type.
    for (const who of [ben, olga, otto]) await log(who, 3)
    // Today has not finished.
    for (const who of [ben, olga, otto]) await log(who, 0, { completedAt: today })
    const one = admin.application.apiOf(admin.application.openConnection('another window'))
    await one.session.signIn({ email: AGENT_EMAIL, password: TEST_PASSWORD })
    onOneFile = await one.reports.summary({ range })
    await one.session.signOut()
  }))
  await agent.synced()
}, 900_000)

afterAll(async () => {
  for (const device of [admin, agent]) await device.dispose()
  await server.dispose()
})

const storedCells = () => agent.query<{ n: number }>(clientId, 'SELECT count(*) AS n FROM local_team_cells')[0]?.n
const storedStates = () => agent.query<{ n: number }>(clientId, 'SELECT count(*) AS n FROM local_team_state')[0]?.n
const teamOf = async (callTypes?: ('inbound' | 'outbound')[]) =>
  (await agent.api.reports.summary({ range, ...(callTypes === undefined ? {} : { callTypes }) })).team

test('a joined device shows an agent the team’s average of the days on which three people worked', async () => {
  const team = await teamOf()
  expect(team).toMatchObject({
    days: 6,
    shownDays: 2,
    finishedDays: 10,
    until: today,
    counts: { completed: 7, won: 5, lost: 1, undecided: 1, talkCalls: 6, talkSeconds: 6 * 180 },
    own: { days: 2, counts: { completed: 3, won: 2, lost: 1 } },
  })
  expect(team?.figures.find(({ key }) => key === 'calls')).toMatchObject({ numerator: 7, denominator: 6, value: 7 / 6 })
  expect(team?.figures.find(({ key }) => key === 'close_rate')).toMatchObject({ value: 5 / 7 })
  expect(team?.own.figures.find(({ key }) => key === 'calls')).toMatchObject({ value: 1.5 })
  expect(Math.abs(Date.now() - (team?.asOf ?? 0))).toBeLessThan(600_000)
})

test('with a chosen type, only days that are published by type count', async () => {
  expect(await teamOf(['outbound'])).toMatchObject({ shownDays: 1, counts: { completed: 3, won: 3 }, own: { days: 1 } })
  expect(await teamOf(['inbound'])).toMatchObject({ shownDays: 0, counts: { completed: 0 }, figures: expect.any(Array) })
  expect(await teamOf(['inbound', 'outbound'])).toEqual(await teamOf())
})

test('a file with all calls shows an agent the same', async () => {
  const { asOf: _received, ...received } = (await teamOf()) ?? {}
  const { asOf, ...counted } = onOneFile.team ?? {}
  expect(counted).toEqual(received)
  expect(asOf).toBeNull()
})

test('the answers have counts only: no row, no name, no person', () => {
  const answers = agent.traffic.filter((text) => text.includes('dayPeople'))
  expect(answers.length).toBeGreaterThan(0)
  const ids = agent.query<{ id: string }>(clientId, 'SELECT id FROM users').map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(3)
  for (const text of answers) for (const hidden of [...ids, 'Olga', 'Otto', 'Secret Prospect']) expect(text).not.toContain(hidden)
  expect(agent.query(clientId, 'SELECT id FROM calls WHERE user_id <> ?', agentId)).toEqual([])
})

test('a colleague’s later edit cannot be seen', async () => {
  const { asOf: _before, ...before } = (await teamOf()) ?? {}
  await admin.api.calls.update({ id: olgasCall, patch: { outcome: 'lost' } })
  await admin.synced()
  await agent.synced()
  const { asOf: _after, ...after } = (await teamOf()) ?? {}
  expect(after).toEqual(before)
})

test('offline, the last figures are kept with the time at which they were received', async () => {
  const before = await teamOf()
  agent.isOnline = false
  expect(await codeOf(agent.api.sync.now())).toBe('UNREACHABLE')
  expect(await teamOf()).toEqual(before)
  agent.isOnline = true
})

test('people who see all calls get no totals: a promotion removes them from the file, and a demotion brings them back', async () => {
  expect(storedCells()).toBe(2)
  await admin.api.users.update({ id: agentId, patch: { role: 'viewer' } })
  await agent.synced()
  expect([storedCells(), storedStates()]).toEqual([0, 0])
  expect(await agent.api.reports.summary({ range })).toMatchObject({ reach: 'all', team: null, counts: { completed: 12 } })
  await admin.api.users.update({ id: agentId, patch: { role: 'agent' } })
  await agent.synced()
  expect(await teamOf()).toMatchObject({ shownDays: 2 })
})

test('[S17] the totals of a deactivated person are removed from the file', async () => {
  expect(storedCells()).toBe(2)
  await admin.api.users.setActive({ id: agentId, isActive: false })
  await codeOf(agent.api.sync.now())
  await expect.poll(storedCells, { timeout: 120_000 }).toBe(0)
  expect(storedStates()).toBe(0)
})
