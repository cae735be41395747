import { expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { isId, type Id } from '../../core/id.ts'
import { callFieldsSchema, callIssues } from '../../core/model/call.ts'
import { userSchema } from '../../core/model/people.ts'
import { listCalls } from '../../db/queries/calls.ts'
import { listLossReasons } from '../../db/queries/loss-reasons.ts'
import { listUsers } from '../../db/queries/users.ts'
import { PLANTED_HASH, TestWorkspace } from '../../db/testing/test-workspace.ts'
import { easterSunday } from './demo-calendar.ts'
import { generateDemo, type DemoCall } from './demo-data.ts'
import { writeDemoChunk, writeDemoPeople } from './write-demo.ts'

const NOW = Date.UTC(2026, 10, 19, 13)
const YEAR = 365 * 86_400_000
const options = { seed: 7, now: NOW, timeZone: 'Europe/Berlin' }
const data = generateDemo(options)
const eventAt = (call: DemoCall) => call.completedAt ?? call.scheduledAt ?? call.createdAt
/** Returns a formatter of times in one zone. It is created once, because that is slow. */
function local(part: Intl.DateTimeFormatOptions): (time: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', ...part })
  return (time) => format.format(time)
}
function count(part: (call: DemoCall) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const call of data.calls) {
    const key = part(call)
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

test('the same seed, time and zone give the same data, and another seed gives other data', () => {
  expect(generateDemo(options)).toEqual(data)
  expect(generateDemo({ ...options, seed: 8 }).calls[0]).not.toEqual(data.calls[0])
})

test('every call is valid, and no call is completed in the future', () => {
  for (const { id, createdAt, lossReason, ...fields } of data.calls) {
    const someId: Id = id
    const call = { ...fields, lossReasonId: lossReason === null ? null : someId }
    expect(callIssues(call)).toEqual([])
    expect(callFieldsSchema.safeParse(call).success).toBe(true)
    expect(isId(id)).toBe(true)
    expect(Math.max(createdAt, call.completedAt ?? 0)).toBeLessThanOrEqual(NOW)
    expect((call.scheduledAt ?? 0) <= NOW || call.status === 'scheduled').toBe(true)
  }
  for (const { email, name } of data.users)
    expect(userSchema.pick({ email: true, name: true }).safeParse({ email, name }).success).toBe(true)
})

test('ids are unique and in the order of creation', () => {
  const ids = data.calls.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(ids.toSorted())
})

test('a follow-up continues an earlier call with the same prospect and agent', () => {
  const calls = new Map(data.calls.map((call) => [call.id, call]))
  const followUps = data.calls.filter(({ followsCallId }) => followsCallId !== null)
  expect(followUps.length).toBeGreaterThan(2_000)
  for (const { followsCallId, prospectName, prospectPhone, userId, createdAt } of followUps) {
    const last = must(calls.get(must(followsCallId, 'A follow-up')), 'The call before')
    expect(last).toMatchObject({ prospectName, prospectPhone, userId })
    expect(last.createdAt).toBeLessThanOrEqual(createdAt)
    expect(last.outcome === 'undecided' || last.status === 'rescheduled' || last.status === 'no_show').toBe(true)
  }
})

test('three years have 20,000 to 30,000 calls: many on Tuesdays, few on Fridays, at lunch and in August, none on holidays', () => {
  expect(data.calls.length).toBeGreaterThan(20_000)
  expect(data.calls.length).toBeLessThan(30_000)
  expect(Math.min(...data.calls.map(eventAt))).toBeLessThan(NOW - 2.9 * YEAR)
  const weekday = local({ weekday: 'short' })
  const weekdays = count((call) => weekday(eventAt(call)))
  expect(weekdays['Tue']).toBeGreaterThan((weekdays['Fri'] ?? 0) * 1.3)
  expect(weekdays['Sun']).toBeUndefined()
  const hour = local({ hour: '2-digit' })
  const hours = count((call) => hour(call.scheduledAt ?? eventAt(call)))
  expect(hours['12']).toBeLessThan((hours['10'] ?? 0) / 2)
  const month = local({ year: 'numeric', month: '2-digit' })
  const months = count((call) => month(eventAt(call)))
  expect(months['08/2025']).toBeLessThan((months['10/2025'] ?? 0) * 0.8)
  const date = local({ day: '2-digit', month: '2-digit', year: 'numeric' })
  const days = count((call) => date(call.scheduledAt ?? call.createdAt))
  for (const holiday of ['25/12/2024', '01/01/2025', '18/04/2025', '21/04/2025', '03/10/2025'])
    expect(days[holiday]).toBeUndefined()
})

test('weeks are uneven', () => {
  const weeks = Object.values(count((call) => String(Math.floor(eventAt(call) / (7 * 86_400_000)))))
  const mean = weeks.reduce((sum, week) => sum + week, 0) / weeks.length
  const spread = Math.sqrt(weeks.reduce((sum, week) => sum + (week - mean) ** 2, 0) / weeks.length)
  expect(spread / mean).toBeGreaterThan(0.25)
})

test('the team has a team lead, a viewer and agents with different figures, of whom one left and one joined late', () => {
  expect(data.users.map(({ role }) => role).toSorted()).toEqual([
    ...Array.from({ length: 8 }, () => 'agent'),
    'team_lead',
    'viewer',
  ])
  const [gone, ...others] = data.users.filter(({ isActive }) => !isActive)
  expect(others).toEqual([])
  const of = (id: string | undefined) => data.calls.filter(({ userId }) => userId === id)
  expect(of(gone?.id).length).toBeGreaterThan(1_000)
  expect(Math.max(...of(gone?.id).map(eventAt))).toBeLessThan(NOW - 0.6 * YEAR)
  for (const { id, createdAt } of data.users) for (const call of of(id)) expect(call.createdAt).toBeGreaterThanOrEqual(createdAt)
  const newest = data.users.at(-1)
  expect(newest?.createdAt).toBeGreaterThan(NOW - 0.5 * YEAR)
  expect(of(newest?.id).length).toBeGreaterThan(100)
  const agents = data.users.filter(({ role }) => role === 'agent')
  const rates = agents.map(({ id }) => {
    const won = of(id).filter(({ outcome }) => outcome === 'won').length
    return won / of(id).filter(({ outcome }) => outcome === 'won' || outcome === 'lost').length
  })
  expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.12)
})

test('the inactive loss reason is only on old calls, and some lost calls have no loss reason', () => {
  const inactive = data.lossReasons.filter(({ isActive }) => !isActive)
  expect(inactive).toHaveLength(1)
  const used = data.calls.filter(({ lossReason }) => lossReason === inactive[0]?.name)
  expect(used.length).toBeGreaterThan(100)
  expect(Math.max(...used.map(eventAt))).toBeLessThan(NOW - 1.5 * YEAR)
  expect(data.calls.some(({ outcome, lossReason }) => outcome === 'lost' && lossReason === null)).toBe(true)
})

test('no real person can be reached: addresses end in .example, and numbers are reserved for films', () => {
  const emails = data.calls.flatMap(({ prospectEmail }) => prospectEmail ?? [])
  const phones = data.calls.flatMap(({ prospectPhone }) => prospectPhone ?? [])
  expect(emails.filter((email) => !/^[a-z0-9.]+@[a-z]+\.example$/.test(email))).toEqual([])
  expect(phones.filter((phone) => !/(30.?23125|40\D+66969|221 4710|69 90009|8999998)/.test(phone))).toEqual([])
})

test.each([
  [2024, '2024-03-31'],
  [2025, '2025-04-20'],
  [2026, '2026-04-05'],
  [2038, '2038-04-25'],
])('the date of Easter %i is correct', (year, day) => expect(new Date(easterSunday(year)).toISOString().slice(0, 10)).toBe(day))

test('the data is valid on any day and in any zone', () => {
  for (const [now, timeZone] of [
    [Date.UTC(2028, 1, 29, 23, 59), 'America/New_York'],
    [Date.UTC(2026, 0, 1), 'Pacific/Auckland'],
  ] as const) {
    const late = generateDemo({ seed: 3, now, timeZone }).calls.filter(
      ({ createdAt, completedAt }) => Math.max(createdAt, completedAt ?? 0) > now,
    )
    expect(late).toEqual([])
  }
})

test('the data is written into a workspace and uses its existing loss reasons', () => {
  const workspace = new TestWorkspace()
  try {
    const { db, clientId, newId } = workspace
    const context = { db, actor: { clientId, userId: workspace.adminId }, now: workspace.now, newId }
    const renamed = data.lossReasons.map((reason) => ({
      ...reason,
      name: reason.name === 'Price too high' ? 'Price' : reason.name,
    }))
    workspace.write(() => writeDemoPeople(context, { users: data.users, lossReasons: renamed, passwordHash: PLANTED_HASH }))
    const some = data.calls
      .slice(0, 400)
      .map((call) => ({ ...call, lossReason: call.lossReason === 'Price too high' ? 'Price' : call.lossReason }))
    workspace.write(() => writeDemoChunk(context, some))
    expect(listUsers(db, clientId)).toHaveLength(12)
    expect(listLossReasons(db, clientId)).toHaveLength(9)
    const page = { filter: {}, sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 500 } as const
    const { rows } = listCalls(db, clientId, page, null)
    expect(rows).toHaveLength(400)
    const priced = some.filter(({ lossReason }) => lossReason === 'Price').length
    expect(rows.filter(({ lossReasonId }) => lossReasonId === workspace.priceId)).toHaveLength(priced)
  } finally {
    workspace.dispose()
  }
})
