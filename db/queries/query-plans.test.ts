import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../core/assert.ts'
import { BY_RANK, type CallFilter, type ColumnSort } from '../../core/contract/calls.ts'
import type { CallId, UserId } from '../../core/id.ts'
import { PROOF_RULES } from '../../core/metrics/proof.ts'
import { countReportsIfDue } from '../report-zone.ts'
import { openWritable, type ReadableDb, type WritableDb } from '../open.ts'
import { countOpenConflicts, openConflicts } from '../sync/conflicts.ts'
import {
  acceptRange,
  countPending,
  hasPending,
  nextOperations,
  pendingOverlays,
  sentOperations,
  waitingAmong,
} from '../sync/outbox.ts'
import { markPublished } from '../sync/publication.ts'
import { countRejections, openRejections, settleMadeAgain } from '../sync/rejections.ts'
import { forgetScope } from '../sync/remove-rows.ts'
import { saveNewVersions, versionsOf } from '../sync/versions.ts'
import { TestWorkspace } from '../testing/test-workspace.ts'
import { agendaDays } from '../../core/agenda/agenda-groups.ts'
import { listAgenda } from './agenda.ts'
import { listAudit, listAuditOfRecord, listWaitingAudit } from './audit.ts'
import { callChain } from './call-chain.ts'
import { countCalls } from './call-count.ts'
import { PLAN_LIMITS } from './call-walks.ts'
import { getCall, listCalls } from './calls.ts'
import { listNoNextStep } from './no-next-step.ts'
import { countsByBucket, countsByHour, countsByUser, type ReportSelection } from './report-counts.ts'
import { lossCounts, undecidedAgeing } from './report-page.ts'
import { countOtherTime, listByRule } from './report-proof.ts'
import { matchProspects } from './prospects/prospect-match.ts'
import { countWaitingChanges } from './status.ts'
import { writeTransaction } from '../write-transaction.ts'

let workspace: TestWorkspace
let chainedId: CallId
beforeAll(() => {
  workspace = new TestWorkspace()
  // Enough calls for the first walk to fill a page.
  for (const lossReasonId of [workspace.priceId, null, null, null])
    chainedId = workspace.addCall({
      status: 'completed',
      outcome: 'lost',
      completedAt: 5,
      lossReasonId,
      callDuration: 1,
      notes: 'a common word',
    }).id
  countReportsIfDue(workspace.db)
})
afterAll(() => workspace.dispose())

const PERIOD = { from: 1, to: 9e11 }
const report = (userIds: readonly UserId[] | null): ReportSelection => ({
  clientId: workspace.clientId,
  zone: 'Europe/Berlin',
  userIds,
  callTypes: null,
})

/** Returns SQLite's plan of every statement that `run` executes. The connection is a new one. */
function plans<Db extends ReadableDb>(run: (db: Db) => void, analyzed: boolean, open: () => Db): string[] {
  if (analyzed) workspace.db.sqlite.exec('ANALYZE')
  const db = open()
  const { sqlite } = db
  const found: string[] = []
  const prepare = sqlite.prepare.bind(sqlite)
  Object.assign(sqlite, {
    prepare(text: string) {
      const lines = prepare(`EXPLAIN QUERY PLAN ${text}`)
      const statement = prepare(text)
      for (const method of ['get', 'all', 'run'] as const) {
        const original = statement[method].bind(statement)
        Object.assign(statement, {
          [method](...values: unknown[]) {
            found.push(...(lines.all(...values) as { detail: string }[]).map(({ detail }) => detail))
            return original(...values)
          },
        })
      }
      return statement
    },
  })
  try {
    run(db)
    return found
  } finally {
    db.close()
  }
}

const plansOfRead = (run: (db: ReadableDb) => void, analyzed: boolean) => plans(run, analyzed, () => workspace.reader())

class RolledBack extends Error {}

/** Returns the plans of the statements of a write, which is rolled back. */
function plansOfWrite(run: (db: WritableDb) => void, analyzed: boolean): string[] {
  const rollBack = (db: WritableDb) => {
    run(db)
    throw new RolledBack()
  }
  const inTransaction = (db: WritableDb) => {
    expect(() => writeTransaction(db, workspace.context({ source: 'server' }), () => rollBack(db))).toThrow(RolledBack)
  }
  return plans(inTransaction, analyzed, () => openWritable(workspace.path))
}

/** A scan of a whole table. A scan of a parameter's list or of a small subquery is allowed. */
const wholeTable = (line: string) =>
  /^SCAN (calls|audit_logs|sync_outbox|sync_rows|sync_conflicts|local_call_totals|users)\b(?!.*INDEX)/.test(line)
const sorts = (line: string) => line.includes('USE TEMP B-TREE FOR ORDER BY')

function list(filter: CallFilter, sort: Partial<ColumnSort> = {}, own = false, after = false) {
  return (db: ReadableDb) => {
    const { clientId, agentId } = workspace
    const chosen: ColumnSort = { by: 'eventAt', direction: 'desc', ...sort }
    const request = { filter, sort: chosen, after: null, skip: 0, limit: 1 }
    // The key of a row after all others, so that SQLite plans the condition of the second page.
    const key = { eventAt: 9e12, prospectName: 'zzz', callDuration: 9_999 }[chosen.by]
    const cursor = JSON.stringify([`calls.${chosen.by}.${chosen.direction}`, key, 9e12])
    listCalls(db, clientId, after ? { ...request, after: cursor as never } : request, own ? agentId : null)
  }
}

const LISTS: Readonly<Record<string, readonly [(db: ReadableDb) => void, RegExp]>> = {
  'no filter': [list({}), /USING INDEX calls_by_time \(client_id=\?\)/],
  'the second page': [list({}, {}, false, true), /INDEX calls_by_time \(client_id=\? AND event_at<\?\)/],
  'a period': [list({ from: 1, to: 9 }), /INDEX calls_by_time \(client_id=\? AND event_at>\? AND event_at<\?\)/],
  'a status': [list({ statuses: ['completed'] }), /INDEX calls_by_time/],
  'an outcome and a type': [list({ outcomes: ['lost'], callTypes: ['outbound'] }), /INDEX calls_by_time/],
  'own calls': [list({}, {}, true), /INDEX calls_by_user \(client_id=\? AND user_id=\?\)/],
  'a loss reason': [list({ lossReasonIds: [null] }), /INDEX calls_by_loss_reason \(client_id=\? AND loss_reason_id=\?\)/],
  'by name': [list({}, { by: 'prospectName', direction: 'asc' }), /INDEX calls_by_name \(client_id=\?\)/],
  'by name, filtered': [list({ statuses: ['completed'] }, { by: 'prospectName' }), /INDEX calls_by_name/],
  'by duration, the second page': [
    list({}, { by: 'callDuration' }, false, true),
    /INDEX calls_by_duration \(client_id=\? AND call_duration>\? AND call_duration<\?\)/,
  ],
}

test.each(Object.entries(LISTS))('the plan reads a page from its index, without a sort: %s', (_, [run, expected]) => {
  for (const analyzed of [false, true]) {
    const found = plansOfRead(run, analyzed)
    expect(found.join('\n')).toMatch(expected)
    expect(found.filter(wholeTable)).toEqual([])
    expect(found.filter(sorts)).toEqual([])
  }
})

const WEEK_HOUR: CallFilter = { weekHours: [3 * 24 + 1] }

test('the calls of an hour of the week are counted in its spans only', () => {
  const { clientId, agentId } = workspace
  for (const analyzed of [false, true]) {
    const filter = { ...WEEK_HOUR, from: 1, to: 9e11, statuses: ['completed' as const] }
    const counted = (restrict: UserId | null) => plansOfRead((db) => void countCalls(db, clientId, filter, restrict), analyzed)
    const ofAll = counted(null)
    expect(ofAll.join('\n')).toMatch(/SEARCH calls USING INDEX calls_by_time \(client_id=\? AND event_at>\? AND event_at<\?\)/)
    const ofAgent = counted(agentId)
    expect(ofAgent.join('\n')).toMatch(
      /SEARCH calls USING INDEX calls_by_user \(client_id=\? AND user_id=\? AND event_at>\? AND event_at<\?\)/,
    )
    expect([...ofAll, ...ofAgent].filter(wholeTable)).toEqual([])
  }
})

const PHONE_TEXT = '+49 30 5551234'
const match = (text: string, readerId: UserId | null) => (db: ReadableDb) =>
  void matchProspects(db, { clientId: workspace.clientId, readerId }, { text, limit: 8 })

test('the calls of a prospect are read from the indexes of phone numbers and e-mail addresses, without a sort', () => {
  for (const analyzed of [false, true]) {
    const ofPhone = plansOfRead(match(PHONE_TEXT, null), analyzed)
    expect(ofPhone.join('\n')).toMatch(/SEARCH calls USING INDEX calls_by_phone \(<expr>=\?\)/)
    const ofEmail = plansOfRead(match('jo@acme.test', workspace.agentId), analyzed)
    expect(ofEmail.join('\n')).toMatch(/SEARCH calls USING INDEX calls_by_email \(<expr>=\?\)/)
    const found = [...ofPhone, ...ofEmail]
    expect(found.filter(wholeTable)).toEqual([])
    expect(found.filter((line) => line.includes('TEMP B-TREE'))).toEqual([])
  }
})

const OTHERS: Readonly<Record<string, (db: ReadableDb) => void>> = {
  'the chain of a call': (db) =>
    void callChain(db, must(getCall(db, workspace.clientId, chainedId), 'The call exists'), () => true),
  'one call': (db) => void getCall(db, workspace.clientId, workspace.newId()),
  'calls with a text': list({ text: 'jo' }),
  'calls of an hour of the week': list(WEEK_HOUR),
  'calls of an hour of the week by name': list(WEEK_HOUR, { by: 'prospectName' }),
  'calls with a duration': list({ hasDuration: true }),
  'the number of calls with a duration': (db) => void countCalls(db, workspace.clientId, { hasDuration: true }, null),
  'prospects by name': (db) => match('jo', null)(db),
  'own prospects by a part of a number': (db) => match('5551', workspace.agentId)(db),
  'the number of calls': (db) => void countCalls(db, workspace.clientId, {}, null),
  'the number of calls of an agent': (db) => void countCalls(db, workspace.clientId, {}, workspace.agentId),
  'the number of calls with a text': (db) =>
    void countCalls(db, workspace.clientId, { text: 'jo', statuses: ['completed'] }, null),
  'the figures of a period': (db) => void countsByUser(db, report(null), PERIOD),
  'the figures of an agent': (db) => void countsByUser(db, report([workspace.agentId]), PERIOD),
  'the trend of an agent': (db) => void countsByBucket(db, report([workspace.agentId]), [PERIOD], false),
  'the hours of the week': (db) => void countsByHour(db, report(null), PERIOD),
  'the losses by reason': (db) => void lossCounts(db, report(null), PERIOD),
  'the age of undecided calls': (db) => void undecidedAgeing(db, report(null), PERIOD, { count: 1, now: PERIOD.to }),
  'the audit trail of a record': (db) => void listAuditOfRecord(db, workspace.clientId, 'calls', workspace.clientId),
  'the audit trail': (db) => void listAudit(db, workspace.clientId, { after: null, limit: 10 }, null),
  'the audit trail of a person': (db) =>
    void listAudit(db, workspace.clientId, { userId: workspace.agentId, after: null, limit: 10 }, null),
  'events in the audit trail': (db) =>
    void listAudit(db, workspace.clientId, { actions: ['LOGIN'], after: null, limit: 10 }, null),
  'the audit trail of own records': (db) =>
    void listAudit(db, workspace.clientId, { after: null, limit: 10 }, { ownRecordsOf: workspace.agentId }),
  'the audit lines that the server has not answered': (db) =>
    void listWaitingAudit(db, workspace.clientId, { before: null, limit: 10, actions: ['DELETE'] }, null),
  'the audit lines of own records that the server has not answered': (db) =>
    void listWaitingAudit(db, workspace.clientId, { before: 9, limit: 10 }, { ownRecordsOf: workspace.agentId }),
  'the outbox': (db) => void countWaitingChanges(db, null),
  'the operations of a person that the server has not answered': (db) => void countPending(db, workspace.adminId),
  'whether an operation waits': (db) => void hasPending(db),
  'which operations wait': (db) => void waitingAmong(db, [workspace.newId()]),
  'the next operations': (db) => void nextOperations(db, workspace.adminId, 0, 1_000, 10),
  'the operations of a push': (db) => void sentOperations(db, workspace.adminId, 1, 9),
  'the waiting changes of rows': (db) => void pendingOverlays(db, 'users', [workspace.agentId]),
  'the refused operations': (db) => void openRejections(db, workspace.adminId),
  'the number of refused operations': (db) => void countRejections(db, workspace.adminId),
  'the conflicts': (db) => void openConflicts(db, workspace.clientId, () => true),
  'the number of conflicts': (db) => void countOpenConflicts(db, workspace.clientId, () => true),
}

test.each(Object.entries(OTHERS))('the plan scans no whole table: %s', (_, run) => {
  for (const analyzed of [false, true]) {
    const found = plansOfRead(run, analyzed)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(wholeTable)).toEqual([])
  }
})

const TEXTS: Readonly<Record<string, readonly [CallFilter, readonly RegExp[]]>> = {
  'a common word': [
    { text: 'common' },
    [/SCAN calls_text VIRTUAL TABLE INDEX 0:M\d+><\n/, /SEARCH calls USING INDEX calls_by_time \(client_id=\?\)/],
  ],
  'a common word of an agent': [
    { text: 'common', userIds: [''] },
    [/0:M\d+><\n/, /SEARCH calls USING INDEX calls_by_user \(client_id=\? AND user_id=\?\)/],
  ],
  'a common word in a period': [
    { text: 'common', from: 1, to: 9e11 },
    [/0:M\d+><\n/, /SEARCH calls USING INDEX calls_by_time \(client_id=\? AND event_at>\? AND event_at<\?\)/],
  ],
  'a rare word': [{ text: 'price' }, [/SEARCH calls USING INTEGER PRIMARY KEY \(rowid=\?\)/]],
  // 1537: a range of words; 257: one word.
  'a typing error': [
    { text: 'jdooe' },
    [/SCAN local_name_words VIRTUAL TABLE INDEX 1537:\n/, /SCAN local_name_words VIRTUAL TABLE INDEX 257:\n/],
  ],
}

test.each(Object.entries(TEXTS))('a search reads no more than it needs: %s', (_, [filter, expected]) => {
  const { clientId, agentId } = workspace
  const few = { ...PLAN_LIMITS }
  const given = filter.userIds === undefined ? filter : { ...filter, userIds: [agentId] }
  // Every text is a common one.
  if (given.text === 'common') Object.assign(PLAN_LIMITS, { few: 0, fewToKeep: 0 })
  try {
    for (const analyzed of [false, true]) {
      const request = { filter: given, sort: BY_RANK, after: null, skip: 0, limit: 1 }
      const lines = plansOfRead((db) => void listCalls(db, clientId, request, null), analyzed)
      for (const line of expected) expect(`${lines.join('\n')}\n`).toMatch(line)
      expect(lines.filter(wholeTable)).toEqual([])
      const counted = plansOfRead((db) => void countCalls(db, clientId, given, null), analyzed)
      expect(counted.filter(wholeTable)).toEqual([])
    }
  } finally {
    Object.assign(PLAN_LIMITS, few)
  }
})

const PROOFS = PROOF_RULES.flatMap((rule) => [true, false].map((isOwn) => ({ rule, isOwn })))

test.each(PROOFS)('a page of a proof is read from a range of an index, in its order: %o', ({ rule, isOwn }) => {
  const people = isOwn ? [workspace.agentId] : null
  const period = { from: 0, to: 9e12 }
  const of = { key: 'close_rate', range: PERIOD, period, userIds: people, callTypes: null, readerId: people } as const
  const pageAfter = (after: string | null) => (db: ReadableDb) =>
    void listByRule(db, { ...of, selection: report(people) }, { rule, after: after as never, skip: 0, limit: 1 })
  const [name, key] = rule === 'other_time' ? ['proof.other', [9e12, 9e12, 9e12]] : ['proof', [9e12, 9e12]]
  const order = rule === 'other_time' ? 'calls_by_creation' : isOwn ? 'calls_by_user' : 'calls_by_time'
  for (const after of [null, JSON.stringify([name, ...key])])
    for (const analyzed of [false, true]) {
      const found = plansOfRead(pageAfter(after), analyzed)
      expect(
        found.filter((line) => line.includes(` ${order} `) && /^SEARCH calls .*(event_at|created_at)>\?/.test(line)),
      ).toHaveLength(1)
      expect(found.filter(wholeTable)).toEqual([])
      // Only the rows of a page, at most 500, are sorted.
      const places = found.slice(
        0,
        found.findIndex((line) => line.includes('json_each') && !line.includes('LIST')),
      )
      expect(places.filter(sorts)).toEqual([])
    }
})

test('the calls of a proof outside the period are counted in a range of an index', () => {
  const of = { key: 'calls', range: PERIOD, period: PERIOD, userIds: null, callTypes: null, readerId: null } as const
  for (const analyzed of [false, true]) {
    const found = plansOfRead((db) => void countOtherTime(db, { ...of, selection: report(null) }), analyzed)
    expect(found).toEqual(['SEARCH calls USING INDEX calls_by_creation (created_at>? AND created_at<?)'])
  }
})

test.each([true, false])('the agenda is read from ranges of an index, in its order; of one person: %s', (isOwn) => {
  const { clientId, agentId } = workspace
  const days = agendaDays({ now: 4e11, zone: 'Europe/Berlin', weekStart: 1 })
  const of = { clientId, userIds: isOwn ? [agentId] : null }
  const key = isOwn
    ? 'calls_scheduled_by_user \\(client_id=\\? AND user_id=\\? AND scheduled_at'
    : 'calls_scheduled \\(client_id=\\? AND scheduled_at'
  for (const after of [null, '["agenda",0,1,1]'])
    for (const analyzed of [false, true]) {
      const found = plansOfRead((db) => void listAgenda(db, of, days, { after: after as never, limit: 1 }), analyzed)
      const reads = found.filter((line) => line.includes(' calls '))
      expect(reads.length).toBeGreaterThan(after === null ? 6 : 4)
      for (const line of reads) expect(line).toMatch(new RegExp(`^SEARCH calls USING (COVERING )?INDEX ${key}`))
      expect(found.filter(sorts)).toEqual([])
    }
})

test.each([true, false])('prospects without a next step are found by indexes; of one person: %s', (isOwn) => {
  const { clientId, agentId } = workspace
  const own = isOwn ? { userIds: [agentId], readerId: agentId } : { userIds: null, readerId: null }
  for (const after of [null, '["no-next-step",9000000000000,1]'])
    for (const analyzed of [false, true]) {
      const found = plansOfRead(
        (db) => void listNoNextStep(db, { clientId, before: 9e12, ...own }, { after: after as never, limit: 1 }),
        analyzed,
      )
      const text = found.join('\n')
      expect(text).toMatch(
        isOwn
          ? /INDEX calls_by_user \(client_id=\? AND user_id=\? AND event_at</
          : /INDEX calls_undecided \(client_id=\? AND event_at</,
      )
      expect(text).toMatch(/SEARCH n USING INDEX calls_by_phone \(<expr>=\? AND event_at>\?\)/)
      expect(text).toMatch(/SEARCH n USING INDEX calls_by_email \(<expr>=\? AND event_at>\?\)/)
      expect(found.filter(wholeTable)).toEqual([])
    }
})

const WRITES: Readonly<Record<string, readonly [(db: WritableDb) => void, RegExp]>> = {
  'the calls of others': [
    (db) => forgetScope(db, 'calls_of_others', workspace.adminId),
    /LIST SUBQUERY \d+\nSCAN sync_outbox USING INDEX sync_outbox_pending\n/,
  ],
  'published operations': [
    (db) => markPublished(db, workspace.path, [], 9),
    /SEARCH sync_outbox USING INTEGER PRIMARY KEY \(rowid<\?\)/,
  ],
  'accepted operations': [
    (db) => acceptRange(db, workspace.adminId, { first: 1, last: 2, distance: 7 }),
    /SEARCH sync_outbox USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/,
  ],
  'settled refusals': [
    (db) => settleMadeAgain(db, workspace.adminId, 1, 2),
    /SEARCH sync_outbox USING INDEX sync_outbox_attention \(user_id=\?\)/,
  ],
  'new versions': [(db) => saveNewVersions(db, workspace.adminId, 1, 2), /SEARCH sync_outbox USING INTEGER PRIMARY KEY/],
  'the versions of rows': [
    (db) => void versionsOf(db, 'calls', [workspace.newId()]),
    /SEARCH sync_rows USING PRIMARY KEY \(client_id=\? AND table_name=\? AND row_id=\?\)/,
  ],
}

test.each(Object.entries(WRITES))('the plan of a statement of sync uses an index: %s', (_, [run, expected]) => {
  for (const analyzed of [false, true]) expect(plansOfWrite(run, analyzed).join('\n')).toMatch(expected)
})
