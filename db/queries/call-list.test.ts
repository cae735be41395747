import fc from 'fast-check'
import { DateTime } from 'luxon'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BY_RANK, CALL_SORTS, type CallFilter, type CallSort, type ColumnSort } from '../../core/contract/calls.ts'
import type { Id, UserId } from '../../core/id.ts'
import { nameKey } from '../../core/text/name-key.ts'
import { comparedText } from '../../core/text/search-words.ts'
import { acceptedErrors, typingErrors } from '../../core/text/typing-errors.ts'
import type { Call } from '../../core/model/call.ts'
import { CALL_OUTCOMES, CALL_STATUSES, CALL_TYPES } from '../../core/model/call-fields.ts'
import { insertCalls } from '../commands/calls.ts'
import { insertUser } from '../commands/users.ts'
import { rows } from '../statements.ts'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { pageRowids } from './call-list.ts'
import { PLAN_LIMITS, type PlanLimits } from './call-walks.ts'
import { CallOrder } from './call-order.ts'
import { COUNT_LIMITS, countAllCalls, countCalls, type CountLimits } from './call-count.ts'
import { listCalls } from './calls.ts'
import { exportedCalls } from './exported-calls.ts'
import { rankedRowids } from './ranked-calls.ts'
import { ENOUGH, searchOf } from './text-search.ts'

const DAY = 86_400_000
const CALLS = 400
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 300)
/** Small enough for 400 calls to meet every plan. */
const TINY: PlanLimits = {
  firstLook: 20,
  few: 15,
  fewEntries: 40,
  fewToJump: 40,
  fewToKeep: 30,
  fewToRead: 12,
  firstChunk: 1,
  leastChunk: 7,
  largestChunk: 50,
}

const NAMES = ['anna Abel', 'Anna abel', 'Ben Bohm', 'berta', 'Zoe Zander', 'Hanna Bohmann', 'Jörg Müller', 'Price Abelson']
/** Spellings of the words of names. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = { 'Jörg Müller': ['joerg', 'mueller'] }

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
          prospectName: pick(NAMES, name),
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

const wordsOf = (text: string) => comparedText(text).match(/[a-z0-9]+/g) ?? []
const nameWords = ({ prospectName }: Call) => [...wordsOf(prospectName), ...(SPELLINGS[prospectName] ?? [])]
const words = (call: Call) => [
  ...nameWords(call),
  ...wordsOf([call.prospectEmail, call.prospectPhone, call.notes].filter((text) => text !== null).join(' ')),
]

type Row = Call & { readonly rowid: number }
type Test = (asked: string, word: string) => boolean
const isWhole: Test = (asked, word) => word === asked
const begins: Test = (asked, word) => word.startsWith(asked)
const contains: Test = (asked, word) => word.includes(asked)

/** The words of names that differ from a word by a typing error. */
function near(asked: string): string[] {
  const accepted = acceptedErrors(asked)
  const errors = (word: string) => typingErrors(asked, word, 2)
  const vocabulary = new Set(calls.flatMap(nameWords))
  return [...vocabulary].filter((word) => {
    const sameHead = word.slice(0, 2) === asked.slice(0, 2)
    return accepted > 0 && !word.startsWith(asked) && errors(word) <= (sameHead ? accepted : 1)
  })
}

/** The calls that pass a filter, in the tiers of a ranked list. */
function passing(filter: CallFilter, own: UserId | null): Row[][] {
  const candidates = calls.filter((call) => passes(call, filter, own))
  const asked = wordsOf(filter.text ?? '')
  if (asked.length === 0) return [candidates]
  const having = (isMatch: Test, wordsIn: (call: Call) => string[]) => (call: Call) =>
    asked.every((each) => wordsIn(call).some((word) => isMatch(each, word)))
  const tiersOf = (...tests: readonly ((call: Call) => boolean)[]) =>
    tests.map((isIn, tier) => candidates.filter((call) => isIn(call) && !tests.slice(0, tier).some((earlier) => earlier(call))))
  const begun = [having(isWhole, nameWords), having(begins, nameWords), having(begins, words)] as const
  const found = candidates.filter(begun[2])
  if (found.length >= ENOUGH) return tiersOf(...begun)
  // Shorter words are not looked for inside others.
  const inside = /[a-z0-9]{3}/.test(filter.text ?? '') ? candidates.filter(having(contains, words)) : []
  if (found.length === 0 && inside.length > 0) return [inside]
  const unknown = asked.filter(
    (each) => acceptedErrors(each) > 0 && !calls.some((call) => words(call).some((word) => begins(each, word))),
  )
  const replaced = new Map(asked.map((each) => [each, unknown.length === 0 || unknown.includes(each) ? near(each) : []]))
  const isNear: Test = (each, word) => begins(each, word) || replaced.get(each)?.includes(word) === true
  return tiersOf(...begun, having(isNear, nameWords), having(isNear, words))
}

function passes(call: Call, filter: CallFilter, own: UserId | null): boolean {
  const among = <T>(list: readonly T[] | undefined, value: T | null) =>
    list === undefined || list.length === 0 || (value !== null && list.includes(value))
  const reasons = filter.lossReasonIds ?? []
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
    among(filter.weekHours, weekHour(call.eventAt))
  )
}

function weekHour(instant: number): number {
  const { weekday, hour } = DateTime.fromMillis(instant, { zone: 'Europe/Berlin' })
  return (weekday - 1) * 24 + hour
}

const folded = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

const LATEST: ColumnSort = { by: 'eventAt', direction: 'desc' }

function listed(tiers: readonly (readonly Row[])[], sort: CallSort): Row[] {
  return sort.by === 'rank' ? tiers.flatMap((tier) => sorted(tier, LATEST)) : sorted(tiers.flat(), sort)
}

function sorted(list: readonly Row[], { by, direction }: ColumnSort): Row[] {
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
        ...['abel', 'abelson', 'hanna', 'hana', 'annna', 'abell', 'zandre', 'anna able', 'bohmenn', 'abelsson', 'aeblson'],
        ...['mueller', 'muller', 'muler', 'meuller', 'joerg muler', 'jorg', 'bertta', 'offre', 'aana price', 'preis', 'eb ander'],
      ),
      {
        nil: undefined,
        freq: 2,
      },
    ),
  })
const columnSorts = fc.record({ by: fc.constantFrom(...CALL_SORTS), direction: fc.constantFrom('asc' as const, 'desc' as const) })
const sorts: fc.Arbitrary<CallSort> = fc.oneof(
  { weight: 2, arbitrary: columnSorts },
  { weight: 1, arbitrary: fc.constant(BY_RANK) },
)

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
        const tiers = passing(filter, ownId)
        const expected = listed(tiers, sort)
        // From the top, or after some row of the list.
        const place = start % 2 === 0 ? undefined : expected[start % Math.max(1, expected.length)]
        const begin = place === undefined ? 0 : expected.indexOf(place) + 1
        const search = searchOf(workspace.db, workspace.clientId, filter, ownId)
        const page = { skip, limit, after: place === undefined ? null : keyOf(place, sort, tiers) }
        const found =
          sort.by === 'rank'
            ? rankedRowids(workspace.db, search, page, limits).map(({ rowid }) => rowid)
            : pageRowids(workspace.db, { ...page, chosen: search.chosen, order: new CallOrder(sort) }, limits)
        expect(found).toEqual(expected.slice(begin + skip, begin + skip + limit).map(({ rowid }) => rowid))
        expect(countAllCalls(workspace.db, workspace.clientId, filter, ownId)).toBe(expected.length)
        const count = (limits: CountLimits) => countCalls(workspace.db, workspace.clientId, filter, ownId, limits)
        expect(count(COUNT_LIMITS)).toEqual({ total: expected.length, exact: true })
        const bounded = count({ found: limit, entries: limit, few: 12, fewToRead: 5, latest: 25 })
        if (bounded.exact) expect(bounded.total).toBe(expected.length)
        else {
          expect(bounded.total).toBeGreaterThan(0)
          expect(bounded.total).toBeLessThanOrEqual(expected.length)
          if (search.chosen.match !== null) expect(bounded.total).toBeLessThanOrEqual(limit)
        }
      },
    ),
    { numRuns: RUNS },
  )
})

function keyOf(place: Row, sort: CallSort, tiers: readonly (readonly Row[])[]) {
  const tier = sort.by === 'rank' ? tiers.findIndex((each) => each.includes(place)) : 0
  const value = sort.by === 'rank' ? place.eventAt : sort.by === 'prospectName' ? nameKey(place.prospectName, '') : place[sort.by]
  return { tier, value, rowid: place.rowid }
}

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

test('pages of a ranked list joined by their cursors are the whole list, each row once', () => {
  const { db, clientId } = workspace
  for (const text of ['abel', 'price', 'anna', 'hana', 'ricey', undefined]) {
    const filter = given({ text })
    const found: Id[] = []
    let after: ReturnType<typeof listCalls>['next'] = null
    do {
      const page = listCalls(db, clientId, { filter, sort: BY_RANK, after, skip: 0, limit: 7 }, null)
      found.push(...page.rows.map(({ id }) => id))
      after = page.next
    } while (after !== null)
    const expected = listed(passing(filter, null), BY_RANK).map(({ id }) => id)
    expect(found, text).toEqual(expected)
    const exported = [...exportedCalls(db, clientId, { filter, sort: BY_RANK }, null)].flat()
    expect(exported.map(({ id }) => id)).toEqual(expected)
  }
})

test('a made cursor shows an agent no call of others', () => {
  const { db, clientId, agentId } = workspace
  for (const tier of [-1, 0, 1, 2, 9, 1.5]) {
    const after = JSON.stringify(['calls.rank', tier, 9e12, 9e12]) as never
    const page = listCalls(db, clientId, { filter: { text: 'abel' }, sort: BY_RANK, after, skip: 0, limit: 100 }, agentId)
    expect(page.rows.filter(({ userId }) => userId !== agentId)).toEqual([])
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
