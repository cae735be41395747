import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_SHOW_KINDS } from '../../core/metrics/no-shows.ts'
import type { CallId } from '../../core/id.ts'
import { phoneIdentity } from '../../core/model/prospect-identity.ts'
import type { Call, NewCall } from '../../core/model/call.ts'
import { CALL_STATUSES } from '../../core/model/call-fields.ts'
import { phoneToE164 } from '../../core/text/phone-number.ts'
import { deleteCall, insertCalls, restoreCall, updateCall } from '../commands/calls.ts'
import { putSettings } from '../commands/settings.ts'
import { defaultCountry, deriveStep } from '../derive-calls.ts'
import type { ReadableDb, WritableDb } from '../open.ts'
import { immediately } from '../statements.ts'
import { beginBulkLoad, finishBulkLoad } from '../sync/bulk-load.ts'
import { START, TestWorkspace } from '../testing/test-workspace.ts'
import { listCalls } from './calls.ts'
import { wrongNoShows } from './derived-soundness.ts'
import { listNoShows, noShowAgeing, type NoShowsOf } from './no-shows.ts'

const HOUR = 3_600_000
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 15)
const PHONES = [
  '+49 30 5550001',
  '030/5550001',
  '(030) 555-0001',
  '030 5550002',
  '12 34 5',
  '12-34.5',
  '1234',
  'ext 12345',
  'none',
  null,
]
const EMAILS = ['jo@acme.test', 'JO@acme.test', 'ann@acme.test', null]

const quantile = (ages: readonly number[], share: number) =>
  ages.toSorted((a, b) => a - b)[Math.ceil(share * ages.length) - 1] ?? null
const ageing = (ages: readonly number[]) => ({ count: ages.length, median: quantile(ages, 0.5), p90: quantile(ages, 0.9) })

const someCalls = ({ agentId, adminId }: TestWorkspace) =>
  fc
    .record({
      status: fc.oneof(fc.constantFrom(...CALL_STATUSES), fc.constant('no_show' as const)),
      userId: fc.constantFrom(agentId, adminId),
      prospectPhone: fc.constantFrom(...PHONES),
      prospectEmail: fc.constantFrom(...EMAILS),
      callType: fc.constantFrom('inbound' as const, 'outbound' as const),
      at: fc.integer({ min: -30, max: 30 }).map((hours) => START + hours * HOUR),
    })
    .map(({ at, ...call }): Partial<NewCall> => {
      const isCompleted = call.status === 'completed'
      return {
        ...call,
        outcome: isCompleted ? 'won' : null,
        scheduledAt: isCompleted ? null : at,
        completedAt: isCompleted ? at : null,
      }
    })

/** Moves the calls of one statement, so that the triggers of a row see the moved rows before it. */
function moveAll(db: WritableDb, hours: number): void {
  db.sqlite.exec(`UPDATE calls SET scheduled_at = scheduled_at + ${hours * HOUR} * (rowid % 3) WHERE scheduled_at IS NOT NULL`)
}

/** The phone numbers of all calls are read again. */
function changeCountry(workspace: TestWorkspace, country: string | null): void {
  const { db, clientId } = workspace
  workspace.write(() => putSettings(db, clientId, { default_country: country }))
  while (deriveStep(db));
}

test(
  'no-shows wait until the next attempt with the same phone number or e-mail address, after any change',
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(fc.gen(), (draw) => {
        const workspace = new TestWorkspace()
        try {
          const { db, clientId, agentId } = workspace
          changeCountry(
            workspace,
            draw(() => fc.constantFrom('DE', null)),
          )
          const some = someCalls(workspace)
          const drawn = draw(fc.array, some, { minLength: 10, maxLength: 30 }).map((call) => workspace.newCall(call))
          const isBulk = draw(fc.boolean)
          if (isBulk) beginBulkLoad(db)
          workspace.write(() => insertCalls(db, drawn))
          if (isBulk) immediately(db, () => finishBulkLoad(db))
          const deleted = new Set<CallId>()
          for (const change of draw(fc.array, fc.constantFrom('update', 'delete', 'restore', 'all', 'country'), {
            maxLength: 25,
          })) {
            const id = draw(() => fc.constantFrom(...drawn.map((call) => call.id)))
            const next = draw(() => some)
            if (change === 'all') workspace.write(() => moveAll(db, draw(fc.integer, { min: -2, max: 2 })))
            else if (change === 'country')
              changeCountry(
                workspace,
                draw(() => fc.constantFrom('DE', null)),
              )
            else if (change === 'restore' && deleted.delete(id)) workspace.write(() => restoreCall(db, id))
            else if (change === 'update' && !deleted.has(id)) workspace.write(() => updateCall(db, id, next))
            else if (change === 'delete' && !deleted.has(id)) {
              workspace.write(() => deleteCall(db, id))
              deleted.add(id)
            }
            expect(wrongNoShows(db), change).toBe(0)
          }
          const country = defaultCountry(db, clientId)
          const sort = { by: 'eventAt', direction: 'desc' } as const
          const calls = listCalls(db, clientId, { filter: {}, sort, after: null, skip: 0, limit: 500 }, null).rows
          const isOwn = draw(fc.boolean)
          const now = START + draw(fc.integer, { min: -10, max: 30 }) * HOUR
          const range = { from: START + draw(fc.integer, { min: -30, max: 0 }) * HOUR, to: now }
          const of: NoShowsOf = {
            selection: {
              clientId,
              zone: 'UTC',
              userIds: isOwn ? [agentId] : draw(() => fc.constantFrom(null, [agentId])),
              callTypes: draw(() => fc.constantFrom<'inbound'[] | null>(null, ['inbound'])),
            },
            range: { from: Math.min(range.from, range.to), to: range.to },
            now,
            readerId: isOwn ? agentId : null,
          }
          const phoneOf = ({ prospectPhone }: Call) =>
            phoneIdentity(prospectPhone, prospectPhone === null ? null : phoneToE164(prospectPhone, country))
          const isSameProspect = (a: Call, b: Call) =>
            (phoneOf(a) !== null && phoneOf(a) === phoneOf(b)) ||
            (a.prospectEmail !== null && a.prospectEmail.toLowerCase() === b.prospectEmail?.toLowerCase())
          const noShows = calls.filter(
            (call) =>
              call.status === 'no_show' &&
              call.eventAt >= of.range.from &&
              call.eventAt < of.range.to &&
              (of.selection.userIds?.includes(call.userId) ?? true) &&
              (of.selection.callTypes === null || call.callType === 'inbound'),
          )
          const nextOf = (call: Call) =>
            calls
              .filter(
                (next) =>
                  ['completed', 'no_show', 'rescheduled'].includes(next.status) &&
                  next.eventAt > call.eventAt &&
                  next.eventAt < now &&
                  (!isOwn || next.userId === agentId) &&
                  isSameProspect(call, next),
              )
              .at(-1)
          const kindOf = (call: Call) =>
            nextOf(call) !== undefined
              ? 'answered'
              : phoneOf(call) === null && call.prospectEmail === null
                ? 'no_contact'
                : 'unanswered'
          const byKind = Map.groupBy(noShows, kindOf)
          const ofKind = (kind: (typeof NO_SHOW_KINDS)[number]) => byKind.get(kind) ?? []
          expect(noShowAgeing(db, of)).toEqual({
            answered: ageing(ofKind('answered').map((call) => (nextOf(call)?.eventAt ?? NaN) - call.eventAt)),
            unanswered: ageing(ofKind('unanswered').map((call) => now - call.eventAt)),
            noContact: ofKind('no_contact').length,
          })
          for (const kind of NO_SHOW_KINDS) {
            const { rows: listed } = listNoShows(db, of, { kind, after: null, skip: 0, limit: 500 })
            expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(ofKind(kind).map(({ id }) => id)))
          }
        } finally {
          workspace.dispose()
        }
      }),
      { numRuns: RUNS },
    )
  },
)

/** Returns each statement of a read, with its plan and the number of values in the JSON parameters of all its runs. */
function statementsOf(workspace: TestWorkspace, run: (db: ReadableDb) => void) {
  const db = workspace.reader()
  const found = new Map<string, { plan: string; values: number }>()
  const prepare = db.sqlite.prepare.bind(db.sqlite)
  Object.assign(db.sqlite, {
    prepare(text: string) {
      const statement = prepare(text)
      for (const method of ['get', 'all', 'iterate'] as const) {
        const original = statement[method].bind(statement)
        Object.assign(statement, {
          [method](...values: unknown[]) {
            const lines = prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[]
            const plan = lines.map(({ detail }) => detail).join('\n')
            const listed = values.flatMap((value) =>
              typeof value === 'string' && value.startsWith('[') ? (JSON.parse(value) as []) : [],
            )
            found.set(text, { plan, values: (found.get(text)?.values ?? 0) + listed.length })
            return original(...values)
          },
        })
      }
      return statement
    },
  })
  try {
    run(db)
    return [...found.values()]
  } finally {
    db.close()
  }
}

/** Adds no-shows at the same time with the same phone number, and later cancelled calls with it, which are no attempts. */
function addNoShowsAtOnce(workspace: TestWorkspace, count: number): void {
  const call = (status: 'no_show' | 'cancelled', at: number) =>
    workspace.newCall({
      status,
      outcome: null,
      scheduledAt: at,
      completedAt: null,
      prospectPhone: '+49 30 5550001',
      prospectEmail: 'jo@acme.test',
    })
  const added = Array.from({ length: count }, (_, n) => [call('no_show', START), call('cancelled', START + 1 + n)])
  workspace.write(() => insertCalls(workspace.db, added.flat()))
}

/** Runs the ageing, the first page and a later page of the list. */
function runsOf(of: NoShowsOf): ((db: ReadableDb) => void)[] {
  const page = { kind: 'unanswered', after: null, skip: 0, limit: 1 } as const
  return [
    (db) => void noShowAgeing(db, of),
    (db) => void listNoShows(db, of, page),
    (db) => void listNoShows(db, of, { ...page, after: listNoShows(db, of, page).next }),
  ]
}

test('the no-shows of everyone are read from their table in the order of their time', () => {
  const workspace = new TestWorkspace()
  try {
    addNoShowsAtOnce(workspace, 2)
    const { clientId, agentId } = workspace
    for (const userIds of [null, [agentId]]) {
      const selection = { clientId, zone: 'UTC', userIds, callTypes: null }
      const of = { selection, range: { from: 0, to: START + HOUR }, now: START + HOUR, readerId: null }
      for (const run of runsOf(of)) {
        const plans = statementsOf(workspace, run).map(({ plan }) => plan)
        expect(plans.filter((plan) => plan.startsWith('SEARCH local_no_shows USING PRIMARY KEY (client_id=? AND'))).not.toEqual(
          [],
        )
        // Only the rows of a page, at most 500, are sorted.
        for (const plan of plans.filter((each) => !each.startsWith('SCAN json_each')))
          expect(plan).not.toMatch(/SCAN calls|SCAN local_no_shows|SEARCH n |TEMP B-TREE/)
      }
    }
  } finally {
    workspace.dispose()
  }
})

test('own no-shows are read in the order of their time, and the next attempt is found by the indexes of phone numbers and e-mail addresses', () => {
  const workspace = new TestWorkspace()
  try {
    addNoShowsAtOnce(workspace, 2)
    const { clientId, agentId } = workspace
    const selection = { clientId, zone: 'UTC', userIds: [agentId], callTypes: null }
    const of = { selection, range: { from: 0, to: START + HOUR }, now: START + HOUR, readerId: agentId }
    for (const run of runsOf(of)) {
      const plans = statementsOf(workspace, run).map(({ plan }) => plan)
      expect(
        plans.some((plan) => /^SEARCH n USING INDEX calls_by_phone \(<expr>=\? AND event_at>\? AND event_at<\?\)$/m.test(plan)),
      ).toBe(true)
      expect(
        plans.some((plan) => /^SEARCH n USING INDEX calls_by_email \(<expr>=\? AND event_at>\? AND event_at<\?\)$/m.test(plan)),
      ).toBe(true)
      // Only the rows of a page, at most 500, are sorted.
      for (const plan of plans.filter((each) => !each.startsWith('SCAN json_each')))
        expect(plan).not.toMatch(/SCAN calls|SCAN n\b|TEMP B-TREE/)
    }
  } finally {
    workspace.dispose()
  }
})

/** More no-shows than are searched at a time. */
const COUNT = 1_200

test('own no-shows at the same time with the same prospect share one search, so that the calls after them are read once', () => {
  const workspace = new TestWorkspace()
  try {
    addNoShowsAtOnce(workspace, COUNT)
    const { clientId, agentId } = workspace
    const selection = { clientId, zone: 'UTC', userIds: [agentId], callTypes: null }
    const of = { selection, range: { from: 0, to: START + HOUR }, now: START + HOUR, readerId: agentId }
    const searches = (run: (db: ReadableDb) => void) =>
      statementsOf(workspace, run)
        .filter(({ plan }) => plan.includes('SEARCH n '))
        .map(({ values }) => values)
    expect(searches((db) => expect(noShowAgeing(db, of).unanswered.count).toBe(COUNT))).toEqual([1, 1])
    const page = { kind: 'unanswered', after: null, skip: 700, limit: 400 } as const
    expect(searches((db) => expect(listNoShows(db, of, page).rows).toHaveLength(400))).toEqual([1, 1])
  } finally {
    workspace.dispose()
  }
})
