import { afterEach, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { SyncError } from '../../core/sync/errors.ts'
import { TeamOffice } from '../testing/team-office.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Wednesday noon in Berlin. */
const NOON = Date.UTC(2026, 10, 4, 11)
const DAY_NUMBER = Date.UTC(2026, 10, 4) / DAY

let office: TeamOffice | undefined
afterEach(() => office?.dispose())

async function opened(prepare: (made: TeamOffice) => void = () => {}, seed = 1): Promise<TeamOffice> {
  office = new TeamOffice(seed, NOON)
  prepare(office)
  await office.begin()
  return office
}

const agent = (of: TeamOffice, index: number) => must(of.agents[index], 'The office has six agents').id

/** Logs a call of each of the first `count` agents. */
async function day(of: TeamOffice, count: number, at = NOON): Promise<string[]> {
  const ids = []
  for (let index = 0; index < count; index++) ids.push(await of.addCall(agent(of, index), at))
  return ids
}

async function refusal(request: Promise<unknown>): Promise<string> {
  const error = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof SyncError ? error.code : 'none'
}

test('a day is published after it has finished in the client’s zone, not before', async () => {
  const of = await opened()
  await day(of, 3)
  expect(await of.read(agent(of, 0))).toEqual({ cells: [], since: 0, today: DAY_NUMBER })
  of.now = Date.UTC(2026, 10, 4, 23) - 1
  expect((await of.read(agent(of, 0))).cells).toEqual([])
  of.now++
  const { cells, today } = await of.read(agent(of, 0))
  expect(cells).toMatchObject([
    { day: DAY_NUMBER, callType: 'inbound', people: 3, dayPeople: 3, counts: { completed: 3, won: 3, talkCalls: 0 } },
  ])
  expect(today).toBe(DAY_NUMBER + 1)
})

test('a day on which two people worked is published only when a third person’s calls arrive', async () => {
  const of = await opened()
  await day(of, 2)
  of.now += DAY
  expect((await of.read(agent(of, 0))).cells).toEqual([])
  await of.addCall(agent(of, 2), NOON)
  expect((await of.read(agent(of, 0))).cells).toMatchObject([{ people: 3 }])
})

test('a device gets only what was published since its last request', async () => {
  const of = await opened()
  await day(of, 3)
  await day(of, 4, NOON - DAY)
  of.now += DAY
  const first = await of.read(agent(of, 0))
  expect(new Map(first.cells.map((cell) => [cell.day, cell.people]))).toEqual(
    new Map([
      [DAY_NUMBER, 3],
      [DAY_NUMBER - 1, 4],
    ]),
  )
  expect(await of.read(agent(of, 0), first.since)).toMatchObject({ cells: [], since: first.since })
  await day(of, 5, of.now)
  of.now += DAY
  expect((await of.read(agent(of, 0), first.since)).cells).toMatchObject([{ day: DAY_NUMBER + 1, people: 5 }])
})

test('corrections are published once, a week after the day, if they affect three people', async () => {
  const of = await opened()
  const ids = await day(of, 5)
  of.now += DAY
  const first = await of.read(agent(of, 0))
  const lose = async (...places: number[]) => {
    for (const place of places) await of.editCall(must(ids[place], 'A call'), { outcome: 'lost' })
  }
  await lose(0, 1, 2)
  expect((await of.read(agent(of, 0), first.since)).cells, 'not yet').toEqual([])
  of.now += 7 * DAY
  const second = await of.read(agent(of, 0), first.since)
  expect(second.cells).toMatchObject([{ people: 5, counts: { won: 2, lost: 3 } }])
  await lose(3, 4)
  await day(of, 5)
  of.now += 30 * DAY
  expect((await of.read(agent(of, 0), second.since)).cells, 'never a third time').toEqual([])
})

test('the correction of one colleague is never visible', async () => {
  const of = await opened()
  const [first = ''] = await day(of, 4)
  of.now += DAY
  const before = await of.read(agent(of, 0))
  await of.editCall(first, { outcome: 'lost' })
  await of.addCall(agent(of, 1), NOON)
  of.now += 60 * DAY
  expect(await of.read(agent(of, 0))).toMatchObject({ cells: before.cells })
})

test('a call that moves to another person or day counts there, and the rules hold for both days', async () => {
  const of = await opened()
  const ids = await day(of, 3)
  await of.editCall(ids[0] ?? '', { user_id: agent(of, 5) })
  await of.editCall(ids[1] ?? '', { completed_at: NOON - 3 * DAY })
  of.now += DAY
  expect((await of.read(agent(of, 0))).cells, 'two people are left').toEqual([])
  await of.deleteCall(ids[2] ?? '')
  await day(of, 3)
  expect((await of.read(agent(of, 0))).cells).toMatchObject([{ day: DAY_NUMBER, people: 4, counts: { completed: 4 } }])
})

test('only people who see only their own figures get the totals, from the next request on', async () => {
  const of = await opened()
  await day(of, 3)
  of.now += DAY
  const { team_lead: lead, admin, viewer } = of.workspace.people
  for (const { id } of [lead, admin, viewer]) expect(await refusal(of.read(id))).toBe('NOT_FOUND')
  const asking = agent(of, 0)
  expect((await of.read(asking)).cells).toHaveLength(1)
  await of.setRole(asking, 'viewer')
  expect(await refusal(of.read(asking))).toBe('NOT_FOUND')
  await of.setRole(asking, 'agent')
  await of.setActive(asking, false)
  expect(await refusal(of.read(asking))).toBe('USER_DEACTIVATED')
  expect(await refusal(of.read(of.newId()))).toBe('UNAUTHENTICATED')
})

test('after a change of the zone, published days are kept, and no new day overlaps them', async () => {
  const of = await opened()
  await day(of, 3, Date.UTC(2026, 10, 4, 22, 30))
  of.now = Date.UTC(2026, 10, 5, 12)
  const before = await of.read(agent(of, 0))
  expect(before.cells).toMatchObject([{ day: DAY_NUMBER, counts: { completed: 3 } }])
  await of.setZone('Asia/Tokyo')
  // In Tokyo this is already the 5th, which began before the 4th had ended in Berlin.
  await day(of, 4, Date.UTC(2026, 10, 5, 3))
  await day(of, 5, Date.UTC(2026, 10, 6, 3))
  of.now = Date.UTC(2026, 10, 30)
  const after = await of.read(agent(of, 0))
  expect(after.cells.map((cell) => [cell.day, cell.people])).toEqual([
    [DAY_NUMBER, 3],
    [DAY_NUMBER + 2, 5],
  ])
})

test('a history of years is published once, in bounded steps', async () => {
  const of = await opened((made) => {
    for (let back = 1; back <= 500; back++)
      for (const { id } of made.agents.slice(0, 3)) {
        const at = NOON - back * DAY
        const times = { completed_at: at, created_at: at, updated_at: at }
        const call = { user_id: id, prospect_name: 'Jo', call_type: 'outbound', status: 'completed', outcome: 'won' }
        made.workspace.rows.calls.push({ id: made.newId(), ...call, ...times })
      }
  })
  const { cells, since } = await of.read(agent(of, 0))
  expect(new Set(cells.map((cell) => cell.day)).size).toBe(500)
  expect(await of.read(agent(of, 1), since)).toMatchObject({ cells: [] })
  expect(await of.store.read((tx) => tx.changedDays(of.workspace.clientId, DAY_NUMBER, 1_000))).toHaveLength(8)
})
