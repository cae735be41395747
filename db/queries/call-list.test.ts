import fc from 'fast-check'
import { DateTime } from 'luxon'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CALL_SORTS, type CallFilter, type CallSort } from '../../core/contract/calls.ts'
import type { Id, UserId } from '../../core/id.ts'
import { nameKey } from '../../core/text/name-key.ts'
import type { Call } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { insertCalls } from '../commands/calls.ts'
import { insertUser } from '../commands/users.ts'
import { rows } from '../statements.ts'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { PLAN_LIMITS, pageRowids, type PlanLimits } from './call-list.ts'
import { CallOrder } from './call-order.ts'
import { chosenCalls, countCalls, listCalls } from './calls.ts'

const DAY = 86_400_000
const CALLS = 400
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 300)
/** Small enough for 400 calls to meet every plan. */
const TINY: PlanLimits = { firstLook: 20, few: 15, fewEntries: 40, fewToJump: 40, firstChunk: 7, largestChunk: 50 }

let workspace: TestWorkspace
let users: Id[]
/** In the order of their insertion. */
let calls: (Call & { rowid: number })[]

beforeAll(() => {
  workspace = new TestWorkspace(7)
  const { db, clientId } = workspace
  users = [workspace.agentId, workspace.adminId, workspace.newId()]
  const pick = <T>(list: readonly T[], n: number) => list[n % list.length] as T
  workspace.write(() => {
    const [, , third] = users
    const person = { clientId, isActive: true, createdAt: START, role: 'agent' as const, passwordHash: null }
    insertUser(db, { ...person, id: third as Id, email: 'cem@acme.test', name: 'Cem' })
    const drawn = fc.sample(fc.array(fc.nat(1_000_000), { minLength: 8, maxLength: 8 }), { numRuns: CALLS, seed: 5 })
    insertCalls(
      db,
      drawn.map(([who = 0, kind = 0, how = 0, when = 0, name = 0, why = 0, long = 0, note = 0]) => {
        const status = pick(CALL_STATUSES, Math.min(kind % 9, 4))
        const completed = status === 'completed'
        const outcome = completed ? pick(CALL_OUTCOMES, how) : null
        // Few different times, names and durations, so that ties are common; the insertion's order is not that of time.
        const at = START - (when % 12) * (DAY / 3)
        return workspace.newCall({
          userId: pick(users, Math.min(who % 12, 2)),
          prospectName: pick(['anna Abel', 'Anna abel', 'Ben Bohm', 'berta', 'Zoe Zander'], name),
          prospectPhone: long % 3 === 0 ? `+49 ${170 + (long % 5)}` : null,
          callType: pick(CALL_TYPES, why),
          status,
          outcome,
          lossReasonId: outcome === 'lost' ? pick([workspace.priceId, workspace.timingId, null], why) : null,
          notes: pick([null, 'call back later', 'price', 'pricey offer'], note),
          callDuration: long % 2 === 0 ? long % 7 : null,
          scheduledAt: completed ? null : at,
          completedAt: completed ? at : null,
        })
      }),
    )
  })
  const rowids = rows<{ rowid: number; id: Id }>(db, 'SELECT rowid, id FROM calls')
  const numbers = new Map(rowids.map(({ id, rowid }) => [id, rowid]))
  const request = { filter: {}, sort: { by: 'eventAt', direction: 'asc' }, after: null, skip: 0, limit: 500 } as const
  calls = listCalls(db, clientId, request, null).rows.map((call) => ({ ...call, rowid: numbers.get(call.id) ?? 0 }))
})
afterAll(() => workspace.dispose())

const words = (call: Call) =>
  [call.prospectName, call.prospectEmail, call.prospectPhone, call.notes]
    .join(' ')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? []

type Holds = (call: Call, word: string) => boolean
const begins: Holds = (call, word) => words(call).some((found) => found.startsWith(word))
const contains: Holds = (call, word) => words(call).some((found) => found.includes(word))

/** The calls that pass a filter. If no word begins like those of its text, calls that contain them. */
function passing(filter: CallFilter, own: UserId | null): (Call & { rowid: number })[] {
  const begun = calls.filter((call) => passes(call, filter, own, begins))
  // Shorter words are not looked for inside others.
  const isLong = /[a-z0-9]{3}/.test(filter.text ?? '')
  return begun.length > 0 || !isLong ? begun : calls.filter((call) => passes(call, filter, own, contains))
}

function passes(call: Call, filter: CallFilter, own: UserId | null, holds: Holds): boolean {
  const among = <T>(list: readonly T[] | undefined, value: T | null) =>
    list === undefined || list.length === 0 || (value !== null && list.includes(value))
  const reasons = filter.lossReasonIds ?? []
  const asked = filter.text?.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return (
    (own === null || call.userId === own) &&
    (filter.from === undefined || call.eventAt >= filter.from) &&
    (filter.to === undefined || call.eventAt < filter.to) &&
    among(filter.userIds, call.userId) &&
    among(filter.callTypes, call.callType) &&
    among(filter.statuses, call.status) &&
    among(filter.outcomes, call.outcome) &&
    (reasons.length === 0 || (call.outcome === 'lost' && reasons.includes(call.lossReasonId))) &&
    (filter.hasDuration === undefined || filter.hasDuration === (call.callDuration !== null)) &&
    among(filter.weekHours, weekHour(call.eventAt)) &&
    asked.every((word) => holds(call, word))
  )
}

function weekHour(instant: number): number {
  const { weekday, hour } = DateTime.fromMillis(instant, { zone: 'Europe/Berlin' })
  return (weekday - 1) * 24 + hour
}

const folded = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

function sorted(list: readonly (Call & { rowid: number })[], { by, direction }: CallSort): (Call & { rowid: number })[] {
  const sign = direction === 'asc' ? 1 : -1
  const compare = (a: Call, b: Call): number => {
    if (by === 'prospectName')
      return folded(a.prospectName) < folded(b.prospectName) ? -1 : folded(a.prospectName) > folded(b.prospectName) ? 1 : 0
    return (a[by] ?? 0) - (b[by] ?? 0)
  }
  return list.toSorted((a, b) => {
    const blanks = Number(a[by] === null) - Number(b[by] === null)
    return blanks || sign * (compare(a, b) || a.rowid - b.rowid)
  })
}

const subset = <T>(list: readonly T[]) => fc.option(fc.subarray([...list], { minLength: 1 }), { nil: undefined, freq: 3 })
const instant = fc.option(
  fc
    .integer({ min: -14, max: 3 })
    .chain((thirds) => fc.constantFrom(0, 1, 5_000).map((more) => START + thirds * (DAY / 3) + more)),
  { nil: undefined, freq: 3 },
)
const filters = () =>
  fc.record({
    from: instant,
    to: instant,
    userIds: subset(users),
    callTypes: subset(CALL_TYPES),
    statuses: subset(CALL_STATUSES),
    outcomes: subset(CALL_OUTCOMES),
    lossReasonIds: subset([workspace.priceId, workspace.timingId, null]),
    hasDuration: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
    // The calls are at 02:00, 10:00 and 18:00 of the client's zone.
    weekHours: fc.option(
      fc.uniqueArray(
        fc.tuple(fc.nat(6), fc.constantFrom(2, 10, 11, 18)).map(([day, hour]) => day * 24 + hour),
        { minLength: 1, maxLength: 12 },
      ),
      { nil: undefined, freq: 2 },
    ),
    text: fc.option(
      fc.constantFrom(
        ...['a', 'anna', 'price', 'pricey', 'call lat', '49', '49 171', 'zoe', 'nobody', '+', 'ben price'],
        ...['nna', 'nder', 'ricey', 'call ater', 'erta price', 'nna 171'],
      ),
      {
        nil: undefined,
        freq: 2,
      },
    ),
  })
const sorts = fc.record({ by: fc.constantFrom(...CALL_SORTS), direction: fc.constantFrom('asc' as const, 'desc' as const) })

/** fast-check's records hold explicit undefined; the contract's filters leave the field out. */
function given(filter: object): CallFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

test.for([
  ['the plans as they are', PLAN_LIMITS],
  ['plans that give way early', TINY],
] as const)('a page is what filtering and sorting all calls gives: %s', { timeout: 10_000 + RUNS * 30 }, ([, limits]) => {
  fc.assert(
    fc.property(
      filters(),
      sorts,
      fc.boolean(),
      fc.nat(CALLS),
      fc.oneof(fc.constant(0), fc.nat(CALLS)),
      fc.integer({ min: 1, max: 60 }),
      (loose, sort, own, start, skip, limit) => {
        const filter = given(loose)
        const ownId = own ? workspace.agentId : null
        const expected = sorted(passing(filter, ownId), sort)
        // From the top, or after some row of the list.
        const place = start % 2 === 0 ? undefined : expected[start % Math.max(1, expected.length)]
        const begin = place === undefined ? 0 : expected.indexOf(place) + 1
        const found = pageRowids(
          workspace.db,
          {
            chosen: chosenCalls(workspace.db, workspace.clientId, filter, ownId),
            order: new CallOrder(sort),
            after:
              place === undefined
                ? null
                : { value: sort.by === 'prospectName' ? nameKey(place.prospectName, '') : place[sort.by], rowid: place.rowid },
            skip,
            limit,
          },
          limits,
        )
        expect(found).toEqual(expected.slice(begin + skip, begin + skip + limit).map(({ rowid }) => rowid))
        expect(countCalls(workspace.db, workspace.clientId, filter, ownId)).toBe(expected.length)
      },
    ),
    { numRuns: RUNS },
  )
})

test('the calls are there', () => expect(calls).toHaveLength(CALLS))

test('pages joined by their cursors are the whole list, each row once', () => {
  const { db, clientId } = workspace
  for (const by of CALL_SORTS)
    for (const direction of ['asc', 'desc'] as const) {
      const found: Id[] = []
      let after: ReturnType<typeof listCalls>['next'] = null
      do {
        const page = listCalls(db, clientId, { filter: {}, sort: { by, direction }, after, skip: 0, limit: 37 }, null)
        found.push(...page.rows.map(({ id }) => id))
        after = page.next
      } while (after !== null)
      expect(found).toEqual(sorted(calls, { by, direction }).map(({ id }) => id))
    }
})

test('a cursor of another list is refused', () => {
  const { db, clientId } = workspace
  const request = { filter: {}, sort: { by: 'eventAt', direction: 'desc' }, after: null, skip: 0, limit: 1 } as const
  const { next } = listCalls(db, clientId, request, null)
  expect(next).not.toBeNull()
  expect(() =>
    listCalls(db, clientId, { ...request, after: next, sort: { by: 'prospectName', direction: 'asc' } }, null),
  ).toThrow(expect.objectContaining({ code: 'INVALID' }))
})
