import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CallFilter } from '../core/contract/calls.ts'
import type { Api } from '../core/contract/contract.ts'
import { callsOfCount, callsOfFigure } from '../core/metrics/counted-calls.ts'
import { figure, METRICS } from '../core/metrics/metrics.ts'
import type { NewCall } from '../core/model/call.ts'
import { TestApplication, wonCall } from './testing/test-application.ts'

const HOUR = 3_600_000

let app: TestApplication
beforeEach(() => {
  app = new TestApplication()
})
afterEach(() => app.dispose())

/** Expects that the list of calls behind each figure of a report has as many calls as the figure counts. */
async function expectCounted(api: Api, range: { from: number; to: number }): Promise<number> {
  const page = await api.reports.page({ range })
  const opened = async (filter: CallFilter) => (await api.calls.count({ filter: { ...page.range, ...filter } })).total
  for (const { key, numerator, denominator } of page.figures) {
    const isSum = METRICS[key].unit === 'seconds'
    expect(await opened(callsOfFigure(key, 'numerator')), key).toBe(isSum ? page.counts.talkCalls : numerator)
    if (denominator !== null) expect(await opened(callsOfFigure(key, 'denominator')), key).toBe(denominator)
  }
  for (const { lossReasonId, count } of page.lossReasons) expect(await opened({ lossReasonIds: [lossReasonId] })).toBe(count)
  for (const { from, to, counts } of page.buckets) expect(await opened({ from, to })).toBe(figure('calls', counts).value)
  for (const { userId, counts } of page.people) expect(await opened({ userIds: [userId] })).toBe(figure('calls', counts).value)
  for (const { from, to, counts } of page.formerBuckets)
    expect((await api.calls.count({ filter: { from, to } })).total).toBe(figure('calls', counts).value)
  const { median } = page.undecided
  if (median !== null) expect(await opened({ ...callsOfCount('undecided'), to: page.computedAt - median + 1 })).toBeGreaterThan(0)
  const { hours, range: ofHours } = await api.reports.hours({ range })
  for (const [slot, { calls }] of hours.entries())
    expect((await api.calls.count({ filter: { ...ofHours, weekHours: [slot] } })).total).toBe(calls)
  return figure('calls', page.counts).numerator
}

test('a figure opens exactly the calls that it counts, without future calls', async () => {
  const { api: lead, session } = await app.workspace('window', 'Acme', 'ada@acme.test')
  const { api: agent, id: agentId } = await app.member(lead, 'agent', 'ben@acme.test')
  const reason = await lead.lossReasons.create({ name: 'Season' })
  const now = app.now()
  const add = (userId: NewCall['userId'], hoursAgo: number, over: Partial<NewCall>) =>
    lead.calls.create({ ...wonCall(userId), completedAt: now - hoursAgo * HOUR, ...over })
  const missed = { status: 'no_show', outcome: null, completedAt: null, callDuration: null } as const
  for (const userId of [session.user.id, agentId, agentId]) {
    await add(userId, 1, {})
    await add(userId, 30, { callDuration: null, outcome: 'undecided' })
    await add(userId, 50, { outcome: 'lost', lossReasonId: reason.id })
    await add(userId, 70, { outcome: 'lost' })
    await add(userId, 0, { ...missed, scheduledAt: now - 5 * HOUR })
    await add(userId, 0, { ...missed, status: 'scheduled', scheduledAt: now + HOUR })
    await add(userId, 0, { ...missed, status: 'cancelled', scheduledAt: now + 2 * HOUR })
  }
  const period = { from: now - 60 * HOUR, to: now + 60 * HOUR }
  expect(await expectCounted(lead, period)).toBe(12)
  expect(await expectCounted(agent, period)).toBe(8)
  expect(await expectCounted(lead, { from: now - 80 * HOUR, to: now })).toBe(15)
})
