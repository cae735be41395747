import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ProspectMatch } from '../../../core/contract/prospects.ts'
import type { UserId } from '../../../core/id.ts'
import type { Call, NewCall } from '../../../core/model/call.ts'
import { CALL_STATUSES } from '../../../core/model/call-fields.ts'
import { phoneToE164 } from '../../../core/text/phone-number.ts'
import { insertCalls } from '../../commands/calls.ts'
import { putSettings } from '../../commands/settings.ts'
import { START, TestWorkspace } from '../../testing/test-workspace.ts'
import { callsByRowid, listCalls } from '../calls.ts'
import { rankedRowids } from '../ranked-calls.ts'
import { LATEST_FIRST } from '../call-order.ts'
import { searchOf } from '../text-search.ts'
import { matchProspects } from './prospect-match.ts'

const HOUR = 3_600_000
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60)

let workspace: TestWorkspace
beforeEach(() => {
  workspace = new TestWorkspace()
  workspace.write(() => putSettings(workspace.db, workspace.clientId, { default_country: 'DE' }))
})
afterEach(() => workspace.dispose())

const find = (text: string, limit = 8, readerId: UserId | null = null) =>
  matchProspects(workspace.db, { clientId: workspace.clientId, readerId }, { text, limit })
const names = (text: string, readerId: UserId | null = null) => find(text, 8, readerId).map(({ prospectName }) => prospectName)

function add(over: Partial<NewCall>, at = START): Call {
  const isCompleted = over.status === 'completed'
  return workspace.addCall({
    scheduledAt: isCompleted ? null : at,
    completedAt: isCompleted ? at : null,
    outcome: isCompleted ? 'won' : null,
    ...over,
  })
}

test('all forms of one phone number and of one e-mail address are one prospect, shown as typed', () => {
  const forms = ['+49 30 5551234', '0049 30 5551234', '030/5551234', '(030) 555-1234 ext. 7', '+49305551234']
  for (const [hour, prospectPhone] of forms.entries())
    add({ prospectName: 'Anna Berg', prospectPhone, status: 'completed' }, START + hour * HOUR)
  add({ prospectName: 'Anna Berg', prospectEmail: 'Anna@Acme.test' }, START + 9 * HOUR)
  add({ prospectName: 'A. Berg', prospectEmail: 'anna@acme.test', status: 'completed', outcome: 'lost' }, START + 8 * HOUR)
  const [byAddress, byNumber, ...others] = find('berg')
  expect(others).toEqual([])
  expect(byAddress).toMatchObject({ prospectName: 'Anna Berg', prospectEmail: 'Anna@Acme.test', calls: 2 })
  expect(byAddress?.lastCall).toMatchObject({ status: 'completed', outcome: 'lost' })
  expect(byNumber).toMatchObject({ prospectPhone: '+49305551234', phoneE164: '+49305551234', calls: 5 })
})

test('a call with a phone number and an e-mail address connects the calls of both, one step', () => {
  add({ prospectName: 'First', prospectPhone: '030 5551111' })
  add({ prospectName: 'Second', prospectPhone: '030 5551111', prospectEmail: 'jo@acme.test' })
  add({ prospectName: 'Third', prospectEmail: 'jo@acme.test', prospectPhone: '030 5552222' })
  add({ prospectName: 'Fourth', prospectPhone: '030 5552222', prospectEmail: 'other@acme.test' })
  expect(find('first')).toMatchObject([{ calls: 3 }])
  expect(find('second')).toMatchObject([{ calls: 4 }])
})

test('a number that appears with many addresses connects none of them', () => {
  for (let n = 0; n <= 10; n++)
    add({ prospectName: `Office ${n}`, prospectPhone: '030 5550000', prospectEmail: `p${n}@acme.test` })
  add({ prospectName: 'Alone', prospectEmail: 'p0@acme.test' })
  expect(find('alone')).toMatchObject([{ calls: 2 }])
  expect(find('030 5550000')).toMatchObject([{ calls: 11, prospectName: 'Office 10' }])
})

test('two people with the same name are two prospects, and notes are not searched', () => {
  add({ prospectName: 'Jo Smith', prospectPhone: '030 5551111', notes: 'price of Carl' })
  add({ prospectName: 'Jo Smith', prospectPhone: '030 5552222' })
  add({ prospectName: 'Jo Smith' })
  expect(find('smith')).toHaveLength(3)
  expect(find('smith').at(-1)).toMatchObject({ prospectPhone: null, prospectEmail: null, calls: 1 })
  expect(names('price')).toEqual([])
  expect(names('carl')).toEqual([])
  expect(names('smith price')).toEqual([])
})

test('the exact number comes first, then names that begin with the text, then the latest', () => {
  add({ prospectName: 'Carl Ann', prospectPhone: '030 5551111' }, START + 9 * HOUR)
  add({ prospectName: 'Ann One', prospectPhone: '030 5552222' }, START)
  add({ prospectName: 'Ann Two', prospectPhone: '030 5553333' }, START + HOUR)
  expect(names('ann')).toEqual(['Ann Two', 'Ann One', 'Carl Ann'])
  add({ prospectName: 'Long', prospectPhone: '030 55511117' }, START + 10 * HOUR)
  expect(names('0305551111')).toEqual(['Carl Ann', 'Long'])
  expect(names('5551')).toEqual(['Long', 'Carl Ann'])
  expect(names('511117')).toEqual(['Long'])
})

test('the follow-up is the earliest scheduled call, and the last call is not a scheduled one', () => {
  const prospect = { prospectName: 'Anna', prospectPhone: '030 5551234' }
  add({ ...prospect, status: 'no_show' }, START)
  const open = add(prospect, START - HOUR)
  add(prospect, START + HOUR)
  add({ ...prospect, status: 'cancelled' }, START - 2 * HOUR)
  expect(find('anna')).toMatchObject([
    { calls: 4, lastCall: { status: 'no_show', outcome: null }, openFollowUp: { id: open.id, scheduledAt: START - HOUR } },
  ])
})

test('an agent finds only their own calls, also through a common number', () => {
  const { adminId, agentId } = workspace
  add({ prospectName: 'Theirs', prospectPhone: '030 5551111', userId: adminId, prospectEmail: 'x@acme.test' })
  add({ prospectName: 'Mine', prospectPhone: '030 5551111', userId: agentId })
  add({ prospectName: 'Also mine', prospectEmail: 'x@acme.test', userId: agentId })
  expect(names('theirs', agentId)).toEqual([])
  expect(find('mine', 8, agentId)).toMatchObject([{ calls: 1 }, { calls: 1 }])
  expect(find('mine')).toMatchObject([{ calls: 3 }])
})

test('a text that matches more calls than are read finds the calls that were stored last', () => {
  for (let n = 0; n < 30; n++) add({ prospectName: `Ann ${n}`, prospectPhone: `030 55500${10 + n}`, notes: 'will call' })
  add({ prospectName: 'Will', prospectPhone: '030 5559999' })
  const reader = { clientId: workspace.clientId, readerId: null }
  const within = (text: string, read: number) =>
    matchProspects(workspace.db, reader, { text, limit: 3 }, { read, chunk: 1, enough: 3 }).map(
      ({ prospectName }) => prospectName,
    )
  expect(within('will', 1)).toEqual(['Will'])
  expect(within('ann', 30)).toEqual(['Ann 29', 'Ann 28', 'Ann 27'])
})

const NAMES = ['Anna Berg', 'Anna Bergmann', 'Bert Anders', 'Jürgen Müller', 'Jurgen Mueller', 'O’Brien', '🙂 Zoë', 'محمد علي']
const PHONES = ['+49 30 5550001', '030/5550001', '(030) 555-0001 x9', '+49 30 5550012', '5550', '12-34.5', '١٢٣٤٥٦٧', null, null]
const EMAILS = ['anna@acme.test', 'ANNA@acme.test', 'bert.a@acme.test', null, null]
/** The first tier of a search that accepts typing errors. */
const ERRORS = 3
const TEXTS = [...NAMES, ...PHONES, ...EMAILS].filter((each) => each !== null)

/** The same definitions, over all calls and without an index. */
class Oracle {
  readonly #calls: readonly Call[]
  constructor(calls: readonly Call[]) {
    this.#calls = calls
  }

  phone({ prospectPhone }: Pick<Call, 'prospectPhone'>): string | null {
    if (prospectPhone === null) return null
    const digits = prospectPhone.replaceAll(/[ +\-./()]/g, '')
    return phoneToE164(prospectPhone, 'DE') ?? (/^[0-9]{5,}$/.test(digits) ? digits : null)
  }

  keys(call: Call): string[] {
    const phone = this.phone(call)
    const email = call.prospectEmail?.toLowerCase()
    return [...(phone === null ? [] : [phone]), ...(email === undefined ? [] : [email])]
  }

  /** The calls that have a key in common with a call of the prospect of `call`, one step. */
  keysOfProspect(call: Call): Set<string> {
    const own = this.keys(call)
    return new Set([
      ...own,
      ...own.flatMap((key) => this.#calls.filter((each) => this.keys(each).includes(key)).flatMap((each) => this.keys(each))),
    ])
  }

  prospect(call: Call): Call[] {
    const keys = this.keysOfProspect(call)
    return this.#calls.filter((each) => each.id === call.id || this.keys(each).some((key) => keys.has(key)))
  }
}

test('the prospects of a search are those that a search through all calls finds', { timeout: 120_000 }, () => {
  const { db, clientId, agentId, adminId } = workspace
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          prospectName: fc.constantFrom(...NAMES),
          prospectPhone: fc.constantFrom(...PHONES),
          prospectEmail: fc.constantFrom(...EMAILS),
          userId: fc.constantFrom(agentId, adminId),
          status: fc.constantFrom(...CALL_STATUSES),
          at: fc.integer({ min: -30, max: 30 }).map((hours) => START + hours * HOUR),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      fc
        .constantFrom(...TEXTS)
        .chain((text) => fc.integer({ min: 1, max: text.length }).map((length) => text.slice(0, length).trim())),
      fc.boolean(),
      (drawn, text, isOwn) => {
        workspace.write(() => db.sqlite.exec('DELETE FROM calls'))
        const rows = drawn.map(({ at, ...call }) => {
          const isCompleted = call.status === 'completed'
          const times = { scheduledAt: isCompleted ? null : at, completedAt: isCompleted ? at : null }
          return workspace.newCall({ ...call, ...times, outcome: isCompleted ? 'won' : null })
        })
        workspace.write(() => insertCalls(db, rows))
        const sort = { by: 'eventAt', direction: 'desc' } as const
        const visible = listCalls(
          db,
          clientId,
          { filter: {}, sort, after: null, skip: 0, limit: 500 },
          isOwn ? agentId : null,
        ).rows
        const oracle = new Oracle(visible)
        const found = find(text, 20, isOwn ? agentId : null)
        // Without notes, the list's search finds the same calls, except numbers in the middle of numbers and names with typing errors.
        const search = searchOf(db, clientId, { text }, isOwn ? agentId : null)
        const ranked = rankedRowids(db, search, { after: null, skip: 0, limit: 500 }).filter(({ tier }) => tier < ERRORS)
        const listed = callsByRowid(
          db,
          ranked.map(({ rowid }) => rowid),
          LATEST_FIRST,
        )
        const callOf = (match: ProspectMatch) =>
          visible.find(
            (call) =>
              call.prospectName === match.prospectName &&
              call.prospectPhone === match.prospectPhone &&
              call.prospectEmail === match.prospectEmail,
          )
        const reached = found.map((match) => {
          const call = callOf(match)
          expect(call).toBeDefined()
          return call === undefined ? [] : oracle.prospect(call)
        })
        if (/[\p{L}\p{N}]/u.test(text)) for (const call of listed) expect(reached.flat().map(({ id }) => id)).toContain(call.id)
        for (const [at, match] of found.entries()) {
          const all = reached[at] ?? []
          const open = all.filter(({ status, scheduledAt }) => status === 'scheduled' && scheduledAt !== null)
          const past = all.filter(({ status }) => status !== 'scheduled')
          expect(match.calls).toBe(all.length)
          expect(match.openFollowUp?.scheduledAt ?? null).toBe(
            open.length === 0 ? null : Math.min(...open.map(({ scheduledAt }) => scheduledAt ?? 0)),
          )
          expect(match.lastCall.at).toBe(Math.max(...(past.length > 0 ? past : all).map(({ eventAt }) => eventAt)))
        }
        // No two rows are the same prospect: the call of a later row has no phone number or address of an earlier one.
        for (const [at, match] of found.entries()) {
          const call = callOf(match)
          if (call === undefined) continue
          for (const earlier of found.slice(0, at)) {
            const first = callOf(earlier)
            if (first === undefined || oracle.keys(call).length === 0) continue
            const keys = oracle.keysOfProspect(first)
            expect(oracle.keys(call).filter((key) => keys.has(key))).toEqual([])
          }
        }
      },
    ),
    { numRuns: RUNS, seed: 20 },
  )
})
