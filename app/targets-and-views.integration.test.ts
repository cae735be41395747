import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../core/contract/contract.ts'
import type { Id } from '../core/id.ts'
import type { TargetChange, TargetMetric } from '../core/model/targets.ts'
import { codeOf, TestApplication, wonCall } from './testing/test-application.ts'

const app = new TestApplication()
let admin: Api
let lead: { api: Api; id: Id }
let agent: { api: Api; id: Id }
let other: { api: Api; id: Id }
let viewer: { api: Api; id: Id }

/** October 2026 in Europe/Berlin. It has 22 working days. */
const OCTOBER = { from: Date.UTC(2026, 8, 30, 22), to: Date.UTC(2026, 9, 31, 23) }
const SEPTEMBER = { from: Date.UTC(2026, 7, 31, 22), to: OCTOBER.from }
const BOTH = { from: SEPTEMBER.from, to: OCTOBER.to }

beforeAll(async () => {
  admin = (await app.workspace('admin', 'Acme', 'ada@acme.test')).api
  lead = await app.member(admin, 'team_lead', 'lead@acme.test')
  agent = await app.member(admin, 'agent', 'ben@acme.test')
  other = await app.member(admin, 'agent', 'cid@acme.test')
  viewer = await app.member(admin, 'viewer', 'vic@acme.test')
  for (const [owner, count] of [
    [agent.id, 3],
    [other.id, 1],
  ] as const)
    for (let n = 0; n < count; n++) await admin.calls.create({ ...wonCall(owner), completedAt: Date.UTC(2026, 9, 6, 10) })
  await admin.calls.create({ ...wonCall(agent.id), outcome: 'lost', completedAt: Date.UTC(2026, 8, 7, 10) })
})
afterAll(() => app.dispose())

const target = (userId: Id | null, metric: TargetMetric, value: number | null, month = '2026-10'): TargetChange => ({
  month,
  userId,
  metric,
  value,
})

test('a lead sets targets, and the report compares the figures with them', async () => {
  const targets = [
    target(null, 'won', 8),
    target(null, 'close_rate', 0.5),
    target(agent.id, 'completed', 6),
    target(other.id, 'completed', 2),
    target(other.id, 'win_rate', 0.9),
  ]
  await lead.api.targets.set({ targets })
  const team = await lead.api.reports.page({ range: OCTOBER })
  expect(team.targets).toEqual([
    { metric: 'won', actual: 4, target: 8, expected: 8, pace: 0.5, elapsedDays: 22, totalDays: 22, missing: [] },
    { metric: 'close_rate', actual: 1, target: 0.5, expected: 0.5, pace: 2, elapsedDays: 22, totalDays: 22, missing: [] },
  ])
  expect(team.goals).toEqual([])
  const one = await lead.api.reports.page({ range: OCTOBER, userIds: [agent.id], bucket: 'month' })
  expect(one.targets).toMatchObject([{ metric: 'completed', actual: 3, target: 6, pace: 0.5 }])
  expect(one.goals).toEqual([6])
  const two = await lead.api.reports.page({ range: OCTOBER, userIds: [agent.id, other.id] })
  expect(two.targets).toMatchObject([{ metric: 'completed', actual: 4, target: 8 }])
  expect((await lead.api.reports.summary({ range: OCTOBER })).targets).toEqual(team.targets)
  // Targets are for all types.
  expect((await lead.api.reports.page({ range: OCTOBER, callTypes: ['outbound'] })).targets).toEqual([])
})

test('in a period of two months only the month with a target counts, and the other is listed as missing', async () => {
  const { targets } = await lead.api.reports.page({ range: BOTH, userIds: [agent.id] })
  expect(targets).toMatchObject([{ metric: 'completed', actual: 3, target: 6, missing: ['2026-09'] }])
  await lead.api.targets.set({ targets: [target(agent.id, 'completed', 4, '2026-09')] })
  const whole = await lead.api.reports.page({ range: BOTH, userIds: [agent.id] })
  expect(whole.targets).toMatchObject([{ metric: 'completed', actual: 4, target: 10, missing: [] }])
})

test('an agent sees the team’s targets and their own, and no others', async () => {
  const months = { from: '2026-01', to: '2026-12' }
  const own = await agent.api.targets.list(months)
  expect(new Set(own.map(({ userId }) => userId))).toEqual(new Set([null, agent.id]))
  expect((await viewer.api.targets.list(months)).map(({ userId }) => userId)).toContain(other.id)
  const page = await agent.api.reports.page({ range: OCTOBER })
  expect(page.targets).toMatchObject([{ metric: 'completed', actual: 3, target: 6 }])
  expect(page.teamTargets).toMatchObject([
    // The average of the team is of some days only, so there is no pace.
    { metric: 'won', target: 8, pace: null },
    { metric: 'close_rate', target: 0.5 },
  ])
  expect((await lead.api.reports.page({ range: OCTOBER })).teamTargets).toEqual([])
})

test('a removed target is gone, an invalid one is refused, and each change is audited', async () => {
  await lead.api.targets.set({ targets: [target(null, 'win_rate', 0.25)] })
  await lead.api.targets.set({ targets: [target(null, 'win_rate', null)] })
  const shown = await lead.api.targets.list({ from: '2026-10', to: '2026-10' })
  expect(shown.some(({ metric, userId }) => metric === 'win_rate' && userId === null)).toBe(false)
  const { rows } = await admin.audit.list({ tableName: 'client_settings', recordId: 'target:2026-10:team:win_rate' })
  expect(rows.map(({ newValues }) => newValues?.['value'])).toEqual(['null', '0.25'])
  for (const wrong of [
    target(null, 'won', -1),
    target(null, 'won', 1.5),
    target(null, 'win_rate', 35),
    target(null, 'won', 1, '2026-13'),
  ])
    expect(await codeOf(lead.api.targets.set({ targets: [wrong] })), JSON.stringify(wrong)).not.toBe('ok')
  const unknownId = '01999999-0000-7000-8000-000000000001'
  expect(await codeOf(lead.api.targets.set({ targets: [target(unknownId, 'won', 1)] }))).toBe('NOT_FOUND')
})

test('a person’s views are their own, with unique names', async () => {
  const filters = { period: 'last_month', agents: agent.id }
  const made = await lead.api.views.create({ name: ' Mondays ', filters })
  expect(made).toMatchObject({ name: 'Mondays', filters, isShared: false })
  expect(await codeOf(lead.api.views.create({ name: 'MONDAYS', filters: {} }))).toBe('CONFLICT')
  for (const name of ['', ' ', 'x'.repeat(81)]) expect(await codeOf(lead.api.views.create({ name, filters: {} }))).not.toBe('ok')
  expect((await agent.api.views.list()).views).toEqual([])
  expect(await codeOf(agent.api.views.create({ name: 'Mondays', filters: {} }))).toBe('ok')
  const second = await lead.api.views.create({ name: 'Fridays', filters: {} })
  expect(await codeOf(lead.api.views.update({ id: second.id, name: 'Mondays' }))).toBe('CONFLICT')
  await lead.api.views.update({ id: made.id, name: 'Mondays!' })
  await lead.api.views.update({ id: made.id, filters: { period: 'today' } })
  await lead.api.views.setDefault({ id: second.id })
  expect(await lead.api.views.list()).toMatchObject({
    views: [{ name: 'Fridays' }, { name: 'Mondays!', filters: { period: 'today' } }],
    defaultId: second.id,
  })
  await lead.api.views.remove({ id: second.id })
  expect((await lead.api.views.list()).defaultId).toBeNull()
  expect(await codeOf(agent.api.views.remove({ id: made.id }))).toBe('NOT_FOUND')
})

test('everyone sees a shared view, people who may share change it, and sharing can be stopped', async () => {
  const { id } = await lead.api.views.create({ name: 'Weekly', filters: { period: 'this_week' } })
  await lead.api.views.share({ id, isShared: true })
  for (const { api } of [agent, viewer, other]) {
    const { views, people } = await api.views.list()
    expect(views).toContainEqual({ id, name: 'Weekly', filters: { period: 'this_week' }, isShared: true })
    expect(people).toBe(5)
    expect(await codeOf(api.views.update({ id, name: 'Mine' }))).toBe('FORBIDDEN')
    expect(await codeOf(api.views.remove({ id }))).toBe('FORBIDDEN')
    expect(await codeOf(api.views.setDefault({ id }))).toBe('ok')
  }
  await admin.views.update({ id, filters: { period: 'last_week' } })
  await admin.views.share({ id, isShared: false })
  expect((await admin.views.list()).views).toMatchObject([{ id, filters: { period: 'last_week' }, isShared: false }])
  expect((await agent.api.views.list()).views.map((view) => view.id)).not.toContain(id)
  expect((await agent.api.views.list()).defaultId).toBeNull()
})

test('no one sees another person’s settings in the audit trail', async () => {
  await viewer.api.views.create({ name: 'Secret plans', filters: {} })
  const lines = async (api: Api) => JSON.stringify((await api.audit.list({ limit: 500 })).rows)
  expect(await lines(viewer.api)).toContain('Secret plans')
  for (const api of [admin, lead.api, agent.api]) expect(await lines(api)).not.toContain('Secret plans')
})

test('a removed view can be restored under its id', async () => {
  const made = await other.api.views.create({ name: 'Short-lived', filters: { period: 'today' } })
  expect(await codeOf(other.api.views.create({ id: made.id, name: 'Again', filters: {} }))).toBe('CONFLICT')
  await other.api.views.remove({ id: made.id })
  expect(await other.api.views.create({ id: made.id, name: made.name, filters: made.filters })).toEqual(made)
})
